"""A limit per person binds however many cashiers serve the same customer, on a real server."""

import pytest

from .rush import together
from .till_limits import MOST, put_aside

SEATS = 30
AT_ONCE = 10


@pytest.fixture
def facts(database, play):
    return play("seat_concert_with_limit", seats=SEATS)


@pytest.fixture
def server(database, odoo_server, facts):
    return odoo_server(database, workers=2)


def held(database, facts):
    return database.value(
        "SELECT COALESCE(sum(remaining), 0) FROM tibillet_seat_hold WHERE tibillet_partner_id = %s",
        facts["person"],
    )


# who counts at the same time begins again: that is the guard, and Odoo writes it down
@pytest.mark.expects_log(
    r"ERROR odoo.sql_db: bad query: b.*INSERT INTO tibillet_rate_person",
    reason="several cashiers serve one customer at once, and collide",
)
def test_one_customer_at_several_tills(database, facts, server):
    answers = together([lambda: put_aside(server.url, facts)] * AT_ONCE)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert answers.count(True) == MOST
    assert held(database, facts) == MOST


def test_control_without_the_collision_more_are_put_aside(database, facts, server):
    """Where nobody waits for who counts at the same time, the limit does not bind."""
    database.query(
        "CREATE FUNCTION nobody_waits() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; END $$"
    )
    database.query(
        "CREATE TRIGGER nobody_waits BEFORE INSERT ON tibillet_rate_person"
        " FOR EACH ROW EXECUTE FUNCTION nobody_waits()"
    )
    answers = together([lambda: put_aside(server.url, facts)] * AT_ONCE)
    assert answers.count(True) > MOST, "the control no longer shows the race"
