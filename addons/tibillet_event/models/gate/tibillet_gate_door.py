import datetime
import hashlib
import json
import re
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, mute_logger

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from ..tickets import cose

NONCE = re.compile(r"[\x21-\x7e]{16,64}")
UID = re.compile(r"[0-9A-Fa-f: -]{8,40}")


class Guest(NamedTuple):
    """What a ticket turned out to be at a gate.

    ``subject`` names it among the presences of a list; ``registration`` is in sudo and empty for
    the ticket of an allied venue; ``events`` are those of the list that it opens.
    """

    code: str
    subject: str = ""
    registration: models.BaseModel | None = None
    rate: models.BaseModel | None = None
    events: models.BaseModel | None = None
    name: str = ""
    hours: tuple = ()
    partner: models.BaseModel | None = None


class TibilletGateDoor(models.AbstractModel):
    """The one door of a gate: decides about a ticket and counts it, once.

    Runs in a short transaction of its own. Two gates that let in the same ticket meet on its row
    of ``tibillet.gate.presence``, a gate and a cancellation on the registration's: the loser runs
    again and sees what the winner did.
    """

    _name = "tibillet.gate.door"
    _description = "Door of the gate"

    # -- online ------------------------------------------------------------------------------

    @api.model
    def _redeem(self, device, ask):
        """Decide about a ticket that is shown now.

        :param device: of ``tibillet.gate.device``, authenticated
        :param ask: the request's body (``docs/gate.md``)
        :return: the answer as a dictionary
        """
        asked = self._understood(ask)
        if not asked:
            return self._answer("invalid", nonce=_text(ask.get("nonce")))
        lang = self.env.lang
        with mute_logger("odoo.sql_db"):  # who meets a rival runs again
            return self.env["tibillet.ledger"]._short(
                lambda env: env(context={"lang": lang})["tibillet.gate.door"]._redeem_here(
                    device.id, asked
                )
            )

    @api.model
    def _understood(self, ask):
        """The request with what it may hold, or None."""
        nonce, direction = ask.get("nonce"), ask.get("direction", "in")
        shown = [name for name in ("text", "uid", "pick") if isinstance(ask.get(name), str)]
        if not (isinstance(nonce, str) and NONCE.fullmatch(nonce)) or len(shown) != 1:
            return None
        if direction not in ("in", "out"):
            return None
        return {
            "nonce": nonce,
            "by": shown[0],
            "shown": ask[shown[0]][:400],
            "direction": direction,
            "age_seen": ask.get("age_seen") is True,
        }

    @api.model
    def _redeem_here(self, device_id, asked):
        device_sudo = self.env["tibillet.gate.device"].sudo().browse(device_id)
        if device_sudo._refused():
            return self._answer("device_revoked", nonce=asked["nonce"])
        if before := self._recorded(device_sudo, asked):
            return before
        now = self._now()
        guest, more = self._guest(device_sudo, asked)
        code, entries, used = self._decide(
            device_sudo.list_id, device_sudo.gate_id, guest, asked, now
        )
        if code == "age_needed":
            # Asked, not yet decided.
            return self._answer(code, guest, nonce=asked["nonce"], list_sudo=device_sudo.list_id)
        self._record(device_sudo, asked, guest, code, entries, now)
        return self._answer(
            code,
            guest,
            nonce=asked["nonce"],
            entries=entries,
            used=used,
            more=more,
            list_sudo=device_sudo.list_id,
        )

    @api.model
    def _now(self):
        self.env.cr.execute("SELECT tibillet_now()")
        [now] = self.env.cr.fetchone()
        return now.replace(microsecond=0, tzinfo=None)

    @api.model
    def _recorded(self, device_sudo, asked):
        """What the same scan was answered before, or None; another one under its nonce is none."""
        scans_sudo = self.env["tibillet.gate.scan"].sudo()
        scan = scans_sudo.search(
            [("device_id", "=", device_sudo.id), ("nonce", "=", asked["nonce"])]
        )
        if not scan:
            return None
        if scan.asked != _asked(asked):
            return self._answer("invalid", nonce=asked["nonce"])
        one = scan.registration_id
        guest = Guest("", scan.subject, one, one.event_ticket_id, name=one.name or "")
        return self._answer(
            scan.code,
            guest,
            nonce=asked["nonce"],
            entries=scan.entries,
            repeat=True,
            list_sudo=scan.list_id,
        )

    # -- whose ticket it is ------------------------------------------------------------------

    @api.model
    def _guest(self, device_sudo, asked):
        """Whose ticket is shown, and how many more the same card or order still has outside."""
        list_sudo = device_sudo.list_id
        if asked["by"] == "uid":
            return self._guest_by_card(list_sudo, asked["shown"])
        if asked["by"] == "pick":
            one = self.env["tibillet.gate.search"]._picked(device_sudo, asked["shown"])
            return (self._guest_of(list_sudo, one) if one else Guest("unknown")), 0
        return self._guest_by_text(list_sudo, asked["shown"]), 0

    @api.model
    def _guest_by_text(self, list_sudo, text):
        found = self.env["tibillet.ticket"]._read_text(text)
        if found.code == "signature":
            return self._guest_of_an_ally(list_sudo, text) or Guest("signature")
        if not found.ticket:
            return Guest(found.code)
        if found.ticket.company_id != list_sudo.company_id:
            # Another place of this server: who its guest is, is not ours to tell; where no list
            # names it as allied, its key is a stranger's, as it is for a phone without network.
            ally = self._guest_of_an_ally(list_sudo, text)
            if not ally:
                return Guest("signature")
            return Guest(found.code) if found.code else ally
        guest = self._guest_of(list_sudo, found.ticket.registration_id)
        return guest._replace(code=found.code) if found.code else guest

    @api.model
    def _guest_of_an_ally(self, list_sudo, text):
        """The guest whose ticket an allied venue of the list signed; None when none did."""
        if not list_sudo.ally_ids:
            return None
        found = self.env["tibillet.gate.ally"]._verify(
            text, list_sudo.company_id, list_sudo.ally_ids
        )
        if isinstance(found, str):
            return None if found in ("unknown", "signature") else Guest(found)
        ally_sudo, payload = found
        hours = [
            datetime.datetime.fromtimestamp(payload[name], datetime.UTC).replace(tzinfo=None)
            for name in (cose.NOT_BEFORE, cose.NOT_AFTER)
        ]
        subject = f"ally:{ally_sudo.id}:{payload[cose.REGISTRATION]}"
        return Guest("", subject, name=ally_sudo.name, hours=(tuple(hours),))

    @api.model
    def _guest_by_card(self, list_sudo, uid):
        """The first ticket of the card's holder that has not entered by this list."""
        if not UID.fullmatch(uid):
            return Guest("unknown"), 0
        try:
            card = self.env["tibillet.card"]._by_uid(uid)
        except LedgerError as error:
            return Guest("blocked" if error.code in ("card_lost", "card_blocked") else "unknown"), 0
        self.env["tibillet.shift.volunteer"]._tibillet_at_gate(card, list_sudo.event_ids)
        partner_sudo = card.sudo().partner_id  # whose tickets these are
        registrations_sudo = self.env["event.registration"].sudo()
        mine = registrations_sudo.search(
            [
                ("partner_id", "=", partner_sudo.id or -1),
                ("event_id", "in", list_sudo.event_ids.ids),
                ("state", "in", ("open", "done")),
            ],
            order="id",
        )
        mine = (mine - mine.filtered("tibillet_pass_id")) | mine.tibillet_pass_id
        if not mine:
            return self._guest_without_ticket(list_sudo, card), 0
        entered = self._presences(list_sudo, [_subject(one) for one in mine])
        most = list_sudo._most_entries()
        outside = mine.filtered(
            lambda one: (
                _subject(one) not in entered
                or (not most or entered[_subject(one)]["entries"] < most)
            )
        )
        chosen = outside[:1] or mine[:1]
        return self._guest_of(list_sudo, chosen), max(0, len(outside) - 1)

    @api.model
    def _guest_without_ticket(self, list_sudo, card):
        """Who has a card and no ticket enters by a right of the day, if they have one."""
        rights = self.env["tibillet.day.right"]
        for event in list_sudo.event_ids:
            if rights._tibillet_day_right_entry(card, event):
                day = event._tibillet_place()._business_day()
                partner_sudo = card.sudo().partner_id  # who is let in
                return Guest(
                    "", f"card:{card.id}:{day}", name=partner_sudo.name or "", partner=partner_sudo
                )
        return Guest("not_on_list")

    @api.model
    def _guest_of(self, list_sudo, registration_sudo):
        """What this registration is at this list."""
        seats = registration_sudo.tibillet_pass_seat_ids.filtered(
            lambda seat: seat.active and seat.state in ("open", "done")
        )
        events = (registration_sudo.event_id | seats.event_id) & list_sudo.event_ids
        return Guest(
            "",
            _subject(registration_sudo),
            registration_sudo,
            registration_sudo.event_ticket_id,
            events,
            registration_sudo.name or "",
            self._hours(events, registration_sudo),
            registration_sudo.partner_id,
        )

    @api.model
    def _hours(self, events, registration_sudo):
        """When the ticket is good: a pair of datetimes for each event that it opens here."""
        return tuple(
            event._tibillet_gate_hours(
                registration_sudo.event_slot_id if event == registration_sudo.event_id else None
            )
            for event in events
        )

    # -- deciding ----------------------------------------------------------------------------

    @api.model
    def _decide(self, list_sudo, gate_sudo, guest, asked, at):
        """Decide and count.

        :return: (code, entries after, presence before or None)
        """
        code = self._refusal(list_sudo, gate_sudo, guest, asked, at)
        if code:
            used = self._presences(list_sudo, [guest.subject]).get(guest.subject)
            return code, (used or {}).get("entries", 0), used
        before = self._presences(list_sudo, [guest.subject]).get(guest.subject)
        age = max(list_sudo.age_minimum, guest.rate.tibillet_gate_age if guest.rate else 0)
        if asked["direction"] == "in" and age and not asked["age_seen"]:
            if not (before and before["age_seen"]):
                # Who may not enter anyway is not asked for their age.
                may = self._may_enter(list_sudo, before)
                return ("age_needed" if may else "already_used"), 0, before
        entries = self._count(list_sudo, gate_sudo, guest, asked, at)
        if entries is None:
            code = "already_used" if asked["direction"] == "in" else "direction"
            return code, before["entries"] if before else 0, before
        self._attended(list_sudo, guest, at)
        return ("entry" if asked["direction"] == "in" else "exit"), entries, before

    @api.model
    def _refusal(self, list_sudo, gate_sudo, guest, asked, at):
        """Why this guest does not pass here now, whatever they did before; or empty."""
        if guest.code:
            return guest.code
        if guest.registration is not None and not guest.events:
            return "wrong_event"
        if guest.registration is not None and (code := guest.registration._tibillet_gate_state()):
            return code
        if guest.rate and list_sudo.ticket_ids and guest.rate not in list_sudo._rates():
            return "not_on_list"
        if guest.rate and gate_sudo.ticket_ids and guest.rate not in gate_sudo.ticket_ids:
            return "wrong_gate"
        if asked["direction"] == "out":
            return "" if list_sudo.mode in ("inout", "free") else "direction"
        if code := self._outside_hours(list_sudo, guest, at):
            return code
        codes = list_sudo._right_codes()
        if codes:
            partner = guest.partner or self.env["res.partner"].sudo()
            if not partner or not codes & set(partner._tibillet_rights(list_sudo.company_id)):
                return "needs_right"
        return ""

    @api.model
    def _outside_hours(self, list_sudo, guest, at):
        """``too_early``, ``too_late`` or empty; the list's own hours win."""
        hours = [
            (list_sudo.opens_at or opens, list_sudo.closes_at or closes)
            for opens, closes in guest.hours or [(datetime.datetime.min, datetime.datetime.max)]
        ]
        if any(opens <= at <= closes for opens, closes in hours):
            return ""
        return "too_early" if any(at < opens for opens, __ in hours) else "too_late"

    @api.model
    def _may_enter(self, list_sudo, before):
        most = list_sudo._most_entries()
        if not before:
            return True
        if list_sudo.mode == "inout" and before["inside"]:
            return False
        return not most or before["entries"] < most

    # -- counting ----------------------------------------------------------------------------

    @api.model
    def _presences(self, list_sudo, subjects):
        """Subject → its row in this list, as a dictionary."""
        self.env.cr.execute(
            SQL(
                "SELECT p.subject, p.entries, p.inside, p.age_seen, p.last_at, g.name AS gate"
                " FROM tibillet_gate_presence p LEFT JOIN tibillet_gate g ON g.id = p.last_gate_id"
                " WHERE p.list_id = %s AND p.subject = ANY(%s)",
                list_sudo.id,
                subjects,
            )
        )
        return {row["subject"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _count(self, list_sudo, gate_sudo, guest, asked, at, anyway=False):
        """Count an entry or an exit; the entries after it, or None when it is not to be.

        One statement decides and writes, so that two gates never both see “not yet”.

        :param anyway: it has taken place without network: count it whatever it makes
        """
        if asked["direction"] == "out":
            self.env.cr.execute(
                SQL(
                    "UPDATE tibillet_gate_presence SET inside = false,"
                    " changed_at = tibillet_now() WHERE list_id = %s AND subject = %s"
                    " AND (inside OR %s) RETURNING entries",
                    list_sudo.id,
                    guest.subject,
                    anyway,
                )
            )
        else:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO tibillet_gate_presence AS p (list_id, company_id, subject,"
                    " registration_id, entries, inside, age_seen, last_at, last_gate_id,"
                    " changed_at) VALUES (%s, %s, %s, %s, 1, true, %s, %s, %s, tibillet_now())"
                    " ON CONFLICT (list_id, subject) DO UPDATE SET entries = p.entries + 1,"
                    " inside = true, age_seen = p.age_seen OR EXCLUDED.age_seen,"
                    " last_at = GREATEST(p.last_at, EXCLUDED.last_at),"
                    " last_gate_id = EXCLUDED.last_gate_id, changed_at = EXCLUDED.changed_at"
                    " WHERE %s RETURNING p.entries",
                    list_sudo.id,
                    list_sudo.company_id.id,
                    guest.subject,
                    guest.registration.id if guest.registration else None,
                    asked["age_seen"],
                    at,
                    gate_sudo.id or None,
                    SQL("true") if anyway else self._still_enters(list_sudo),
                )
            )
        row = self.env.cr.fetchone()
        return row[0] if row else None

    @api.model
    def _still_enters(self, list_sudo):
        """The condition on a presence ``p`` under which its ticket enters once more."""
        most = list_sudo._most_entries()
        if list_sudo.mode == "inout":
            return SQL("NOT p.inside")
        return SQL("p.entries < %s", most) if most else SQL("true")

    @api.model
    def _attended(self, list_sudo, guest, at):
        """The place counts as attended for Odoo; a rival cancellation meets us on its row."""
        if not guest.registration:
            return
        seats = guest.registration.tibillet_pass_seat_ids.filtered(
            lambda seat: seat.event_id in list_sudo.event_ids
        )
        self.env.cr.execute(
            SQL(
                "UPDATE event_registration SET state = 'done', date_closed = %s,"
                " write_date = tibillet_now() WHERE id = ANY(%s) AND state = 'open'",
                at,
                sorted((seats or guest.registration).ids),
            )
        )

    @api.model
    def _record(self, device_sudo, asked, guest, code, entries, at, **more):
        values = {
            "device_id": device_sudo.id,
            "list_id": device_sudo.list_id.id,
            "gate_id": device_sudo.gate_id.id or None,
            "company_id": device_sudo.company_id.id,
            "nonce": asked["nonce"],
            "asked": _asked(asked),
            "registration_id": guest.registration.id if guest.registration else None,
            "subject": guest.subject or None,
            "direction": asked["direction"],
            "code": code,
            "ok": code in ("entry", "exit"),
            "entries": entries,
            "age_seen": asked["age_seen"],
            "offline": False,
            "late": False,
            "conflict": False,
            "conflict_code": None,
            "scanned_at": at,
            **more,
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO tibillet_gate_scan (%s, received_at) VALUES (%s, tibillet_now())",
                SQL(", ").join(SQL.identifier(name) for name in values),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )

    # -- the answer --------------------------------------------------------------------------

    @api.model
    def _answer(
        self, code, guest=None, *, nonce, entries=0, used=None, more=0, repeat=False, list_sudo=None
    ):
        one = guest.registration if guest else None
        rate = guest.rate if guest else None
        # Two reasons of one code: the rate does not enter, or nobody of the list was shown.
        detail = "guest" if code == "not_on_list" and not one else ""
        answer = {
            "ok": code in ("entry", "exit"),
            "code": code,
            "detail": detail,
            "message": self.env["tibillet.gate.words"]._sentence(code, detail),
            "nonce": nonce,
            "repeat": repeat,
            "name": guest.name if guest else "",
            "rate": (rate.name if rate else "") or "",
            "rate_number": rate.id if rate else 0,
            "age": max(
                rate.tibillet_gate_age if rate else 0, list_sudo.age_minimum if list_sudo else 0
            ),
            "order": self._order_of(one),
            "number": (one.tibillet_number if one else "") or "",
            "instruction": " · ".join(
                text
                for text in (
                    rate.tibillet_gate_text if rate else "",
                    list_sudo.instruction if list_sudo else "",
                )
                if text
            ),
            "count": entries,
            "left": more,
            "used_at": self._used_at(used),
            "used_gate": (used or {}).get("gate") or "",
        }
        return answer

    @api.model
    def _used_at(self, presence):
        """When a presence last entered, in epoch milliseconds; 0 for none."""
        return _epoch_ms(presence["last_at"]) if presence and presence["last_at"] else 0

    @api.model
    def _order_of(self, registration_sudo):
        """The number of the order, for who asks at the box office; a seam for the till."""
        return (registration_sudo.sale_order_id.name if registration_sudo else "") or ""


def _subject(registration):
    return f"registration:{registration.id}"


def _asked(asked):
    """Digest of a scan: what was shown and in which direction. The age may come later."""
    said = json.dumps([asked["by"], asked["shown"], asked["direction"]])
    return cose.digest(hashlib.sha256(said.encode()).hexdigest())


def _text(value):
    return value[:64] if isinstance(value, str) else ""


def _epoch_ms(moment):
    return int(fields.Datetime.to_datetime(moment).replace(tzinfo=datetime.UTC).timestamp() * 1000)
