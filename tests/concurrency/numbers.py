"""Ticket numbers given by many at once, on real processes."""

from .seats import concert


def numbers_rush(stage, buyers=8, each=3, broken=False):
    """Each process has its places numbered, at the same moment; answers every number given.

    ``broken``: a number is the highest one plus one, as everybody sees it, without the guard.
    """
    event, people = stage.alone(lambda env: _confirmed(env, buyers * each))
    if broken:
        stage.alone(_break)
    shares = [people[buyer * each : (buyer + 1) * each] for buyer in range(buyers)]

    def number(ids):
        def work(stage, meet):
            with stage.registry.cursor() as cr:
                env = stage.env(cr)
                env["event.event"].browse(event).mapped("name")  # the snapshot exists from here
                meet()
                env["tibillet.ticket.issue"]._issue(ids)
                env["tibillet.ticket.issue"]._issue(ids)  # asked twice, given once
            return "ok"

        return work

    answers = stage.race([number(ids) for ids in shares])

    def work(env):
        env.cr.execute(
            "SELECT number FROM tibillet_ticket_number WHERE event_id = %s ORDER BY issued_at",
            [event],
        )
        return [number for [number] in env.cr.fetchall()]

    return {"answers": answers, "numbers": stage.alone(work)}


def _confirmed(env, number):
    """An event without limit and so many places that have no number yet."""
    event, rate = concert(env, 0, seats_limited=False)
    people = env["event.registration"].create(
        [
            {"event_id": event, "event_ticket_id": rate, "name": "A", "state": "open"}
            for _one in range(number)
        ]
    )
    env.cr.postcommit.clear()  # what would number them after this commit
    return event, people.ids


def _break(env):
    env.cr.execute(
        "ALTER TABLE tibillet_ticket_number"
        " DROP CONSTRAINT IF EXISTS tibillet_ticket_number_number_unique"
    )
    env.cr.execute(
        """
        CREATE OR REPLACE FUNCTION tibillet_ticket_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                SELECT COALESCE(max(number), 0) + 1 INTO NEW.number FROM tibillet_ticket_number
                 WHERE series_id = NEW.series_id;
                PERFORM pg_sleep(0.02);
                NEW.issued_at := tibillet_now();
            END IF;
            RETURN NEW;
        END $$
        """
    )
