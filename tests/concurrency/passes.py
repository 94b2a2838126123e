"""Buyers of passes: a seat in each of several events, all or none, on real processes."""

import random
import secrets
import time

from psycopg2 import errors as pg_errors

from .seats import RETRIED, concert

ROUNDS = 6


def festival(env, rooms):
    """Events of so many seats, and an event that sells a pass for all of them."""
    days = [concert(env, seats) for seats in rooms]
    home, rate = concert(env, 0, seats_limited=False)
    env["event.event.ticket"].browse(rate).tibillet_pass_event_ids = [
        (6, 0, [event for event, _rate in days])
    ]
    return {"days": days, "home": home, "pass": rate}


def pass_rush(stage, buyers=8, rooms=(9, 3, 6), way="held", others=0):
    """Everybody wants a pass at the same moment, and some want a seat of one event.

    ``way``: ``held``, ``direct`` (see :func:`.seats.seat_rush`), ``apart`` (a hold per event in a
    transaction of its own, for the control).
    """
    made = stage.alone(lambda env: festival(env, rooms))
    answer = {"held": _held, "direct": _direct, "apart": _apart}[way]
    works = [lambda stage, meet: answer(stage, meet, made)] * buyers
    for number in range(others):
        day = made["days"][number % len(made["days"])]
        works.append(lambda stage, meet, day=day: _one(stage, meet, *day))
    answers = stage.race(works)
    return {**_result(stage, made), "answers": answers}


def _wanted(made):
    return [(made["home"], False, made["pass"], 1)]


def _held(stage, meet, made):
    from odoo.addons.tibillet_event.exceptions import SeatsError

    with stage.registry.cursor() as cr:
        env = stage.env(cr)
        env["event.event"].browse(made["home"]).mapped("name")  # the snapshot exists from here
        meet()
        try:
            [hold] = env["tibillet.seats"]._hold(secrets.token_hex(8), _wanted(made), 15)
        except SeatsError as refusal:
            return refusal.code
    with stage.registry.cursor() as cr:
        _register(stage.env(cr), made, tibillet_seat_hold_id=hold)
    return "ok"


def _direct(stage, meet, made):
    from odoo.addons.tibillet_event.exceptions import SeatsError

    met = False
    while True:
        try:
            with stage.registry.cursor() as cr:
                env = stage.env(cr)
                env["event.event"].browse(made["home"]).mapped("name")
                if not met:
                    met = True
                    meet()
                _register(env, made)
                return "ok"
        except SeatsError as refusal:
            return refusal.code
        except RETRIED:
            time.sleep(random.uniform(0, 0.05))


def _apart(stage, meet, made):
    """What a shop does that knows of no pass: one event after the other."""
    from odoo.addons.tibillet_event.exceptions import SeatsError

    with stage.registry.cursor() as cr:
        env = stage.env(cr)
        env["event.event"].browse(made["home"]).mapped("name")
        meet()
        for event, _rate in sorted(made["days"], reverse=secrets.randbelow(2) == 1):
            try:
                env["tibillet.seats"]._hold(secrets.token_hex(8), [(event, False, False, 1)], 15)
            except SeatsError as refusal:
                return refusal.code
    return "ok"


def _one(stage, meet, event, rate):
    from odoo.addons.tibillet_event.exceptions import SeatsError

    with stage.registry.cursor() as cr:
        env = stage.env(cr)
        env["event.event"].browse(event).mapped("name")
        meet()
        try:
            key = secrets.token_hex(8)
            env["tibillet.seats"]._hold(key, [(event, False, rate, 1)], 15)
        except SeatsError as refusal:
            return refusal.code
    return "one"


def _register(env, made, **values):
    env["event.registration"].create(
        {
            "event_id": made["home"],
            "event_ticket_id": made["pass"],
            "name": "Anna",
            "state": "open",
            **values,
        }
    )


def _result(stage, made):
    days = [event for event, _rate in made["days"]]

    def work(env):
        def each(query):
            env.cr.execute(query, {"events": days})
            found = dict(env.cr.fetchall())
            return [found.get(event, 0) for event in days]

        used = each(
            "SELECT event_id, used FROM tibillet_seat_counter WHERE event_id = ANY(%(events)s)"
            " AND slot_id IS NULL AND ticket_id IS NULL AND quota_id IS NULL"
        )
        seated = each(
            "SELECT event_id, count(*) FROM event_registration WHERE event_id = ANY(%(events)s)"
            " AND tibillet_seated AND tibillet_pass_id IS NOT NULL GROUP BY event_id"
        )
        env.cr.execute(
            "SELECT count(*) FROM unnest(%s) e, tibillet_seat_taken(e) s"
            " JOIN tibillet_seat_counter c ON c.id = s.counter_id WHERE c.used <> s.taken",
            [[*days, made["home"]]],
        )
        return {"used": used, "seated": seated, "wrong": env.cr.fetchone()[0]}

    return stage.alone(work)


def pass_crossing(stage, buyers=4, rounds=ROUNDS):
    """What ran out goes back in one order of events while passes are held in another.

    Every seat of the events is on holds that are over, the later event's first. Buyers go
    straight to the database, so that nothing runs again unseen: answers how often two waited
    for each other.
    """
    deadlocks, partial = 0, 0
    for _round in range(rounds):
        made = stage.alone(lambda env: festival(env, (40, 40)))
        stage.alone(lambda env, made=made: _over(env, made))
        works = [
            lambda stage, meet, made=made, n=n: _straight(stage, meet, made, n)
            for n in range(buyers)
        ]
        works.append(_sweep)
        answers = stage.race(works)
        assert not [one for one in answers if isinstance(one, dict)], answers
        deadlocks += answers.count("deadlock")
        used = _result(stage, made)["used"]
        partial += len(set(used)) > 1
    return {"deadlocks": deadlocks, "partial": partial}


def _over(env, made):
    (first, _one), (last, _two) = made["days"]
    for event in [last, first] * 6:
        env.cr.execute(
            "SELECT tibillet_seat_hold_all(%s, tibillet_now() + interval '1 hour', %s)",
            [secrets.token_hex(8), f'[{{"event_id": {event}, "n": 1}}]'],
        )
    env.cr.execute("UPDATE tibillet_seat_hold SET hold_until = tibillet_now() - interval '1 min'")


def _straight(stage, meet, made, number):
    days = [event for event, _rate in made["days"]]
    lines = ", ".join(f'{{"event_id": {event}, "n": 1}}' for event in days[:: 1 - 2 * (number % 2)])
    return _try(
        stage,
        meet,
        "SELECT tibillet_seat_hold_all(%s, tibillet_now() + interval '1 hour', %s)",
        [secrets.token_hex(8), f"[{lines}]"],
    )


def _sweep(stage, meet):
    return _try(stage, meet, "SELECT tibillet_seat_release(NULL, 500)", [])


def _try(stage, meet, query, values):
    met, deadlocked = False, False
    while True:
        try:
            with stage.registry.cursor() as cr:
                if not met:
                    met = True
                    meet()
                cr.execute(query, values, log_exceptions=False)
                cr.fetchall()
                return "deadlock" if deadlocked else "ok"
        except pg_errors.DeadlockDetected:
            deadlocked = True
        except pg_errors.SerializationFailure:
            pass
        time.sleep(random.uniform(0, 0.02))
