"""An evening at the demo's bar: server, reader, bridge, browser, all real."""

import re
from dataclasses import dataclass

import pytest

from tests.e2e.counter import CASHIER, PASSWORD, Counter
from tests.e2e.till_page import BRIDGE_PORT, TillPage
from tests.nfc.bridge_process import BridgeProcess
from tests.nfc.conftest import card, reader_service  # noqa: F401  fixtures
from tests.support import demo
from tests.support.database import copy_of
from tests.support.odoo_process import OdooServer
from tests.support.rpc import Rpc
from tools.testing import databases, template


@pytest.fixture(scope="session")
def bar_template(template_database, tmp_path_factory):
    """A copy of the demo with a till for this machine and the till's bundles compiled."""
    name = f"{template.PREFIX}_bar"
    database = copy_of(demo.demo_template(template_database), name)
    try:
        bar = Counter(database)
        database.close()
        server = OdooServer(database, tmp_path_factory.mktemp("bar") / "odoo.log").start()
        try:
            _compile_bundles(server, bar)
        finally:
            server.stop()
        yield bar
    finally:
        database.close()
        databases.drop(name)


def _compile_bundles(server, bar):
    """Load once what the till's page names, so that no test waits for it."""
    session = Rpc(server, login=CASHIER, password=PASSWORD, timeout=240)
    for path in ("/web/login", f"/pos/ui/{bar.config_id}"):
        page = session.get(path)
        page.raise_for_status()
        for asset in set(re.findall(r'/web/assets/[^"\\<> ]+', page.text)):
            session.get(asset).raise_for_status()


@pytest.fixture
def bar(bar_template, new_database, monkeypatch):
    """The bar in a fresh copy."""
    monkeypatch.setenv("PGOPTIONS", "")  # a test may set its clock; put back when it ends
    return bar_template.at(new_database(template_name=str(bar_template.database)))


@dataclass
class Evening:
    """Everything that stands in the bar."""

    bar: Counter
    server: OdooServer
    bridge: BridgeProcess
    till: TillPage


@pytest.fixture
def evening(bar, odoo_server, new_page, reader_service, tmp_path, screenshots):  # noqa: F811
    """The till open with what is in its drawer, paired, its reader linked."""
    server = odoo_server(bar.database)
    with BridgeProcess(tmp_path, origins=(server.url,), port=BRIDGE_PORT) as bridge:
        till = TillPage(new_page(), server, bar, screenshots).open()
        till.open_register()
        till.pair(bar.pairing_code())
        till.link_reader(bridge.token)
        yield Evening(bar, server, bridge, till)
        till.page.goto("about:blank")
        bar.wait_until_quiet()  # a server that is stopped in the middle of an answer says so
