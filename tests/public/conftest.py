"""The demo territory, built once; one server shows it to every test of this folder."""

import os
import time

import pytest

from tests.support import demo
from tests.support.database import copy_of
from tests.support.odoo_process import OdooServer
from tools.testing import databases, template


@pytest.fixture(scope="session")
def demo_name(template_database):
    """Name of the database that holds the territory; copy it, never change it."""
    return demo.demo_template(template_database)


class Site:
    """The running demo: its port, and its database to look into."""

    def __init__(self, port, database):
        self.port = port
        self.database = database

    def wait_for(self, statement, wanted, seconds=30):
        """Ask again until the answer is the wanted one, or time is up; returns the last."""
        deadline = time.monotonic() + seconds
        while (answer := self.database.value(statement)) != wanted and time.monotonic() < deadline:
            time.sleep(0.3)
        return answer


@pytest.fixture(scope="session")
def demo_site(demo_name, tmp_path_factory):
    """A server on a copy of the territory, one for the whole session."""
    name = f"{template.PREFIX}_run_{os.getpid()}_public"
    log = tmp_path_factory.mktemp("public") / "server.log"
    database = copy_of(demo_name, name)
    server = OdooServer(database, log)
    try:
        yield Site(server.start().port, database)
        assert not server.warnings(), "the server warned while it showed public pages"
    finally:
        server.stop()
        database.close()
        databases.drop(name)
