import json
import os
import select
import subprocess
import sys

import pytest

from tests.support.database import copy_of
from tools.testing import databases, template
from tools.testing.layout import ROOT

PATIENCE_S = 540
STAGE = (sys.executable, "-m", "tests.concurrency.stage")


def stage_play(database, folder, scenario, **arguments):
    """Run a scenario in a stage process and answer what it found."""
    done = subprocess.run(
        [*STAGE, str(database), scenario, json.dumps(arguments)],
        cwd=ROOT,
        env={**os.environ, "STORM_FOLDER": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    return found(done.returncode, done.stdout, done.stderr)


def found(status, output, errors=""):
    """What a play printed; it fails when the play did not come to its end."""
    marker = output.rpartition("@@result@@")
    assert status == 0 and marker[1], f"{output}\n{errors}"
    return json.loads(marker[2])


class KeptStage:
    """A stage process that plays one scenario after the other, on databases of one name."""

    def __init__(self, name):
        self.name = name
        self._process = None

    def play(self, folder, scenario, arguments):
        if self._process is None:
            self._start()
        output = folder.with_suffix(".txt")
        order = {"scenario": scenario, "arguments": arguments}
        order |= {"folder": str(folder), "output": str(output)}
        self._process.stdin.write(json.dumps(order) + "\n")
        return found(int(self._answer()), output.read_text())

    def _start(self):
        self._process = subprocess.Popen(
            [*STAGE, self.name],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self._answer() == "ready"

    def _answer(self):
        if select.select([self._process.stdout], [], [], PATIENCE_S)[0]:
            return self._process.stdout.readline().strip()
        self.stop()
        raise AssertionError("the stage did not answer")

    def stop(self):
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@pytest.fixture(scope="session")
def kept_stage():
    stage = KeptStage(f"{template.PREFIX}_run_{os.getpid()}_race")
    yield stage
    stage.stop()


@pytest.fixture
def database(kept_stage, template_database):
    """A fresh copy of the template, always under the name that the kept stage knows."""
    made = copy_of(template_database, kept_stage.name)
    yield made
    made.close()
    databases.drop(kept_stage.name)


@pytest.fixture
def play(database, kept_stage, tmp_path):
    """Run a scenario in a fork of the kept stage: ``play("double_spend", workers=8)``."""

    def run(scenario, **arguments):
        folder = tmp_path / "storm"
        folder.mkdir(exist_ok=True)
        return kept_stage.play(folder, scenario, arguments)

    return run
