"""Fixtures of the set-up tests: checkouts in a folder that any user may enter."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.setup.making import ROOT, Checkout, copy_checkout
from tests.setup.running import Running


@pytest.fixture(scope="session")
def downloads():
    """Folder of downloads shared by all checkouts: this checkout's own, if it is there."""
    return os.environ.get("TIBILLET_CACHE") or ROOT / ".data"


@pytest.fixture(scope="session")
def open_folder():
    """A folder whose way in is open to other users, as a home folder usually is."""
    folder = Path(tempfile.mkdtemp(prefix="tbsetup-"))
    folder.chmod(0o755)
    yield folder
    # Several Odoo trees: their deletion need not hold the other tests up.
    subprocess.Popen(["nice", "rm", "-rf", "--", str(folder)], start_new_session=True)


@pytest.fixture(scope="session")
def home(open_folder):
    """An empty home."""
    (open_folder / "home").mkdir()
    return open_folder / "home"


@pytest.fixture
def bare(open_folder, home, downloads, request):
    """A checkout in which nothing was set up yet."""
    name = request.node.name.replace("[", "-").strip("]")[:40]
    checkout = Checkout(copy_checkout(open_folder / name), home, downloads)
    yield checkout
    shutil.rmtree(checkout.root, ignore_errors=True)


@pytest.fixture(scope="session")
def venue(open_folder, home, downloads):
    """One checkout for the session, in a folder with a space and an accent.

    The kills come first and build it step by step; the later tests, which sort after them, find
    it whole, and the very last leaves nothing of it.
    """
    root = copy_checkout(open_folder / "Fête de l'été")
    checkout = Checkout(root, home, downloads)
    yield checkout
    checkout.tools("stop")
    checkout.tools("clean", timeout=600)  # thousands of files, beside whatever else runs


@pytest.fixture(scope="session")
def built(venue):
    """The same, set up to the end: after the kills a matter of seconds, alone from nothing."""
    running = Running(venue)
    try:
        running.reach_page()
    finally:
        running.end()
    return venue
