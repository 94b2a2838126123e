"""Two writers at once write one entry; without the guard of the database, two."""

import json
import os
import subprocess
import sys

import pytest

from tests.books.venue import Venue
from tools.testing.layout import ROOT

BOOKED = """
    SELECT count(*), count(DISTINCT operation_id), count(DISTINCT entry_id)
      FROM tibillet_ledger_entry_operation WHERE company_id = %s"""


@pytest.fixture
def company_id(database):
    """A venue with ten operations to book, committed."""
    with database.env() as env:
        venue = Venue(env)
        venue.move("topup", venue.issuer, venue.holder, 5000)
        for _sale in range(9):
            venue.move("sale", venue.holder, venue.place, 300)
        made = venue.company.id
    return made


def race(database, company_id, **options):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.books.writers",
            str(database),
            str(company_id),
            json.dumps(options),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    marker = done.stdout.rpartition("@@result@@")
    assert done.returncode == 0 and marker[1], f"{done.stdout}\n{done.stderr}"
    return json.loads(marker[2])


def liability_minor(database, company_id):
    return database.value(
        """SELECT round(-sum(l.balance) * 100)::int FROM account_move_line l
             JOIN tibillet_asset s ON s.liability_account_id = l.account_id
            WHERE s.company_id = %s AND l.parent_state = 'posted'""",
        company_id,
    )


def test_four_writers_write_one_entry(database, company_id):
    answers = race(database, company_id, writers=4)
    assert all(answer["ok"] for answer in answers), answers
    assert max(answer["tries"] for answer in answers) > 1, "nobody collided: no race was run"
    rows, operations, entries = database.query(BOOKED, company_id)[0]
    assert (rows, operations, entries) == (10, 10, 1)
    assert liability_minor(database, company_id) == 5000 - 9 * 300


def test_control_without_the_guard_the_books_are_written_twice(database, company_id):
    """The same race with the unique keys gone and nothing else changed."""
    for table, constraint in (
        ("tibillet_ledger_entry", "tibillet_ledger_entry_sequence_uniq"),
        (
            "tibillet_ledger_entry_operation",
            "tibillet_ledger_entry_operation_operation_company_uniq",
        ),
    ):
        database.query(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    race(database, company_id, writers=2, guard=False)
    rows, operations, entries = database.query(BOOKED, company_id)[0]
    assert (rows, operations, entries) == (20, 10, 2)
    assert liability_minor(database, company_id) == 2 * (5000 - 9 * 300)
