"""Databases of every version that was ever tagged are brought to this one, money intact."""

import json
import lzma
import subprocess

import pytest

from tests.support.database import Database
from tools.testing import databases, template
from tools.testing.layout import own_addons
from tools.testing.postgres import program

from . import history
from .record import DUMPS

VERSIONS = sorted(path.name.removesuffix(".sql.xz") for path in DUMPS.glob("*.sql.xz"))


def test_there_is_a_database_of_an_older_version():
    assert VERSIONS


@pytest.fixture(params=VERSIONS)
def old(request):
    """(a database as that version left it, what was true of it then)"""
    name = f"{template.PREFIX}_upgrade_{request.param.replace('.', '_')}"
    databases.drop(name)
    databases.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    said = json.loads((DUMPS / f"{request.param}.json").read_text())
    try:
        subprocess.run(
            [program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", name, "-f", "-"],
            input=lzma.decompress((DUMPS / f"{request.param}.sql.xz").read_bytes()),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        database = Database(name)
        yield database, said
        database.close()
    finally:
        databases.drop(name)


def test_money_goes_through_the_upgrade_untouched(old):
    database, said = old
    assert history.facts(database) == said, "the dump is not what was recorded"
    done = subprocess.run(
        [
            *(*template.odoo_command(database.name), "-u", ",".join(sorted(own_addons()))),
            *("--stop-after-init", "--no-http"),
        ],
        capture_output=True,
        text=True,
        timeout=400,
    )
    faults = [row for row in done.stderr.splitlines() if " ERROR " in row or " CRITICAL " in row]
    assert (done.returncode, faults) == (0, [])

    assert history.facts(database) == said
    with database.env() as env:
        ledger = env["tibillet.ledger"]
        assert ledger._audit() == {}
        held = env["tibillet.operation"].search([("state", "=", "pending")])
        assert len(held) == 1
        assert ledger._capture(held).state == "posted", "a hold lives on"
        assert ledger._audit() == {}
    # A glue that was not there yet is known to the database, and installed by hand (runbook).
    states = database.query(
        "SELECT name, state FROM ir_module_module WHERE name LIKE 'tibillet%'"
        " AND state <> 'installed' AND NOT (auto_install AND state = 'uninstalled')"
    )
    assert states == []
