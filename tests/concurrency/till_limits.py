"""One customer at several cashiers at once, of an event with a limit per person."""

import uuid

from .till_rush import _call, rush_with_till

MOST = 2


def limited_concert(env, seats):
    """The concert of a rush with a till: at most two places per person, and that person."""
    facts = rush_with_till(env, seats)
    env["event.event"].browse(facts["event"]).tibillet_limit_per_person = MOST
    person = env["res.partner"].create({"name": "Everywhere", "email": "everywhere@example.com"})
    return facts | {"person": person.id}


def put_aside(url, facts):
    """One seat for the person; whether the till may sell it."""
    answer = _call(
        url,
        facts["key"],
        "pos.session/tibillet_seats_hold",
        ids=[facts["till"]["session"]],
        line=str(uuid.uuid4()),
        ticket=facts["rate"],
        slot=False,
        quantity=1,
        partner=facts["person"],
    )
    return answer["ok"]


def seat_concert_with_limit(stage, seats):
    """The concert over HTTP, with a till and a limit per person."""
    return stage.alone(lambda env: limited_concert(env, seats))
