"""`make simulate`: a Saturday night of many tills on the real HTTP API, then its account.

    make simulate SEED=7 TILLS=40 MINUTES=4

Runs with any Python: prepares the environment and a database server, then hands over to
`tools.simulate.session` inside the environment. Everything stays on the loopback interface and
in a database of its own, dropped at the end.
"""

import os
import subprocess

from tools.testing import prepare
from tools.testing.layout import ROOT


def main(argv=()):
    """Play the night; returns the exit code (1 = something does not add up)."""
    python, stop, environment = prepare()
    wanted = {name: os.environ.get(name) or "" for name in ("SEED", "TILLS", "MINUTES")}
    try:
        return subprocess.run(
            [python, "-m", "tools.simulate.session", *argv], cwd=ROOT, env=environment | wanted
        ).returncode
    finally:
        stop()
