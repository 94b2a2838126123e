"""A seat has one holder, whoever gives it on, lets it in or cancels it: on real processes."""

import pytest

from . import controls


@pytest.mark.parametrize("rival", ["again", "scan", "cancel"])
def test_one_of_the_two_has_it(play, rival):
    for _round in range(3):
        result = play("ticket_given_race", rival=rival)
        assert result["answers"].count("ok") == 1, result
        assert result["valid"] + (rival == "cancel" and result["answers"][1] == "ok") == 1, result
        # The second ticket of the order is nobody's business here.
        assert result["seats"] == 1 + result["valid"] == result["live"], result
        assert result["heirs"] == (result["answers"][0] == "ok" or rival == "again"), result


def test_the_same_form_twice_is_one_new_holder(play):
    for _round in range(3):
        result = play("ticket_given_race", rival="same")
        assert result["answers"] == ["ok", "ok"], result
        assert (result["heirs"], result["valid"], result["seats"]) == (1, 1, 2), result


def test_control_without_turns_two_have_it(play, database):
    controls.giving_guard_off(database)
    result = play("ticket_given_race", rival="again", guarded=False)
    assert result["valid"] > 1, "the control no longer shows the race"
