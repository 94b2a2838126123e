"""Buyers, and people who wait, at the very moment at which a seat goes back."""

import secrets
import time

from .seats import RETRIED, _direct, _held, _result, concert

LINE = ("Cleo", "Dora", "Emil")


def waiting_rush(stage, buyers=10, way="held", back="cancelled"):
    """A full house, three in line; a seat goes back while everybody else wants to buy it.

    ``back``: ``cancelled`` (a registration), ``hold`` (seats that a visitor gives back),
    ``over`` (a hold whose time ran out: nobody sweeps it but the buyers themselves).
    """
    event, rate, what = stage.alone(lambda env: _full(env, back))

    def free(stage, meet):
        return {"cancelled": _cancel, "hold": _drop, "over": _nothing}[back](stage, meet, what)

    def buy(stage, meet):
        return {"held": _held, "direct": _direct}[way](stage, meet, event, rate)

    answers = stage.race([free, *[buy] * buyers])
    # A buyer who is refused takes back what they swept; the clock's sweep stays.
    stage.alone(lambda env: env["tibillet.seats"]._cron_release())
    line = stage.alone(lambda env: _line(env, event))
    return {**_result(stage, event), "answers": answers, **line}


def _full(env, back):
    event, rate = concert(env, 2)
    Registration = env["event.registration"]
    values = {"event_id": event, "event_ticket_id": rate, "name": "Anna", "state": "open"}
    registration = Registration.create(values)
    what = registration.id
    key = f"web:{secrets.token_hex(8)}"
    if back == "cancelled":
        Registration.create(values)
    else:
        env.flush_all()
        env.cr.execute(
            "SELECT tibillet_seat_hold_all(%s, tibillet_now() + interval '1 hour',"
            " jsonb_build_array(jsonb_build_object('event_id', %s, 'ticket_id', %s, 'n', 1)))",
            [key, event, rate],
        )
        what = key
    for who in LINE:
        env["tibillet.waiting"]._join(
            env["event.event"].browse(event),
            {"name": who, "email": f"{who.lower()}@demo.example", "seats": "1"},
        )
    if back == "over":
        env.cr.execute(
            "UPDATE tibillet_seat_hold SET hold_until = tibillet_now() - interval '1 second'"
            " WHERE key = %s",
            [key],
        )
    return event, rate, what


def _cancel(stage, meet, registration):
    met = False
    while True:
        try:
            with stage.registry.cursor() as cr:
                found = stage.env(cr)["event.registration"].browse(registration)
                found.mapped("name")
                if not met:
                    met = True
                    meet()
                found.action_cancel()
                return "cancelled"
        except RETRIED:
            time.sleep(0.01)


def _drop(stage, meet, key):
    with stage.registry.cursor() as cr:
        env = stage.env(cr)
        env["event.event"].search([], limit=1).mapped("name")
        meet()
        env["tibillet.seats"]._drop(key)
    return "dropped"


def _nothing(stage, meet, _what):
    meet()
    return "nothing"


def _line(env, event):
    env.cr.execute(
        "SELECT array_agg(w.state ORDER BY w.id), array_agg(COALESCE(h.remaining, 0) ORDER BY w.id)"
        "  FROM tibillet_waiting w LEFT JOIN tibillet_seat_hold h ON h.key = 'waiting/' || w.id"
        " WHERE w.event_id = %s",
        [event],
    )
    states, held = env.cr.fetchone()
    return {"line": states, "held": held}


def waiting_joined_meanwhile(stage, rounds=4):
    """Somebody joins at the very moment at which a seat goes back: they have it, or were told
    that there is one; never both a free seat and somebody who waits for it."""
    outcomes = []
    for _round in range(rounds):
        event, _rate, what = stage.alone(_full_alone)

        def join(stage, meet, event=event):
            from odoo.addons.tibillet_event.exceptions import SeatsError

            with stage.registry.cursor() as cr:
                env = stage.env(cr)
                found = env["event.event"].browse(event)
                found.mapped("name")
                meet()
                try:
                    typed = {"name": "Cleo", "email": "cleo@demo.example", "seats": "1"}
                    env["tibillet.waiting"]._join(found, typed)
                except SeatsError as refusal:
                    return refusal.code
                return "joined"

        answers = stage.race([lambda s, m, what=what: _cancel(s, m, what), join])
        line = stage.alone(lambda env, event=event: _line(env, event))
        outcomes.append({**_result(stage, event), "answers": answers, **line})
    return outcomes


def _full_alone(env):
    event, rate = concert(env, 1)
    registration = env["event.registration"].create(
        {"event_id": event, "event_ticket_id": rate, "name": "Anna", "state": "open"}
    )
    return event, rate, registration.id
