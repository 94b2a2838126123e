"""The demo territory, built once; one server shows it to every test of this folder."""

import os

import pytest

from tests.support import demo
from tests.support.database import copy_of
from tests.support.odoo_process import OdooServer
from tools.testing import databases, template


@pytest.fixture(scope="session")
def demo_name(template_database):
    """Name of the database that holds the territory; copy it, never change it."""
    return demo.demo_template(template_database)


@pytest.fixture(scope="session")
def demo_site(demo_name, tmp_path_factory):
    """A server on a copy of the territory, one for the whole session."""
    name = f"{template.PREFIX}_run_{os.getpid()}_public"
    log = tmp_path_factory.mktemp("public") / "server.log"
    database = copy_of(demo_name, name)
    server = OdooServer(database, log)
    try:
        yield server.start()
        assert not server.warnings(), "the server warned while it showed public pages"
    finally:
        server.stop()
        database.close()
        databases.drop(name)
