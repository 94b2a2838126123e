"""Never one seat too many: rushes on real processes, each with its control."""

import pytest

from . import controls


@pytest.mark.parametrize("way", ["held", "direct"])
def test_the_last_seats_are_sold_once(play, way):
    result = play("seat_rush", buyers=10, seats=3, way=way)
    assert result["answers"].count("ok") == 3
    assert result["answers"].count("sold_out") == 7
    assert (result["sold"], result["used"], result["wrong"]) == (3, 3, 0)


def test_control_with_the_guard_off_odoo_oversells(play, database):
    controls.seats_guard_off(database)
    result = play("seat_rush", buyers=6, seats=1, way="core")
    assert result["sold"] > 1, "the control no longer shows the race"


@pytest.mark.parametrize("way", ["held", "direct"])
def test_control_without_the_update_of_the_counter(play, database, way):
    """The row is locked and looked at, and that is all: a waiter reads its old snapshot."""
    controls.seats_lock_without_update(database)
    result = play("seat_rush", buyers=6, seats=1, way=way)
    assert result["sold"] > 1, "the control no longer shows the race"


def test_a_payment_and_the_next_buyer_meet(play):
    for outcome in play("seat_paid_or_swept", rounds=6):
        assert outcome["answers"].count("ok") == 1, outcome
        assert (outcome["sold"], outcome["used"], outcome["wrong"]) == (1, 1, 0)


def test_a_room_that_shrinks_while_people_buy(play):
    result = play("seat_lowered", buyers=6)
    assert result["sold"] <= result["capacity"]
    assert result["wrong"] == 0
