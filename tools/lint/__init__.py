"""`make lint`: what can be said of the code without running it.

Words on the command line name the rules to run (`make test` runs them all).
"""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(argv=()):
    """Prepare the environment and run the rules in it; returns 0 when nothing was found."""
    python = os.environ.get("TIBILLET_TEST_PYTHON")
    if not python:
        from tools import environment

        python = environment.ensure(extras=("test",))
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.run([python, "-m", "tools.lint", *argv], cwd=ROOT, env=environ).returncode
