"""`make test`: what the machine needs, lint, the template database, the tests in shards.

This part runs with any Python, outside the environment: it prepares the machine, then hands over
to `tools.testing.session` inside the environment and stops the database server afterwards,
whatever happened. Words on the command line (or in `TESTS`) are the paths to run.

Variables: `TESTS` narrows to paths; `ONLY_CHANGED=1` leaves out the shards whose content passed
before (refused when `CI` is set); `JOBS` is how many addon shards run side by side.
For work on the suite itself: `TIBILLET_TEST_PYTHON` names the Python of a ready environment,
`TIBILLET_TEST_PG=given` uses the server of the `PG*` variables as it is.
"""

import os
import shlex
import signal
import subprocess

from . import needs
from .layout import ROOT

OF_MAKE = {"DB", "HOST", "HTTPS", "ONLY", "PORT", "SEED", "SEEDS", "SUITE", "TESTS", "TILLS"}


def main(argv=()):
    """Run the tests; returns the exit code (2 = the machine is not ready, nothing was run)."""
    tests = [*argv] or shlex.split(os.environ.get("TESTS", ""))
    return _run("tools.testing.session", tests)


def soak(argv=()):
    """The scenarios of some suites (`SUITE`, folders of `tests/`) with `SEEDS` seeds each, from
    `SEED` on; returns the exit code (1 = a seed failed; it is printed and kept)."""
    suites = [*argv] or shlex.split(os.environ.get("SUITE", "")) or ["simulation"]
    return _run("tools.testing.soak", suites)


def _run(module, words):
    signal.signal(signal.SIGTERM, _interrupt)
    missing = needs.missing()
    if missing and not needs.install(missing):
        return 2
    python, stop, environment = prepare()
    session = None
    try:
        session = subprocess.Popen([python, "-m", module, *words], cwd=ROOT, env=environment)
        return session.wait()
    except KeyboardInterrupt:
        print("\ninterrupted: stopping what was started", flush=True)
        return 130
    finally:
        # A second Ctrl-C must not leave a server behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end(session)
        stop()


def _interrupt(signum, frame):
    raise KeyboardInterrupt


def prepare():
    """Environment and database server: (python, function that stops the server, variables)."""
    # make exports its variables also when they are not given: an empty one counts as none.
    given = {name: value for name, value in os.environ.items() if value or name not in OF_MAKE}
    environment = {**given, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    python = os.environ.get("TIBILLET_TEST_PYTHON")
    if not python:
        from tools import environment as setup

        python = str(setup.ensure(extras=("test", "nfc")))
    if os.environ.get("TIBILLET_TEST_PG") == "given":
        return python, lambda: None, environment
    from tools import database

    environment.update(database.ensure(cluster="test-pg"))
    return python, lambda: database.stop(cluster="test-pg"), environment


def _end(session):
    """Let the session clean up after itself, then make sure that it is gone."""
    if session is None or session.poll() is not None:
        return
    session.send_signal(signal.SIGINT)
    try:
        session.wait(60)
    except subprocess.TimeoutExpired:
        session.kill()
        session.wait()
