import json
import os
import subprocess
import sys

import pytest

from tools.testing.layout import ROOT


def stage_play(database, folder, scenario, **arguments):
    """Run a scenario in a stage process and answer what it found."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.concurrency.stage",
            str(database),
            scenario,
            json.dumps(arguments),
        ],
        cwd=ROOT,
        env={**os.environ, "STORM_FOLDER": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=540,
    )
    marker = done.stdout.rpartition("@@result@@")
    assert done.returncode == 0 and marker[1], f"{done.stdout}\n{done.stderr}"
    return json.loads(marker[2])


@pytest.fixture
def play(database, tmp_path):
    """Run a scenario in a stage process: ``play("double_spend", workers=8)``."""

    def run(scenario, **arguments):
        folder = tmp_path / "storm"
        folder.mkdir(exist_ok=True)
        return stage_play(database, folder, scenario, **arguments)

    return run
