"""The demo territory, built once and copied for each test that changes it."""

import pytest

from tests.support import demo


@pytest.fixture(scope="session")
def demo_name(template_database):
    """Name of the database that holds the territory; copy it, never change it."""
    return demo.demo_template(template_database)


@pytest.fixture
def territory(new_database, demo_name):
    """A copy of the territory."""
    return new_database(template_name=demo_name)


@pytest.fixture(scope="module")
def month(demo_name):
    """An environment on the territory; nothing here is committed."""
    from tests.support.database import Database

    database = Database(demo_name)
    with database.registry.cursor() as cr:
        from odoo.api import SUPERUSER_ID, Environment

        yield Environment(cr, SUPERUSER_ID, {})
        cr.rollback()
    database.close()
