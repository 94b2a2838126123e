"""A rush on a real server: website with payments, JSON-2, holds that run out, late payments."""

import pytest

from . import controls, rush
from .rush import Visitor, together

SEATS = 8


@pytest.fixture
def concert(database, play):
    facts = play("seat_concert", seats=SEATS)
    made = rush.Concert(facts)
    made.facts = facts
    return made


@pytest.fixture
def server(database, odoo_server, concert):
    return odoo_server(database, workers=2)


def outcome(database, concert):
    [row] = database.query(
        "SELECT count(*) FILTER (WHERE state IN ('open', 'done')),"
        " count(*) FILTER (WHERE tibillet_seated) FROM event_registration WHERE event_id = %s",
        concert.event,
    )
    return row


def orders(database, concert):
    """Baskets with a seat of the concert that is still to be paid."""
    # The page of the payment makes the token; these buyers are there already.
    rows = database.query(
        "UPDATE sale_order SET access_token = COALESCE(access_token, gen_random_uuid()::text)"
        " WHERE state = 'draft' AND id IN ("
        "   SELECT sale_order_id FROM event_registration WHERE event_id = %s)"
        " RETURNING id, access_token",
        concert.event,
    )
    return [{"id": order, "token": token} for order, token in sorted(rows)]


def paid(server, baskets, concert):
    """All pay at once; answers what was refused to each."""

    def pay(order):
        visitor = Visitor(server.url)
        reference, error = rush.begin_to_pay(visitor, order, concert.facts["provider"])
        return visitor, error or rush.succeed(visitor, reference)

    answers = together([lambda order=order: pay(order) for order in baskets])
    return [error or rush.look(visitor) for visitor, error in answers]


@pytest.mark.expects_log(
    r"WARNING odoo.http: Rush: (sold out|only)", reason="Odoo logs what it refuses by JSON-2"
)
def test_exactly_the_seats_are_sold(database, concert, server):
    """Sixteen by the website, eight by JSON-2, eight seats: nobody else holds or pays one."""

    def by_website():
        visitor = Visitor(server.url)
        token = rush.choose(visitor, concert)
        return visitor if token and rush.confirm(visitor, concert, token) else None

    def by_api():
        return rush.register_by_api(server.url, concert.facts["key"], concert)

    answers = together([by_website] * 16 + [by_api] * 8)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    api = answers[16:]
    sold_by_api = [text for status, text in api if status == 200]
    for status, text in api:
        assert status == 200 or "sold out" in text or "left" in text, (status, text[:500])
    baskets = orders(database, concert)
    firm, seated = outcome(database, concert)
    assert firm == len(sold_by_api)
    assert seated == len(baskets) + len(sold_by_api) <= SEATS
    assert paid(server, baskets, concert) == [None] * len(baskets)
    assert outcome(database, concert) == (seated, seated)
    charged = database.value("SELECT count(*) FROM payment_transaction WHERE state = 'done'")
    assert charged == len(baskets)
    wrong = database.query(
        "SELECT c.id FROM tibillet_seat_taken(%s) s"
        " JOIN tibillet_seat_counter c ON c.id = s.counter_id WHERE c.used <> s.taken",
        concert.event,
    )
    assert wrong == []


def test_late_payments_are_seated_or_paid_back(database, concert, server):
    """All holds run out while half of the house pays; others take the seats meanwhile."""

    def basket():
        visitor = Visitor(server.url)
        return visitor, rush.confirm(visitor, concert, rush.choose(visitor, concert))

    visitors = [visitor for visitor, _ok in (basket() for _n in range(SEATS))]
    begun = [
        rush.begin_to_pay(visitor, order, concert.facts["provider"])
        for visitor, order in zip(visitors, orders(database, concert), strict=True)
    ]
    assert [error for _reference, error in begun] == [None] * SEATS
    controls.seats_time_runs_out(database, concert.event)
    taken = together(
        [lambda: rush.register_by_api(server.url, concert.facts["key"], concert)] * (SEATS - 3)
    )
    assert [status for status, _text in taken] == [200] * (SEATS - 3), taken
    told = [
        lambda visitor=visitor, reference=reference: rush.succeed(visitor, reference)
        for visitor, (reference, _error) in zip(visitors, begun, strict=True)
    ]
    assert together(told) == [None] * SEATS
    assert [rush.look(visitor) for visitor in visitors] == [None] * SEATS
    firm, seated = outcome(database, concert)
    assert (firm, seated) == (SEATS, SEATS)
    late = "SELECT count(*) FROM payment_transaction WHERE tibillet_too_late"
    assert database.value(late) == SEATS - 3
    kept = database.value(
        "SELECT count(*) FROM payment_transaction"
        " WHERE state = 'done' AND NOT COALESCE(tibillet_too_late, false)"
    )
    assert kept == 3
    back = database.value("SELECT count(*) FROM tibillet_outbox WHERE kind = 'seats_back'")
    assert back == SEATS - 3
