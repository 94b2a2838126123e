"""First in line, always: a seat that goes back is theirs before a buyer sees it."""

import pytest

from . import controls


@pytest.mark.parametrize("way", ["held", "direct"])
@pytest.mark.parametrize("back", ["cancelled", "hold", "over"])
def test_the_first_in_line_holds_the_seat_that_goes_back(play, way, back):
    result = play("waiting_rush", buyers=10, way=way, back=back)
    assert result["answers"].count("ok") == 0, result
    assert result["answers"].count("sold_out") == 10, result
    assert result["line"] == ["offered", "waiting", "waiting"]
    assert result["held"] == [1, 0, 0]
    assert (result["sold"], result["used"], result["wrong"]) == (1, 2, 0)


@pytest.mark.parametrize("back", ["hold", "over"])
def test_control_without_the_offer_somebody_else_gets_it(play, database, back):
    controls.waiting_offer_off(database)
    result = play("waiting_rush", buyers=10, back=back)
    assert result["answers"].count("ok") == 1, "the control no longer shows the race"
    assert result["line"] == ["waiting"] * 3


def test_who_joins_while_a_seat_goes_back(play):
    for outcome in play("waiting_joined_meanwhile", rounds=5):
        cancelled, joined = outcome["answers"]
        assert cancelled == "cancelled"
        if joined == "joined":
            assert (outcome["line"], outcome["held"]) == (["offered"], [1]), outcome
        else:
            assert (joined, outcome["line"]) == ("free", None), outcome
        assert outcome["wrong"] == 0


def test_control_who_joins_without_touching_the_counter(play, database):
    """Two snapshots that do not collide: a free seat, and somebody who waits for it."""
    controls.waiting_joins_untouched(database)
    outcomes = play("waiting_joined_meanwhile", rounds=12)
    assert any(outcome["line"] == ["waiting"] and outcome["used"] == 0 for outcome in outcomes), (
        "the control no longer shows the race"
    )
