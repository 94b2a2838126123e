from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize
from odoo.tools.misc import hmac

from ...exceptions import SeatsError

MOST_SEATS = 10
KEPT_DAYS = 30  # after the event: then nothing is left of who waited
SCOPE = "tibillet_waiting"


class TibilletWaiting(models.Model):
    """Somebody who waits for seats of an event that is full.

    Who is first in line, and for how long an offer stands, is decided by the database in the
    transaction that gives seats back (``sql/waiting.sql``): an offer is a hold like any other.
    """

    _name = "tibillet.waiting"
    _description = "Waiting list"
    _order = "event_id, id"

    event_id = fields.Many2one(
        "event.event", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    slot_id = fields.Many2one("event.slot", readonly=True, ondelete="cascade")
    ticket_id = fields.Many2one(
        "event.event.ticket",
        string="Rate",
        readonly=True,
        ondelete="cascade",
        help="Empty: any rate that everybody may buy.",
    )
    seats = fields.Integer(string="Places", required=True, readonly=True, default=1)
    name = fields.Char(required=True, readonly=True)
    email = fields.Char(string="E-mail", required=True, readonly=True)
    phone = fields.Char(readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Account", readonly=True, ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("offered", "Offered"),
            ("taken", "Taken"),
            ("expired", "Offer ran out"),
            ("left", "Left"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    position = fields.Integer(
        compute="_compute_position", help="Among those who wait for the same event and slot."
    )
    offered_until = fields.Datetime(readonly=True)
    offered_ticket_id = fields.Many2one(
        "event.event.ticket", string="Rate offered", readonly=True, ondelete="set null"
    )
    notice = fields.Selection(
        [
            ("joined", "On the list"),
            ("offered", "Offered"),
            ("expired", "Offer ran out"),
            ("moved", "Moved"),
            ("cancelled", "Cancelled"),
            ("over", "Over"),
        ],
        string="To be told",
        readonly=True,
        index="btree_not_null",
    )

    _in_line = models.Index("(event_id, id) WHERE state = 'waiting'")
    _once = models.UniqueIndex(
        "(event_id, slot_id, ticket_id, email) NULLS NOT DISTINCT"
        " WHERE state IN ('waiting', 'offered')",
        "This address is on the waiting list already.",
    )
    _seats_bounds = models.Constraint(
        "CHECK (seats BETWEEN 1 AND 10)", "Somebody waits for one place at least and ten at most."
    )

    @api.depends("state")
    def _compute_position(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT w.id, (SELECT count(*) FROM tibillet_waiting o
                               WHERE o.event_id = w.event_id AND o.state = 'waiting'
                                 AND o.slot_id IS NOT DISTINCT FROM w.slot_id AND o.id <= w.id)
                  FROM tibillet_waiting w WHERE w.id = ANY(%s) AND w.state = 'waiting'
                """,
                self.ids,
            )
        )
        positions = dict(rows)
        for one in self:
            one.position = positions.get(one.id, 0)

    # -- joining ---------------------------------------------------------------------------------

    @api.model
    def _join(self, event, values, slot=None, rate=None):
        """Put somebody on the list of an event.

        :param values: ``name``, ``email``, ``phone``, ``seats``, as they were typed; ``lang`` and
            ``partner_id``
        :returns: (record, whether it was there before)
        :raises SeatsError: ``invalid`` with a sentence; ``free`` when the places can be bought now
        """
        clean = self._clean(event, values, slot, rate)
        event_id = event.id
        answer, found = self.env["tibillet.ledger"]._short(
            lambda env: env["tibillet.waiting"]._join_here(event_id, clean)
        )
        if answer == "unseen":  # the event is being made by this very transaction
            self.env.flush_all()
            answer, found = self._join_here(event_id, clean)
        if answer == "free":
            raise SeatsError(
                "free", self.env._("There are places just now: choose them on the event's page.")
            )
        if answer == "over":
            raise SeatsError("invalid", self.env._("This is not sold any more."))
        self.invalidate_model()
        self._wake(now=True)
        return self.browse(found), answer == "twice"

    @api.model
    def _clean(self, event, values, slot, rate):
        """What was typed, as it is kept.

        :raises SeatsError: ``invalid``
        """
        name = (values.get("name") or "").strip()[:128]
        email = email_normalize((values.get("email") or "")[:254])
        seats = str(values.get("seats") or "").strip()
        slots, rates = event._tibillet_waiting_choices()
        wrong = None
        if not name:
            wrong = self.env._("Write your name.")
        elif not email:
            wrong = self.env._("This address is not complete: name@example.org")
        elif not (seats.isascii() and seats.isdigit()) or not 1 <= int(seats[:6]) <= MOST_SEATS:
            wrong = self.env._("Between 1 and %s places, please.", MOST_SEATS)
        elif (event.is_multi_slots and not slot) or (slot and slot.id not in slots.ids):
            wrong = self.env._("Choose one of the dates that are to come.")
        elif rate and rate.id not in rates.ids:
            wrong = self.env._("This rate is not sold for this event.")
        elif rate:
            wrong = rate._tibillet_wrong_quantity(int(seats))
        if wrong:
            raise SeatsError("invalid", wrong)
        return {
            "slot_id": slot.id if slot else None,
            "ticket_id": rate.id if rate else None,
            "seats": int(seats),
            "name": name,
            "email": email,
            "phone": (values.get("phone") or "").strip()[:32] or None,
            "lang": values.get("lang") or self.env.lang or None,
            "partner_id": values.get("partner_id") or None,
        }

    @api.model
    def _join_here(self, event_id, clean):
        """In a short transaction: (answer, id)."""
        cr = self.env.cr
        cr.execute(SQL("SELECT FROM event_event WHERE id = %s", event_id))
        if not cr.rowcount:
            return "unseen", None
        cr.execute(SQL("SELECT tibillet_waiting_lock(%s)", event_id))
        what = (event_id, clean["slot_id"], clean["ticket_id"])
        cr.execute(
            SQL(
                """
                UPDATE tibillet_waiting
                   SET notice = CASE WHEN state = 'waiting' THEN 'joined' ELSE 'offered' END
                 WHERE event_id = %s AND slot_id IS NOT DISTINCT FROM %s
                   AND ticket_id IS NOT DISTINCT FROM %s AND email = %s
                   AND state IN ('waiting', 'offered')
                RETURNING id
                """,
                *what,
                clean["email"],
            )
        )
        if found := cr.fetchone():
            return "twice", found[0]
        cr.execute(
            SQL(
                "SELECT tibillet_waiting_fit(%s, %s, %s, %s), tibillet_waiting_until(%s, %s)",
                *what,
                clean["seats"],
                event_id,
                clean["slot_id"],
            )
        )
        free, until = cr.fetchone()
        if until is None or free is not None:
            return ("over" if until is None else "free"), None
        cr.execute(
            SQL(
                """
                INSERT INTO tibillet_waiting
                       (create_date, company_id, event_id, state, notice, slot_id, ticket_id, seats,
                        name, email, phone, lang, partner_id)
                SELECT tibillet_now(), e.company_id, e.id, 'waiting', 'joined', %s, %s, %s,
                       %s, %s, %s, %s, %s
                  FROM event_event e WHERE e.id = %s
                RETURNING id
                """,
                *clean.values(),
                event_id,
            )
        )
        return "joined", cr.fetchone()[0]

    # -- leaving ---------------------------------------------------------------------------------

    def _leave(self, notice=None):
        """Off the list; what was offered goes to the next. Answers how many were on it."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL("SELECT tibillet_waiting_leave(i, %s) FROM unnest(%s::integer[]) i",
                notice, sorted(self.ids))
        )  # fmt: skip
        self._seen()
        self._wake(self.event_id, now=bool(notice))
        return sum(done for [done] in rows)

    @api.model
    def _end(self, events, notice):
        """Nobody waits for these events any more, and everybody is told.

        Nobody is served by what they leave: the events are not sold any more.
        """
        self.env.flush_all()
        # Who cancels an event may not read who waits, where the list is another's.
        line_sudo = self.sudo().search(
            [("event_id", "in", events.ids), ("state", "in", ("waiting", "offered"))]
        )
        if line_sudo:
            line_sudo._leave(notice)

    @api.model
    def _tell_moved(self, events):
        line_sudo = self.sudo().search(  # as in _end
            [("event_id", "in", events.ids), ("state", "in", ("waiting", "offered"))]
        )
        # An offer that is not told yet says the new date itself.
        line_sudo.filtered(lambda one: one.notice not in ("joined", "offered")).notice = "moved"
        if line_sudo:
            self._wake(now=True)

    def _seen(self):
        """What the database wrote behind the ORM."""
        self.invalidate_model()
        self.env["tibillet.seat.hold"].invalidate_model(flush=False)

    # -- by hand ---------------------------------------------------------------------------------

    def _by_hand(self):
        """Who may change the event may serve its list by hand.

        :raises AccessError: for everybody else
        """
        self.check_access("read")
        self.event_id.check_access("write")
        return self.sudo()  # the rows are written by the database alone

    def action_offer(self):
        """Offer seats to this person now, past who stands before.

        :raises UserError: when they are not there
        """
        for one_sudo in self._by_hand():
            self.env.flush_all()
            self.env.cr.execute(SQL("SELECT tibillet_waiting_lock(%s)", one_sudo.event_id.id))
            offer = SQL("SELECT tibillet_waiting_offer(%s)", one_sudo.id)
            [(done,)] = self.env.execute_query(offer)
            self._seen()
            if not done:
                raise UserError(
                    self.env._(
                        "%(name)s waits for %(seats)s, and so many are not free just now. Make "
                        "room on the event first.",
                        name=one_sudo.name,
                        seats=one_sudo.seats,
                    )
                )
        self._wake(now=True)

    def action_leave(self):
        """Take these people off the list; what was offered to them goes to the next."""
        self._by_hand()._leave()

    # -- the link --------------------------------------------------------------------------------

    def _signature(self):
        self.ensure_one()
        env_sudo = self.env(su=True)  # the database's secret
        return hmac(env_sudo, SCOPE, self.id)

    def _get_path(self):
        self.ensure_one()
        return f"/event/waiting/{self.id}/{self._signature()}"

    def _get_url(self):
        """The page of this place in line; whoever has the address may take or leave it."""
        self.ensure_one()
        return f"{self.event_id.get_base_url()}{self._get_path()}"

    def _get_hold(self):
        """The live hold of the offer, in sudo; empty when there is none."""
        self.ensure_one()
        holds_sudo = self.env["tibillet.seat.hold"].sudo()  # of whoever has the signed address
        return holds_sudo.search(
            [
                ("key", "=", f"waiting/{self.id}"),
                ("remaining", ">", 0),
                ("hold_until", ">", self.env["tibillet.seats"]._now()),
            ],
            limit=1,
        )

    def _get_registrations(self):
        """What was registered from the offer, in sudo."""
        self.ensure_one()
        return (
            self.env["event.registration"]
            .sudo()  # of whoever has the signed address
            .search([("tibillet_seat_hold_id.key", "=", f"waiting/{self.id}")])
        )

    # -- cleaning --------------------------------------------------------------------------------

    @api.autovacuum
    def _gc_waiting(self):
        """Names and addresses go a month after the event."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        everything = self.with_context(active_test=False)
        everything.search([("event_id.date_end", "<", before)], limit=5000).unlink()
