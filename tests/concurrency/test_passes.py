"""Passes on real processes: a seat in each event or in none, and nobody waits for ever."""

import pytest

from . import controls


@pytest.mark.parametrize("way", ["held", "direct"])
def test_passes_are_sold_as_whole_ones(play, way):
    result = play("pass_rush", buyers=8, rooms=[9, 3, 6], way=way)
    assert result["answers"].count("ok") == 3, result
    assert result["answers"].count("sold_out") == 5
    assert (result["used"], result["seated"], result["wrong"]) == ([3, 3, 3], [3, 3, 3], 0)


def test_passes_and_single_seats_meet(play):
    result = play("pass_rush", buyers=6, rooms=[5, 4, 5], way="held", others=6)
    answers = result["answers"]
    passes = answers[:6].count("ok")
    assert set(answers) <= {"ok", "one", "sold_out"}, answers
    assert result["seated"] == [passes] * 3
    assert all(used <= room for used, room in zip(result["used"], (5, 4, 5), strict=True))
    assert sum(result["used"]) == 3 * passes + answers[6:].count("one")
    assert result["wrong"] == 0


def test_control_one_event_after_the_other_leaves_parts(play):
    # the middle room is the smallest: whoever comes last to it holds a part, whatever the order
    result = play("pass_rush", buyers=8, rooms=[3, 2, 3], way="apart")
    whole = result["answers"].count("ok")
    assert sum(result["used"]) > 3 * whole, "the control no longer shows a part of a pass"


def test_nobody_waits_for_each_other(play, database):
    controls.seats_in_slow_motion(database)
    assert play("pass_crossing") == {"deadlocks": 0, "partial": 0}


def test_control_without_the_order_of_the_events(play, database):
    controls.seats_in_slow_motion(database)
    controls.seats_lock_in_no_order(database)
    result = play("pass_crossing", rounds=10)
    assert result["deadlocks"] > 0, "the control no longer shows the race"
