"""A ticket is paid back once, and never one that is let in: on real processes, with controls."""

from . import controls


def test_the_same_ticket_is_paid_back_once(play):
    for _round in range(4):
        result = play("ticket_refund_race", rival="again")
        assert result["times"] == 1, result
        assert result["answers"].count("ok") == 1, result
        assert result["back"] == 10 * result["tickets"].count("cancel"), result


def test_a_ticket_is_paid_back_or_let_in(play):
    for _round in range(4):
        result = play("ticket_refund_race", rival="scan")
        assert result["answers"].count("ok") == 1, result
        assert (result["times"], result["state"]) in ((1, "cancel"), (0, "done")), result
        assert result["back"] == 10 * result["times"], result


def test_control_without_turns_it_is_paid_back_twice(play, database):
    controls.refunds_guard_off(database)
    result = play("ticket_refund_race", rival="again", guarded=False)
    assert result["times"] > 1, "the control no longer shows the race"


def test_control_without_turns_it_is_paid_back_and_let_in(play, database):
    result = play("ticket_refund_race", rival="scan", guarded=False)
    assert result["answers"] == ["ok", "ok"], "the control no longer shows the race"
