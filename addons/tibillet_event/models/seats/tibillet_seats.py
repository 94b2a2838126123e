import json
import re
from pathlib import Path

from psycopg2.errors import CheckViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, mute_logger

from ...exceptions import SeatsError

SQL_FILE = Path(__file__).parents[2] / "sql" / "seats.sql"
KEY = re.compile(r"^[\x21-\x7e]{1,64}$")
MOST_SEATS = 500  # of one hold: more is a group, and a group is written to
RELEASED_AT_ONCE = 500
CONSTRAINT = "tibillet_seat_counter_not_oversold"


class TibilletSeats(models.AbstractModel):
    """The one door for seats: hold, give back, say what is left.

    The database's guard (``sql/seats.sql``) counts every registration, whoever writes it. This
    model is what a website, a till or a job asks *before*: holds are taken in a short transaction
    of their own, so that a rush of buyers does not make whole requests collide.
    """

    _name = "tibillet.seats"
    _description = "Seats"

    def _install_sql(self):
        self.env.cr.execute(SQL_FILE.read_text())

    # -- holds --------------------------------------------------------------------------

    @api.model
    def _hold(self, key, wanted, minutes):
        """Put seats aside for a while: all that is wanted, or nothing.

        Idempotent: the same key for the same seats answers the first holds. Registrations
        written with ``tibillet_seat_hold_id`` then find their seat in them. A transaction that
        is under way does not see them yet: hold first, in a request of its own.

        :param key: 1 to 64 visible characters, made by who asks
        :param wanted: list of (event id, slot id or False, rate id or False, number)
        :param minutes: how long
        :returns: ids of the holds, ``tibillet.seat.hold``
        :raises SeatsError: ``sold_out`` with what is left, ``invalid``, ``key_conflict``,
            ``hold_expired`` (the key's seats have gone back)
        """
        lines = self._lines(key, wanted)
        try:
            answer = self.env["tibillet.ledger"]._short(
                lambda env: env["tibillet.seats"]._hold_here(key, lines, minutes)
            )
            if answer is None:  # the event is being made by this very transaction
                self.env.flush_all()
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    answer = self._hold_here(key, lines, minutes, anyway=True)
        except CheckViolation as refusal:
            raise self._refusal(refusal) from refusal
        ids, live = answer
        if not ids:
            raise SeatsError("key_conflict", self.env._("This was asked for other seats before."))
        if not live:
            raise SeatsError(
                "hold_expired", self.env._("The time ran out: these seats are free for all again.")
            )
        self.env["tibillet.seat.hold"].invalidate_model()
        return ids

    @api.model
    def _hold_instead(self, former, key, wanted, minutes):
        """As :meth:`_hold`, in the place of a hold that is given back in the same transaction.

        Who chooses again never loses what they had to somebody else in between: not to the
        waiting list when it is granted, and not at all when it is refused.

        :param former: key of the hold to give back; one that is over, or unknown, is no error
        """
        return self.with_context(tibillet_instead_of=former)._hold(key, wanted, minutes)

    @api.model
    def _give_back_first(self, lines):
        """Give back the hold that the new one takes the place of; the waiting list waits.

        :returns: the events of it, to be served once the new hold stands
        """
        former = self.env.context.get("tibillet_instead_of")
        if not former:
            return []
        [(events,)] = self.env.execute_query(
            SQL(
                "SELECT array_agg(DISTINCT event_id) FROM tibillet_seat_hold"
                " WHERE key = %s AND remaining > 0",
                former,
            )
        )
        if events:
            both = sorted({*events, *(line["event_id"] for line in lines)})
            self.env.cr.execute(SQL("SELECT tibillet_seat_lock(%s)", both))
            self._serve_later()
            self.env.cr.execute(SQL("SELECT tibillet_seat_drop(%s)", former))
        return events or []

    @api.model
    def _serve_later(self):
        """What goes back from now on waits for :meth:`_serve`, in this transaction."""
        self.env.cr.execute("SELECT set_config('tibillet.waiting_later', 'yes', true)")

    @api.model
    def _keep(self, registrations, key):
        """Hold for somebody else the seats that these registrations gave back in this very
        transaction; an event that is fuller than it may be keeps them too.

        :param key: under which the holds are found
        """
        self._flush()
        self.env.cr.execute(SQL("SELECT tibillet_seat_keep(%s, %s)", registrations.ids, key))
        self.env["tibillet.seat.hold"].invalidate_model()

    @api.model
    def _serve(self, events):
        """Hand what is free now to who waits for these events."""
        if events:
            self.env.cr.execute("SELECT set_config('tibillet.waiting_later', '', true)")
            for event in sorted(events):
                self.env.cr.execute(SQL("SELECT tibillet_waiting_serve(%s)", event))

    @api.model
    def _hold_here(self, key, lines, minutes, anyway=False):
        """The hold in this transaction; None when it does not see the events."""
        events = list({line["event_id"] for line in lines})
        [(seen,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM event_event WHERE id = ANY(%s)", events)
        )
        if seen < len(events) and not anyway:
            return None
        given_back = self._give_back_first(lines)
        self.env.cr.execute(
            SQL(
                "SELECT tibillet_seat_hold_all(%s, tibillet_now() + make_interval(mins => %s), %s)",
                key,
                minutes,
                json.dumps(lines),
            ),
            log_exceptions=False,  # a full house is an answer
        )
        [ids] = self.env.cr.fetchone()
        self._serve(given_back)
        if not ids:
            return [], False
        [(live,)] = self.env.execute_query(
            SQL(
                "SELECT bool_and(remaining = 0 OR hold_until > tibillet_now())"
                " AND NOT bool_and(remaining = 0 AND hold_until <= tibillet_now())"
                " FROM tibillet_seat_hold WHERE id = ANY(%s)",
                ids,
            )
        )
        return ids, live

    @api.model
    def _lines(self, key, wanted):
        """What is wanted, as the database reads it."""
        if not KEY.match(key or ""):
            raise SeatsError(
                "invalid",
                self.env._("Seats are held under a key of at most 64 visible characters."),
            )
        if not wanted or any(number < 1 for *_what, number in wanted):
            raise SeatsError("invalid", self.env._("Choose one seat at least."))
        if sum(number for *_what, number in wanted) > MOST_SEATS:
            raise SeatsError(
                "invalid",
                self.env._("At most %s seats are held at once; for more, write to us.", MOST_SEATS),
            )
        return [
            {
                "event_id": event,
                "slot_id": slot or None,
                "ticket_id": ticket or None,
                "n": number,
            }
            for event, slot, ticket, number in wanted
        ]

    @api.model
    def _drop(self, key):
        """Give the seats of a hold back before its time. Nothing to do is no error."""
        return self.env["tibillet.ledger"]._short(
            lambda env: env.execute_query(SQL("SELECT tibillet_seat_drop(%s)", key))[0][0]
        )

    @api.model
    def _renew(self, key, minutes):
        """Let a live hold last from now on for so many minutes; never shortens it.

        :raises SeatsError: ``hold_expired``
        """

        def work(env):
            return env.execute_query(
                SQL(
                    "UPDATE tibillet_seat_hold SET hold_until ="
                    " GREATEST(hold_until, tibillet_now() + make_interval(mins => %s))"
                    " WHERE key = %s AND remaining > 0 AND hold_until > tibillet_now()"
                    " RETURNING id",
                    minutes,
                    key,
                )
            )

        if not self.env["tibillet.ledger"]._short(work):
            raise SeatsError(
                "hold_expired", self.env._("The time ran out: these seats are free for all again.")
            )
        self.env["tibillet.seat.hold"].invalidate_model()

    @api.model
    def _cron_release(self):
        """Give back what ran out and what no later sale has swept; for the clock."""
        while True:
            released = self.env["tibillet.ledger"]._short(
                lambda env: env.execute_query(
                    SQL("SELECT tibillet_seat_release(NULL, %s)", RELEASED_AT_ONCE)
                )[0][0]
            )
            if released < RELEASED_AT_ONCE or not self.env["ir.cron"]._commit_progress(released):
                return

    # -- what is left -------------------------------------------------------------------

    @api.model
    def _used(self, column, ids):
        """Seats taken or held of these records, over all slots: id → number.

        :param column: ``event_id``, ``slot_id``, ``ticket_id`` or ``quota_id`` of the counters
        """
        others = SQL(" AND ").join(
            SQL("%s IS NULL", SQL.identifier(name))
            for name in ("slot_id", "ticket_id", "quota_id")
            if name != column
        )
        self._flush()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT %(column)s, used FROM tibillet_seat_counter"
                    " WHERE %(column)s = ANY(%(ids)s) AND %(others)s",
                    column=SQL.identifier(column),
                    ids=list(ids),
                    others=others,
                )
            )
        )

    @api.model
    def _left(self, event, combinations):
        """What is left of an event for each (slot id, rate id); None is without limit."""
        self._flush()
        rows = self.env.execute_query(
            SQL(
                "SELECT (SELECT min(c.capacity - c.used) FROM tibillet_seat_counter c"
                " WHERE c.id = ANY(tibillet_seat_counters(%s, w.slot, w.ticket)))"
                " FROM unnest(%s::integer[], %s::integer[]) WITH ORDINALITY AS w (slot, ticket, at)"
                " ORDER BY w.at",
                event.id or None,
                [slot or None for slot, _ticket in combinations],
                [ticket or None for _slot, ticket in combinations],
            )
        )
        mine = self._mine("slot_id", "ticket_id")
        return [
            None if left is None else max(0, left + mine.get((slot or 0, ticket or 0), 0))
            for [left], (slot, ticket) in zip(rows, combinations, strict=True)
        ]

    def _mine(self, *columns):
        """What the visitor of this request holds: a seat is free for who holds it.

        Of what is shown only: the guard in the database finds the hold by itself.
        """
        holds_sudo = self.env["tibillet.seat.hold"].sudo()  # by ids that the website put there
        holds_sudo = holds_sudo.browse(self.env.context.get("tibillet_hold_ids") or ()).exists()
        mine = {}
        for hold in holds_sudo:
            ids = tuple(hold[column].id or 0 for column in columns)
            key = ids if len(ids) > 1 else ids[0]
            mine[key] = mine.get(key, 0) + hold.remaining
        return mine

    def _flush(self):
        """What is not written yet counts."""
        self.env["event.registration"].flush_model()
        self.env["event.event"].flush_model(["seats_max", "seats_limited", "is_multi_slots"])
        self.env["event.event.ticket"].flush_model(["seats_max", "tibillet_quota_id"])
        self.env["tibillet.quota"].flush_model(["seats_max"])

    @api.model
    def _now(self):
        """The time by which holds end, as the database tells it."""
        [(now,)] = self.env.execute_query(SQL("SELECT tibillet_now()"))
        return now

    # -- sentences ----------------------------------------------------------------------

    @api.model
    def _is_sold_out(self, error):
        """Whether the database refused a seat."""
        return isinstance(error, CheckViolation) and error.diag.constraint_name == CONSTRAINT

    @api.model
    def _refusal(self, error):
        """The database's refusal as ours."""
        if not self._is_sold_out(error):
            return error
        try:
            detail = json.loads(error.diag.message_detail or "")
        except ValueError:
            detail = {}
        left = detail.get("left", 0)
        return SeatsError("sold_out", self._sold_out_sentence(detail), left, detail)

    @api.model
    def _sold_out_sentence(self, detail):
        """What is full and what is left of it, for people."""
        what_sudo = self._what(detail)
        if not what_sudo:
            return self.env._("Not enough seats are left. Nothing was sold.")
        if not detail.get("left"):
            return self.env._("%s: sold out. Nothing was sold.", what_sudo.display_name)
        return self.env._(
            "%(what)s: only %(left)s left. Nothing was sold.",
            what=what_sudo.display_name,
            left=detail["left"],
        )

    def _what(self, detail):
        """The narrowest thing that is full; its name is no secret from who wants a seat in it."""
        for key, model in (
            ("ticket_id", "event.event.ticket"),
            ("quota_id", "tibillet.quota"),
            ("slot_id", "event.slot"),
            ("event_id", "event.event"),
        ):
            if detail.get(key):
                return self.env[model].sudo().browse(detail[key]).exists()
        return None

    @api.model
    def _by_the_door(self):
        return AccessError(
            self.env._("Seats are counted by what registers for them, and written by nobody.")
        )

    @api.model
    def _minutes(self, company):
        """For how long this company holds seats for who is buying."""
        company_sudo = (company or self.env.company).sudo()  # a visitor reads no company
        return company_sudo.tibillet_hold_minutes

    @api.model
    def _deadline(self, minutes):
        """The database's time in so many minutes."""
        return fields.Datetime.add(self._now(), minutes=minutes)
