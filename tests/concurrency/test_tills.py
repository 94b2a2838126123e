"""The till's own races, each with a control that shows it when a guard is off."""

import contextlib
import os

import pytest

from tests.support.database import copy_of
from tools.simulate.venue import GIFT_MINOR
from tools.testing import databases, template

from . import bar
from .conftest import stage_play

GUARDS = (
    "DROP INDEX pos_order_tibillet_undo_once",
    "DROP INDEX pos_order_line_tibillet_key_uniq",
    "ALTER TABLE tibillet_closing DROP CONSTRAINT tibillet_closing_number_uniq",
)


@contextlib.contextmanager
def copied(source, name):
    made = copy_of(source, f"{template.PREFIX}_run_{os.getpid()}_{name}")
    try:
        yield made
    finally:
        made.close()
        databases.drop(str(made))


@pytest.fixture(scope="module")
def bar_template(template_database):
    """A database with the bar of these races, made once."""
    with copied(template_database, "bar") as made:
        with made.env() as env:
            bar.make(env)
        made.close()
        yield str(made)


@pytest.fixture(scope="module")
def guarded(bar_template, tmp_path_factory):
    """What came of every race."""
    with copied(bar_template, "guarded") as made:
        yield stage_play(made, tmp_path_factory.mktemp("stage"), "till_races")


@pytest.fixture(scope="module")
def unguarded(bar_template, tmp_path_factory):
    """What comes of them without the guards."""
    with copied(bar_template, "unguarded") as made:
        for statement in GUARDS:
            made.query(statement)
        yield stage_play(made, tmp_path_factory.mktemp("stage"), "till_races_unguarded")


@pytest.mark.parametrize("paid", ["in_money", "by_card"])
def test_a_sale_is_undone_by_one_of_two_tills(guarded, paid):
    result = guarded[f"undo_{paid}"]
    assert (result["won"], result["undone"]) == (1, 1)
    assert "undone before" in result["refused"][0]
    assert result["on_card"] == 5_000 + GIFT_MINOR, "a card is given back once"


def test_control_a_sale_that_is_only_looked_at_is_undone_twice(unguarded):
    assert unguarded["undo"]["undone"] == 2, "the control shows no race any more"


def test_z_are_numbered_once_each_and_without_gap(guarded):
    result = guarded["closings"]
    assert (result["won"], result["refused"]) == (2, [])
    assert result["numbers"] == [1, 2]
    assert result["chained"] == 1


def test_control_without_the_unique_number_two_z_are_alike(unguarded):
    assert unguarded["closings"]["numbers"] == [1, 1], "the control shows no race any more"


def test_a_cup_of_a_sale_comes_back_once(guarded):
    result = guarded["cup"]
    assert (result["won"], result["back"]) == (1, 1)
    assert "given back before" in result["refused"][0]


def test_control_a_cup_that_nobody_takes_hold_of_comes_back_twice(unguarded):
    assert unguarded["cup"]["back"] == 2, "the control shows no race any more"


def test_the_last_two_sold_at_once_leave_it_sold_out(guarded):
    result = guarded["last_two"]
    assert (result["won"], result["left"], result["sold_out"]) == (2, 0, 1)


def test_control_without_a_second_look_nobody_has_seen_the_last_one_go(unguarded):
    result = unguarded["last_two"]
    assert (result["left"], result["sold_out"]) == (0, 0), "the control shows no race any more"


def test_a_promised_top_up_is_paid_once(guarded):
    result = guarded["top_up"]
    assert (result["won"], result["sold"], result["credited"]) == (1, 1, 2_000)


def test_control_without_the_unique_key_a_promise_is_sold_twice(unguarded):
    result = unguarded["top_up"]
    assert result["sold"] == 2, "the control shows no race any more"
    assert result["credited"] == 2_000, "the ledger credits once all the same"


def test_a_transfer_leaves_the_books_once(guarded):
    result = guarded["payback"]
    assert (result["won"], result["moves"]) == (2, 1)


def test_control_with_weaker_isolation_it_leaves_twice(unguarded):
    assert unguarded["payback"]["moves"] == 2, "the control shows no race any more"


def test_the_last_of_an_offer_is_given_once(guarded):
    result = guarded["offer"]
    assert (result["won"], result["gifts"], result["uses"], result["used_minor"]) == (1, 1, 1, 300)
    assert "budget is spent" in result["refused"][0]


def test_control_a_budget_that_is_only_counted_is_given_twice(unguarded):
    assert unguarded["offer"]["gifts"] == 2, "the control shows no race any more"


def test_one_person_takes_a_drawer_over(guarded):
    result = guarded["take_over"]
    assert result["won"] == 1
    assert "has the drawer" in result["refused"][0]


def test_control_with_weaker_isolation_two_take_it_over(unguarded):
    assert unguarded["take_over"]["won"] == 2, "the control shows no race any more"


def test_two_counts_at_once_find_what_is_missing_once(guarded):
    result = guarded["counts"]
    assert (result["won"], result["open"]) == (2, 1)
    assert sorted(result["differences"]) == [-100, 0]
