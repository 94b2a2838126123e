"""Odoo starts with the production configuration and knows every option in it."""

import pytest
import requests

from tests.support.odoo_process import free_port
from tools.testing.layout import ROOT

UNKNOWN = "unknown option"


def _served(odoo_server, database, configuration):
    """Start with workers as production does; answers of both ports, and the log."""
    bus = free_port()
    server = odoo_server(
        database, workers=2, options=["--config", str(configuration), "--gevent-port", str(bus)]
    )
    pages = requests.get(f"{server.url}/web/health", timeout=30)
    gevent = requests.get(f"http://127.0.0.1:{bus}/websocket/health", timeout=30)
    server.stop()
    return pages.status_code, gevent.status_code, server.log.read_text(encoding="utf-8")


def test_odoo_starts_with_odoo_conf(odoo_server, database):
    pages, bus, log = _served(odoo_server, database, ROOT / "odoo.conf")
    assert (pages, bus) == (200, 200)
    assert UNKNOWN not in log


@pytest.mark.expects_log(UNKNOWN, reason="the configuration file is wrong on purpose")
def test_an_unknown_option_would_be_seen(odoo_server, database, tmp_path):
    wrong = tmp_path / "odoo.conf"
    text = (ROOT / "odoo.conf").read_text(encoding="utf-8")
    wrong.write_text(text.replace("[options]", "[options]\nwebsocket_port = 8072", 1))
    _pages, _bus, log = _served(odoo_server, database, wrong)
    assert UNKNOWN in log
