"""The last seats, at the till and by the website at the same moment, on a real server."""

import pytest

from . import controls, rush, till_rush
from .rush import Visitor, together

SEATS = 6
# one till numbers its orders one after the other: who meets another is asked again by Odoo
pytestmark = pytest.mark.expects_log(
    r"ERROR odoo.sql_db: bad query: b'SELECT number_next FROM ir_sequence",
    reason="several requests of one till at once, which no cashier makes",
)


@pytest.fixture
def facts(database, play):
    return play("seat_concert_with_till", seats=SEATS)


@pytest.fixture
def server(database, odoo_server, facts):
    return odoo_server(database, workers=2)


def places(database, facts):
    """(firm, seated, paid without a seat) of the concert's places."""
    [row] = database.query(
        "SELECT count(*) FILTER (WHERE state IN ('open', 'done')),"
        " count(*) FILTER (WHERE tibillet_seated), count(*) FILTER (WHERE tibillet_no_seat)"
        " FROM event_registration WHERE event_id = %s",
        facts["event"],
    )
    return row


def takings(database, facts):
    """What the drawer took, in euros."""
    return database.value(
        "SELECT COALESCE(sum(amount_paid), 0) FROM pos_order WHERE session_id = %s",
        facts["till"]["session"],
    )


def test_a_till_and_the_website_sell_each_seat_once(database, facts, server):
    """Ten at the door and eight on their phones want six seats; only who has one pays."""
    concert = rush.Concert(facts)

    def on_the_phone():
        visitor = Visitor(server.url)
        token = rush.choose(visitor, concert)
        return bool(token) and rush.confirm(visitor, concert, token)

    at_the_door = lambda: till_rush.sell(server.url, facts)  # noqa: E731
    answers = together([at_the_door] * 10 + [on_the_phone] * 8)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    sold = answers[:10].count("sold")
    assert set(answers[:10]) <= {"sold", "sold_out"}
    assert sold + answers[10:].count(True) == SEATS
    assert places(database, facts) == (sold, SEATS, 0)
    assert takings(database, facts) == sold * till_rush.PRICE


def test_orders_that_never_asked_are_taken_and_told(database, facts, server):
    """Money that was taken is never refused, and no seat is made up for it."""
    answers = together([lambda: till_rush.sell(server.url, facts, hold=False)] * (SEATS + 4))
    assert answers == ["sold"] * (SEATS + 4), answers
    assert places(database, facts) == (SEATS, SEATS, 4)
    assert takings(database, facts) == (SEATS + 4) * till_rush.PRICE
    told = database.value(
        "SELECT count(*) FROM mail_activity a JOIN event_registration r ON r.id = a.res_id"
        " WHERE a.res_model = 'event.registration' AND r.event_id = %s",
        facts["event"],
    )
    assert told == 4


def test_control_without_the_counters_the_till_oversells(database, facts, server):
    controls.seats_lock_without_update(database)
    answers = together([lambda: till_rush.sell(server.url, facts)] * (SEATS + 4))
    assert answers.count("sold") > SEATS, answers
    assert places(database, facts)[0] > SEATS, "the control no longer shows the race"
