"""Odoo starts with the production configuration and knows every option in it."""

import time

import pytest
import requests

from tests.support.odoo_process import OdooServer, free_port
from tools.testing.layout import ADDONS, ROOT
from tools.testing.plugin import watch_log

UNKNOWN = "unknown option"
# With workers Odoo starts its bus by running its own script again: `python -m odoo` has none.
SCRIPT = "import odoo.cli\nodoo.cli.main()\n"


@pytest.fixture
def start(database, tmp_path):
    """Start with workers as production does: ``start(text)`` → (status, bus status, log)."""
    script = tmp_path / "odoo-bin"
    script.write_text(SCRIPT, encoding="utf-8")

    def started(text):
        configuration, log, bus = tmp_path / "odoo.conf", tmp_path / "odoo.log", free_port()
        configuration.write_text(text.replace("/mnt/extra-addons", str(ADDONS)), encoding="utf-8")
        watch_log(log)
        options = ["--config", str(configuration), "--gevent-port", str(bus)]
        server = OdooServer(database, log, workers=2, options=options)
        at = server._command.index("-m")
        server._command[at : at + 2] = [str(script)]
        server.start(timeout=180)
        try:
            pages = _status(f"{server.url}/web/health")
            gevent = _status(f"http://127.0.0.1:{bus}/websocket/health")
        finally:
            server.stop()
        return pages, gevent, log.read_text(encoding="utf-8")

    return started


def _status(url, patience=120):
    """Status of the first answer; the bus starts a little later than the pages."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return requests.get(url, timeout=60).status_code
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_odoo_starts_with_odoo_conf(start):
    pages, bus, log = start((ROOT / "odoo.conf").read_text(encoding="utf-8"))
    assert (pages, bus) == (200, 200)
    assert UNKNOWN not in log


@pytest.mark.expects_log(UNKNOWN, reason="the configuration file is wrong on purpose")
def test_an_unknown_option_would_be_seen(start):
    right = (ROOT / "odoo.conf").read_text(encoding="utf-8")
    _pages, _bus, log = start(right.replace("[options]", "[options]\nwebsocket_port = 8072", 1))
    assert UNKNOWN in log
