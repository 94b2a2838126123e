"""Seeded days at three companies: each morning nothing is left unexplained."""

import contextlib
import os
from unittest.mock import patch

import psycopg2
import pytest

from tests.books.days import days, place
from tests.support.database import copy_of
from tools.testing import databases, template


@pytest.fixture(scope="module")
def stage(template_database):
    """The place in a database of its own, for all seeds of this process; each is rolled back."""
    name = f"{template.PREFIX}_days_{os.getpid()}"
    database = copy_of(template_database, name)
    try:
        with database.env() as env:
            made = place.build(env)
        yield database.registry, made
    finally:
        database.close()
        databases.drop(name)


@pytest.fixture(autouse=True)
def swept(stage):
    """What was rolled back leaves dead rows behind: ten plays later every statement wades through
    them."""
    yield
    with contextlib.closing(psycopg2.connect(dbname=stage[0].db_name)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


@pytest.mark.seeds(4)
def test_days(stage, seed):
    """Four times five days; `make soak SUITE=books/test_days.py SEEDS=100` plays others."""
    told = days.play(*stage, seed)
    print(told["acts"], told["codes"], sep="\n")


def a_cent_off(original):
    """Each entry balances, and owes its holders a cent too much."""

    def prepare(self, entry, details):
        values = original(self, entry, details)
        lines = [command[2] for command in values["line_ids"]]
        for sign in (1, -1):
            line = next(line for line in lines if line["balance"] * sign > 0)
            line["balance"] += sign * 0.01
            line["amount_currency"] += sign * 0.01
        return values

    return prepare


def no_document(original):
    """What a closed session posted on clearing is forgotten."""
    return lambda self, company: original(self, company)[:1]


@pytest.mark.parametrize(
    ("method", "broken"),
    [("_prepare_move", a_cent_off), ("_documented_sql", no_document)],
    ids=["a_cent", "a_document"],
)
def test_control_a_broken_rule_is_seen(stage, method, broken):
    registry, made = stage
    books = registry["tibillet.books"]
    with (
        patch.object(books, method, broken(getattr(books, method))),
        pytest.raises(AssertionError, match=r"Days|days-"),
    ):
        days.play(registry, made, 1, days=1)
