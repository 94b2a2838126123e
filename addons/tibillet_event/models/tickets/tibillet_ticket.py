import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from . import cose

#: Why a ticket is void although its text is signed well.
VOID = [("replaced", "Replaced"), ("cancelled", "Cancelled"), ("refunded", "Paid back")]
#: Numbers that make it another ticket when one of them changes; the hours do not.
SAME = (cose.PLACE, cose.EVENT, cose.RATE, cose.SLOT)


class ReadTicket(NamedTuple):
    """What a text turned out to be: ``code`` is empty, or why it is refused."""

    code: str
    payload: dict
    ticket: models.BaseModel


class TibilletTicket(models.Model):
    """A ticket as it was signed: the text in its QR, for ever.

    A registration has one at a time that is shown; an event that is moved gives it a newer one,
    with other hours, and the former stays good. What it no longer opens is void, with a reason.
    """

    _name = "tibillet.ticket"
    _description = "Signed ticket"
    _order = "id desc"
    _rec_name = "digest"
    _log_access = False

    registration_id = fields.Many2one(
        "event.registration", required=True, readonly=True, index=True, ondelete="cascade"
    )
    event_id = fields.Many2one(
        "event.event", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    text = fields.Char(
        required=True, readonly=True, groups="base.group_system", help="What the QR says."
    )
    digest = fields.Char(required=True, readonly=True, help="Names the ticket without telling it.")
    kid = fields.Char(string="Key id", required=True, readonly=True)
    not_before = fields.Datetime(readonly=True)
    not_after = fields.Datetime(readonly=True)
    issued_at = fields.Datetime(readonly=True)
    voided_at = fields.Datetime(readonly=True)
    void_code = fields.Selection(VOID, string="Void", readonly=True)

    _text_unique = models.Constraint("UNIQUE (text)", "A ticket has its own text.")
    _digest = models.Index("(digest)")
    _voided = models.Index("(event_id) WHERE voided_at IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        raise self._by_the_seat()

    def write(self, vals):
        raise self._by_the_seat()

    def unlink(self):
        raise self._by_the_seat()

    def _by_the_seat(self):
        return AccessError(
            self.env._("Tickets are signed with the seats; nobody writes or deletes them.")
        )

    # -- signing -----------------------------------------------------------------------------

    @api.model
    def _payload(self, registration, place, before):
        """What the ticket of this registration says (contracts 4).

        :param before: how many void ones it has: each newer one opens a second earlier, so that
            what became void never reads like what is good
        """
        event = registration.event_id
        opens, closes = event._tibillet_gate_hours(registration.event_slot_id)
        payload = {
            cose.PLACE: place.number,
            cose.EVENT: event.id,
            cose.REGISTRATION: registration.id,
            cose.RATE: registration.event_ticket_id.id or 0,
            cose.NOT_BEFORE: _epoch(opens) - before,
            cose.NOT_AFTER: _epoch(closes),
        }
        if registration.event_slot_id:
            payload[cose.SLOT] = registration.event_slot_id.id
        return payload

    @api.model
    def _issue(self, registrations):
        """Sign what lacks a ticket, or whose ticket says something else by now.

        :param registrations: in sudo, confirmed
        :raises SigningError: the key file cannot be used; nothing was signed
        """
        live = self._live(registrations)
        void = self._count_void(registrations)
        due, changed = {}, []
        places = {event: event._tibillet_place() for event in registrations.event_id}
        for one in registrations:
            place = places[one.event_id]
            before = void.get(one.id, 0)
            payload = self._payload(one, place, before)
            former = live.get(one.id)
            said = cose.read(former["text"]).payload if former else {}
            if said == payload and former["kid_ok"]:
                continue
            if former and (
                not former["kid_ok"] or any(said.get(name) != payload.get(name) for name in SAME)
            ):
                changed.append(former["id"])
                payload = self._payload(one, place, before + 1)
            due.setdefault(place, []).append((one, payload))
        self._void_rows(changed, "replaced")
        for place, lot in due.items():
            self._sign(place, lot)
        if due:
            self.invalidate_model()
            registrations.invalidate_recordset(["tibillet_ticket_text"], flush=False)

    @api.model
    def _sign(self, place, lot):
        signer = self.env["tibillet.signer"]
        kid = signer._kid(place, "ticket")
        signatures = signer._sign_many(
            place, "ticket", [cose.to_sign(payload, kid) for __, payload in lot], kid
        )
        rows = []
        for (one, payload), signature in zip(lot, signatures, strict=True):
            text = cose.seal(payload, kid, signature)
            hours = [
                datetime.datetime.fromtimestamp(payload[name], datetime.UTC).replace(tzinfo=None)
                for name in (cose.NOT_BEFORE, cose.NOT_AFTER)
            ]
            company = one.event_id._tibillet_organiser()
            rows.append(
                SQL(
                    "(%s, %s, %s, %s, %s, %s, %s, %s, tibillet_now())",
                    *(one.id, one.event_id.id, company.id, text, cose.digest(text), kid, *hours),
                )
            )
        self.env.cr.execute(
            SQL(
                "INSERT INTO tibillet_ticket (registration_id, event_id, company_id, text, digest,"
                " kid, not_before, not_after, issued_at) VALUES %s"
                # Moved and moved back: the ticket of before says it again.
                " ON CONFLICT (text) DO UPDATE SET issued_at = tibillet_now()",
                SQL(", ").join(rows),
            )
        )

    @api.model
    def _live(self, registrations):
        """The ticket that each of these registrations shows, by its id.

        ``kid_ok``: its key still verifies, so its text need not be signed anew.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (t.registration_id) t.registration_id, t.id, t.text,
                       EXISTS (SELECT FROM tibillet_key k
                                WHERE k.kid = t.kid AND k.revoked_at IS NULL) AS kid_ok
                  FROM tibillet_ticket t
                 WHERE t.registration_id = ANY(%s) AND t.voided_at IS NULL
                 ORDER BY t.registration_id, t.issued_at DESC, t.id DESC
                """,
                registrations.ids,
            )
        )
        return {row["registration_id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _count_void(self, registrations):
        self.env.cr.execute(
            SQL(
                "SELECT registration_id, count(*) FROM tibillet_ticket"
                " WHERE registration_id = ANY(%s) AND voided_at IS NOT NULL"
                " GROUP BY registration_id",
                registrations.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    # -- void --------------------------------------------------------------------------------

    @api.model
    def _void(self, registrations, code):
        """No ticket of these registrations opens anything from now on.

        :param code: one of :data:`VOID`; what was void before keeps its reason
        """
        self.env.cr.execute(
            SQL(
                "SELECT id FROM tibillet_ticket WHERE registration_id = ANY(%s)"
                " AND voided_at IS NULL ORDER BY id",
                registrations.ids,
            )
        )
        self._void_rows([one for [one] in self.env.cr.fetchall()], code)
        registrations.invalidate_recordset(["tibillet_ticket_text"], flush=False)

    @api.model
    def _void_rows(self, ids, code):
        if ids:
            self.env.cr.execute(
                SQL(
                    "UPDATE tibillet_ticket SET voided_at = tibillet_now(), void_code = %s"
                    " WHERE id = ANY(%s) AND voided_at IS NULL",
                    code,
                    ids,
                )
            )
            self.invalidate_model()

    # -- reading -----------------------------------------------------------------------------

    @api.model
    def _read_text(self, text):
        """What this text is, asked of keys and of what was issued.

        :rtype: ReadTicket
        :return: ``code`` is ``unknown`` (no ticket), ``signature`` (not signed by the place that
            it names), ``replaced`` … (void), or empty; ``ticket`` the row in sudo, maybe none
        """
        nothing = self.sudo().browse()  # tickets are read for the gate, whoever stands there
        try:
            sealed = cose.read(text)
        except cose.TicketUnreadable:
            return ReadTicket("unknown", {}, nothing)
        place_sudo = self.env["tibillet.place"].sudo()  # a number on a ticket
        place_sudo = place_sudo.search([("number", "=", sealed.payload[cose.PLACE])])
        good = place_sudo and self.env["tibillet.signer"]._verify(
            sealed.kid, sealed.signed, sealed.signature, place=place_sudo, purpose="ticket"
        )
        if not good:
            return ReadTicket("signature", sealed.payload, nothing)
        ticket_sudo = nothing.search([("text", "=", text)])
        if not ticket_sudo or ticket_sudo.event_id._tibillet_place() != place_sudo:
            # Signed well and never given: whoever holds the key made it elsewhere.
            return ReadTicket("signature", sealed.payload, nothing)
        return ReadTicket(ticket_sudo.void_code or "", sealed.payload, ticket_sudo)


def _epoch(moment):
    return int(moment.replace(tzinfo=datetime.UTC).timestamp())
