"""The last place of a shift, one person at two places: real processes, each with its control."""


def test_one_gets_the_place_and_nobody_is_at_two_places(play):
    result = play("shift_races")
    assert (result["two"]["won"], result["place"], result["taken"]) == (1, 1, 1), result
    assert result["two"]["refused"], result
    assert (result["one"]["won"], result["person"]) == (1, 1), result
    assert "another shift at that time" in result["one"]["refused"][0]


def test_control_what_is_only_looked_at_is_taken_twice(play):
    result = play("shift_races", broken=True)
    gone = "the control shows no race any more"
    assert result["place"] == 2, gone
    assert result["person"] == 2, gone


def test_one_meal_at_four_tills_is_one(play):
    result = play("day_right_race")
    assert (result["won"], result["taken"]) == (1, 1), result
    assert all("all taken" in said for said in result["refused"]), result


def test_control_a_meal_that_only_looks_is_eaten_by_all(play):
    result = play("day_right_race", broken=True)
    assert result["taken"] == 4, "the control shows no race any more"
