"""The last use of a code, the last guest, two tabs: real processes, each with its control."""


def test_the_last_of_each_is_given_once(play):
    result = play("last_ones")
    code, guests, person = result["code"], result["guests"], result["person"]
    assert (code["won"], code["uses"]) == (1, 1)
    assert "used up" in code["refused"][0]
    assert (guests["won"], guests["places"]) == (1, 1)
    assert "is full" in guests["refused"][0]
    assert (person["won"], person["places"]) == (1, 2)
    assert "You have 2 already" in person["refused"][0]


def test_control_what_is_only_counted_is_given_twice(play):
    result = play("last_ones", broken=True)
    gone = "the control shows no race any more"
    assert result["code"]["uses"] == 2, gone
    assert result["guests"]["places"] == 2, gone
    assert result["person"]["places"] == 4, gone
