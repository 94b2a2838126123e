"""One ticket, one entry: two gates and eight phones on a real server."""

import pytest

from .gates import redeem
from .rush import together

TICKETS = 6


@pytest.fixture
def facts(database, play):
    return play("seat_gate_evening", tickets=TICKETS)


@pytest.fixture
def server(database, odoo_server, facts):
    return odoo_server(database, workers=2)


def entries(database, facts):
    return database.value(
        "SELECT COALESCE(sum(entries), 0) FROM tibillet_gate_presence WHERE list_id = %s",
        facts["list"],
    )


def at_all_gates(server, facts, text, nonces=None):
    works = [
        lambda phone=phone, rank=rank: redeem(
            server.url, phone, text, nonces[rank] if nonces else None
        )
        for rank, phone in enumerate(facts["phones"])
    ]
    answers = together(works)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    return answers


def test_a_ticket_shown_at_all_gates_enters_once(database, facts, server):
    for text in facts["texts"]:
        codes = sorted(answer["code"] for answer in at_all_gates(server, facts, text))
        assert codes == ["already_used"] * (len(facts["phones"]) - 1) + ["entry"]
    assert entries(database, facts) == TICKETS
    assert database.value("SELECT count(*) FROM tibillet_gate_scan WHERE ok") == TICKETS


def test_a_scan_repeated_at_once_is_one_entry_and_a_success(database, facts, server):
    """A phone that sends again before it has its answer."""
    text, phone = facts["texts"][0], facts["phones"][0]
    works = [lambda: redeem(server.url, phone, text, "n" * 32)] * 6
    answers = together(works)
    assert {answer["code"] for answer in answers} == {"entry"}
    assert sum(answer["repeat"] for answer in answers) == len(answers) - 1
    assert entries(database, facts) == 1


def test_control_where_gates_do_not_meet_a_ticket_enters_often(database, facts, server):
    """Without the one row per ticket every gate lets it in."""
    database.query(
        "CREATE FUNCTION they_do_not_meet() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.subject := NEW.subject || clock_timestamp(); RETURN NEW; END $$"
    )
    database.query(
        "CREATE TRIGGER they_do_not_meet BEFORE INSERT ON tibillet_gate_presence"
        " FOR EACH ROW EXECUTE FUNCTION they_do_not_meet()"
    )
    codes = [answer["code"] for answer in at_all_gates(server, facts, facts["texts"][0])]
    assert codes.count("entry") > 1, "the control no longer shows the race"


@pytest.mark.parametrize("kind", ["ally", "pass"])
def test_an_allied_ticket_and_a_pass_enter_once(database, odoo_server, play, kind):
    """An allied venue's ticket has no seat here, a pass has its seat in another row: one entry."""
    facts = play("seat_gate_evening", tickets=TICKETS, kind=kind)
    server = odoo_server(database, workers=2)
    for text in facts["texts"]:
        codes = sorted(answer["code"] for answer in at_all_gates(server, facts, text))
        assert codes == ["already_used"] * (len(facts["phones"]) - 1) + ["entry"]
    assert entries(database, facts) == TICKETS
    inside = "SELECT count(*) FROM tibillet_gate_presence WHERE list_id = %s AND inside"
    assert database.value(inside, facts["list"]) == TICKETS
    done = "SELECT count(*) FROM event_registration WHERE tibillet_pass_id IS NOT NULL"
    if kind == "pass":  # the seat of this evening is taken, the pass goes on
        assert database.value(done + " AND state = 'done'") == TICKETS
        assert database.value(done + " AND state = 'open'") == 0


@pytest.mark.parametrize("kind", ["ally", "pass"])
def test_control_where_gates_do_not_meet_they_enter_often(database, odoo_server, play, kind):
    facts = play("seat_gate_evening", tickets=1, kind=kind)
    server = odoo_server(database, workers=2)
    test_control_where_gates_do_not_meet_a_ticket_enters_often(database, facts, server)
