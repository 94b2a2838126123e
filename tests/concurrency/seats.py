"""Buyers who want the same seats, on real processes."""

import random
import secrets
import time

from psycopg2 import errors as pg_errors

RETRIED = (pg_errors.SerializationFailure, pg_errors.DeadlockDetected)


def concert(env, seats, **values):
    """An event of so many seats with one rate: (event id, rate id)."""
    event = env["event.event"].create(
        {
            "name": f"Concert {secrets.token_hex(4)}",
            "date_begin": "2030-06-01 20:00:00",
            "date_end": "2030-06-01 23:00:00",
            "seats_limited": True,
            "seats_max": seats,
            "event_ticket_ids": [(0, 0, {"name": "Seat"})],
            **values,
        }
    )
    return event.id, event.event_ticket_ids.id


def seat_rush(stage, buyers=8, seats=3, way="held"):
    """Everybody wants a seat at the same moment; answers who got one and what is counted.

    ``way``: ``held`` (a hold, then a request of its own, as the website and the till do),
    ``direct`` (a registration in one transaction, as JSON-2 or an import writes it), ``core``
    (Odoo's own check and nothing else, for the control).
    """
    event, rate = stage.alone(lambda env: concert(env, seats))

    def buy(stage, meet):
        answer = {"held": _held, "direct": _direct, "core": _core}[way]
        return answer(stage, meet, event, rate)

    answers = stage.race([buy] * buyers)
    return {**_result(stage, event), "answers": answers}


def _held(stage, meet, event, rate):
    from odoo.addons.tibillet_event.exceptions import SeatsError

    with stage.registry.cursor() as cr:
        env = stage.env(cr)
        env["event.event"].browse(event).mapped("name")  # the snapshot exists from here
        meet()
        try:
            key = secrets.token_hex(8)
            [hold] = env["tibillet.seats"]._hold(key, [(event, False, rate, 1)], 15)
        except SeatsError as refusal:
            return refusal.code
    with stage.registry.cursor() as cr:
        _register(stage.env(cr), event, rate, tibillet_seat_hold_id=hold)
    return "ok"


def _direct(stage, meet, event, rate):
    from odoo.addons.tibillet_event.exceptions import SeatsError

    met = False
    while True:
        try:
            with stage.registry.cursor() as cr:
                env = stage.env(cr)
                env["event.event"].browse(event).mapped("name")
                if not met:
                    met = True
                    meet()
                _register(env, event, rate)
                return "ok"
        except SeatsError as refusal:
            return refusal.code
        except RETRIED:
            time.sleep(random.uniform(0, 0.05))


def _core(stage, meet, event, rate):
    """What Odoo does: look, then write."""
    from odoo.exceptions import ValidationError

    with stage.registry.cursor() as cr:
        env = stage.env(cr)
        found = env["event.event"].browse(event)
        meet()
        if found.seats_max - found.seats_taken < 1:
            return "sold_out"
        try:
            _register(env, event, rate)
        except ValidationError:
            return "sold_out"
        return "ok"


def _register(env, event, rate, **values):
    env["event.registration"].create(
        {"event_id": event, "event_ticket_id": rate, "name": "Anna", "state": "open", **values}
    )


def _result(stage, event):
    def work(env):
        env.cr.execute(
            "SELECT (SELECT count(*) FROM event_registration"
            "         WHERE event_id = %(event)s AND state IN ('open', 'done') AND active),"
            " (SELECT used FROM tibillet_seat_counter WHERE event_id = %(event)s"
            "   AND slot_id IS NULL AND ticket_id IS NULL AND quota_id IS NULL),"
            " (SELECT count(*) FROM tibillet_seat_taken(%(event)s) s"
            "   JOIN tibillet_seat_counter c ON c.id = s.counter_id WHERE c.used <> s.taken)",
            {"event": event},
        )
        sold, used, wrong = env.cr.fetchone()
        return {"sold": sold, "used": used, "wrong": wrong}

    return stage.alone(work)


def seat_paid_or_swept(stage, rounds=5):
    """The last seat's hold has just run out: its payment and the next buyer meet."""
    outcomes = []
    for _round in range(rounds):
        event, rate = stage.alone(lambda env: concert(env, 1))
        draft = stage.alone(lambda env, event=event, rate=rate: _expired(env, event, rate))
        works = [
            lambda stage, meet, draft=draft: _pay(stage, meet, draft),
            lambda stage, meet, event=event, rate=rate: _held(stage, meet, event, rate),
        ]
        answers = stage.race(works)
        outcomes.append({**_result(stage, event), "answers": answers})
    return outcomes


def _expired(env, event, rate):
    registration = env["event.registration"].create(
        {
            "event_id": event,
            "event_ticket_id": rate,
            "name": "Anna",
            "state": "draft",
            "tibillet_hold_until": env["tibillet.seats"]._deadline(1),
        }
    )
    env.flush_all()
    env.cr.execute("ALTER TABLE event_registration DISABLE TRIGGER tibillet_seat_guard")
    env.cr.execute(
        "UPDATE event_registration SET tibillet_hold_until = tibillet_now() - interval '1 second',"
        " tibillet_release_at = tibillet_now() - interval '1 second' WHERE id = %s",
        [registration.id],
    )
    env.cr.execute("ALTER TABLE event_registration ENABLE TRIGGER tibillet_seat_guard")
    return registration.id


def _pay(stage, meet, draft):
    from odoo.addons.tibillet_event.exceptions import SeatsError

    met = False
    while True:
        try:
            with stage.registry.cursor() as cr:
                registration = stage.env(cr)["event.registration"].browse(draft)
                registration.mapped("name")
                if not met:
                    met = True
                    meet()
                registration.action_confirm()
                return "ok"
        except SeatsError as refusal:
            return refusal.code
        except RETRIED:
            time.sleep(random.uniform(0, 0.05))


def seat_lowered(stage, buyers=6):
    """The room is made smaller while people buy: never more sold than it then holds."""
    event, rate = stage.alone(lambda env: concert(env, buyers))

    def lower(stage, meet):
        from psycopg2.errors import CheckViolation

        met = False
        while True:
            try:
                with stage.registry.cursor() as cr:
                    found = stage.env(cr)["event.event"].browse(event)
                    found.mapped("name")
                    if not met:
                        met = True
                        meet()
                    found.seats_max = 2
                    found.env.flush_all()
                    return "lowered"
            except CheckViolation:
                return "refused"
            except RETRIED:
                time.sleep(random.uniform(0, 0.05))

    buy = lambda stage, meet: _held(stage, meet, event, rate)  # noqa: E731
    answers = stage.race([lower, *[buy] * buyers])

    def capacity(env):
        return env["event.event"].browse(event).seats_max

    return {**_result(stage, event), "answers": answers, "capacity": stage.alone(capacity)}


def seat_concert(stage, seats):
    """The concert of a rush over HTTP."""
    from .rush import rush_concert

    return stage.alone(lambda env: rush_concert(env, seats))
