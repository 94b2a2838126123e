"""`make nfc-bridge` as a newcomer types it beside `make run`: the demo's tills, a card, its end."""

import os
import signal
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.nfc.bridge_process import ROOT, BridgeProcess
from tests.support.odoo_process import free_port

PORT = 8123
TILLS = [f"http://{name}localhost:{PORT}" for name in ("", "bar.", "festival.", "coop.")]

# Where the suite runs in a ready environment, make takes that one instead of building its own.
READY = """#!/bin/sh
shift 2
exec {python} -c "import sys
from tools import environment
environment.ensure = lambda *_: sys.executable
from tools.commands import run
sys.exit(run(sys.argv[1:]))" "$@"
"""


class MadeBridge(BridgeProcess):
    """The bridge as make starts it, in a home of its own."""

    patience = 300  # it may have its library to install
    own_session = True

    def __init__(self, home, **variables):
        port = free_port()
        environment = {"HOME": str(home), "XDG_STATE_HOME": "", "PYTHONPATH": str(ROOT)}
        environment |= {"TIBILLET_NFC_PORT": str(port), **variables}
        super().__init__(home, port=port, environment=environment)
        self.home = home

    def _command(self):
        command = ["make", "nfc-bridge", f"PORT={PORT}"]
        if os.environ.get("TIBILLET_TEST_PYTHON"):
            ready = self.home / "python"
            ready.write_text(READY.format(python=sys.executable))
            ready.chmod(0o755)
            command.append(f"PYTHON={ready}")
        return command

    def end(self, how, whole_group):
        """Send a signal to make, or as Ctrl-C does to all; return what still runs afterwards."""
        (os.killpg if whole_group else os.kill)(self.process.pid, how)
        self.process.wait(20)
        limit = time.monotonic() + 10  # make does not wait for what it ends
        while self.runs_on() and time.monotonic() < limit:
            time.sleep(0.05)
        return self.runs_on()

    def runs_on(self):
        """Return the command lines of what carries our home in its environment."""
        mark = f"HOME={self.home}\0".encode()
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            folder = Path("/proc", pid)
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_text())
        return found


def test_the_tills_of_the_demo_pair_and_hear_a_card(pcscd, card, tmp_path):
    with MadeBridge(tmp_path) as bridge:
        for origin in TILLS:
            with bridge.open(origin=origin) as client:
                client.send(type="pair", token=bridge.token)
                client.wait_for_readers(2)
        with bridge.open(origin=TILLS[1]) as client:
            client.send(type="pair", token=bridge.token)
            client.wait_for_readers(2)
            with card("04A1B2C3D4E5F6"):
                assert client.expect("card")["uid"] == "04A1B2C3D4E5F6"
        with (
            pytest.raises(InvalidStatus),
            bridge.open(origin="http://localhost:8069"),
        ):
            pass
    token_file = tmp_path / ".local" / "state" / "tibillet-nfc-bridge" / "token"
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    assert sum("Pairing token" in line for line in bridge.lines) == 1

    with MadeBridge(tmp_path) as again:
        assert not any("Pairing token" in line for line in again.lines), "shown once"
        with again.open(origin=TILLS[0]) as client:
            client.send(type="pair", token=bridge.token)
            client.expect("hello")


def test_another_till_is_named_by_variable(tmp_path):
    with (
        MadeBridge(tmp_path, TIBILLET_NFC_ORIGINS="https://bar.example") as bridge,
        bridge.open(origin="https://bar.example") as client,
    ):
        client.send(type="pair", token=bridge.token)
        client.expect("hello")


@pytest.mark.parametrize(
    ("how", "whole_group"), [(signal.SIGINT, True), (signal.SIGTERM, False)], ids=["Ctrl-C", "make"]
)
def test_it_ends_when_asked(tmp_path, how, whole_group):
    bridge = MadeBridge(tmp_path).start()
    assert len(bridge.runs_on()) == 3, "make, the set-up, the bridge"
    assert bridge.end(how, whole_group) == []
    assert "Traceback" not in "".join(bridge.lines)
