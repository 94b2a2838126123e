"""`make dev`, and `make shell` at a terminal: what they do while one works, and how they end."""

import contextlib
import http.client
import json
import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest

from tests.setup.running import Running, left_running, read

pytestmark = pytest.mark.usefixtures("built")


def test_shell_does_not_stop_a_venue_that_came_later(venue):
    """Who leaves the shell leaves the database to a `make run` that began meanwhile."""
    shell = subprocess.Popen(
        ["make", "shell"], cwd=venue.root, env=venue.env, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    limit = time.monotonic() + 60
    while (
        not (venue.root / ".data" / "pg" / "postmaster.pid").exists() and time.monotonic() < limit
    ):
        time.sleep(0.2)
    running = Running(venue)
    try:
        running.wait_for("== serve")
        shell.communicate("print('bye')\n", timeout=60)
        running.reach_page()
        assert venue.sql("SELECT 1") == "1"
    finally:
        running.end()
    assert not left_running(venue)


def pressed(terminal, keys, until, seconds=60):
    """Type on a terminal and return what it shows, up to what a pattern finds or beyond."""
    if keys:
        os.write(terminal, keys)
    shown = b""
    limit = time.monotonic() + seconds
    while not re.search(until, shown):
        assert time.monotonic() < limit, f"{until!r} did not come after {keys!r}: {shown!r}"
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 4096)
    return shown


def test_ctrl_c_in_the_shell_forgets_the_line_only(venue):
    """At a terminal, Ctrl-C is for the line that is being typed: the shell goes on."""
    terminal, its_side = pty.openpty()
    child = subprocess.Popen(
        ["setsid", "--ctty", "make", "shell"],
        cwd=venue.root, env=venue.env, stdin=its_side, stdout=its_side, stderr=its_side,
    )  # fmt: skip
    os.close(its_side)
    try:
        pressed(terminal, b"", b">>> ")
        time.sleep(1)  # the line editor takes the terminal over after it has shown its prompt
        pressed(terminal, b"no such line\x03", rb"KeyboardInterrupt\s+>>> ")  # often in one piece
        time.sleep(1)  # whoever takes Ctrl-C for the end has ended by now
        pressed(terminal, b"print(6 * 7)\n", b"\r\n42")
        os.write(terminal, b"raise SystemExit\n")
        child.wait(30)
    finally:
        os.close(terminal)
        child.kill()
        child.wait()
    assert not left_running(venue)


def probe_shows(venue):
    """Return what the probe's page says."""
    return re.sub(r"<[^>]+>", "", read(venue.port, "/probe")).strip()


def becomes(venue, wanted, seconds=90):
    """Wait until the probe's page says something else (it does not answer while restarting)."""
    limit = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if probe_shows(venue) == wanted:
                return
        assert time.monotonic() < limit, f"the page never said {wanted!r}"
        time.sleep(0.3)


def test_dev_shows_changes_by_itself(venue):
    """New views at once, new Python after a restart of its own; code that is broken waits."""
    probe = venue.root / "addons" / "tibillet_probe"
    view, code = probe / "page.xml", probe / "controllers.py"
    old = {path: path.read_text() for path in (view, code)}
    running = Running(venue, "dev")
    try:
        running.reach_page()
        assert probe_shows(venue) == "view one, word first"
        view.write_text(old[view].replace("one", "two"))
        assert probe_shows(venue) == "view two, word first"
        assert "reloading: " not in running.said

        code.write_text(old[code].replace("first", "second"))
        running.wait_for("reloading: tibillet_probe/controllers.py", 20)
        becomes(venue, "view two, word second")

        code.write_text(old[code].replace('"first"', '("third"'))
        running.wait_for("not reloaded: tibillet_probe/controllers.py, line 3: ", 20)
        assert probe_shows(venue) == "view two, word second"
        code.write_text(old[code].replace("first", "third"))
        becomes(venue, "view two, word third")

        code.write_text("import os\nos._exit(7)\n")
        running.wait_for("Odoo ended by itself", 60)
        code.write_text(old[code])
        becomes(venue, "view two, word first")
    finally:
        running.end()
        for path, text in old.items():
            path.write_text(text)
    assert not left_running(venue)


@pytest.mark.parametrize("whom", ["the command", "make"])
def test_asked_to_end_by_a_signal(venue, whom):
    """SIGTERM to the command alone, or to make, ends all cleanly, as a service manager would."""
    running = Running(venue)
    running.reach_page()
    pid = json.loads((venue.root / ".data" / "state" / "run.json").read_text())["pid"]
    os.kill(running.child.pid if whom == "make" else pid, signal.SIGTERM)
    running.child.wait(60)
    if whom == "the command":
        assert running.child.returncode == 0
    limit = time.monotonic() + 30  # make does not wait for what it ends
    while left_running(venue) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not left_running(venue)
