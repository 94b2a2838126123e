"""`make bench`: figures beside a limit that is measured in the same run (`ONLY=prefix` narrows).

Runs with any Python: prepares the environment and a database server of its own settings, then
hands over to `tools.bench.session` inside the environment.
"""

import os
import subprocess

from tools.testing import prepare
from tools.testing.layout import ROOT


def main(argv=()):
    """Measure; returns the exit code (2 = refused: the database is not durable)."""
    python, stop, environment = prepare()
    only = [*argv] or os.environ.get("ONLY", "").split()
    try:
        return subprocess.run(
            [python, "-m", "tools.bench.session", *only], cwd=ROOT, env=environment
        ).returncode
    finally:
        stop()
