"""Gapless numbers under a rush: real processes, with a control."""


def test_no_gap_and_no_double(play):
    result = play("numbers_rush")
    assert result["answers"] == ["ok"] * 8
    numbers = result["numbers"]
    assert len(numbers) == 24
    assert numbers == list(range(numbers[0], numbers[0] + 24))  # in the order of their time


def test_control_the_highest_plus_one_is_given_twice(play):
    numbers = play("numbers_rush", broken=True)["numbers"]
    assert len(set(numbers)) < len(numbers), "the control shows no race any more"
