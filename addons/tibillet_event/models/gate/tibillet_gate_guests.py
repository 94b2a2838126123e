import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo import api, models
from odoo.tools import SQL

from .tibillet_gate_door import _epoch_ms

HANDLE_BYTES, NONCE_BYTES = 12, 12
OVERLAP_S = 60  # transactions that began before the last list and ended after it


class TibilletGateGuests(models.AbstractModel):
    """The guest list that a phone keeps: worthless to who holds the phone without the tickets.

    Each row is found by a digest of a ticket's text and opened by a key made of it (alf.io's
    mechanism); a name is read only when its ticket is shown.
    """

    _name = "tibillet.gate.guests"
    _description = "Encrypted guest list"

    @api.model
    def _rows(self, list_sudo, since=None):
        """The list, or what has changed since a version.

        :param since: a version (epoch seconds) that was answered before
        :return: (version, whether it is whole, list of ``[handle, box]``)
        """
        self.env.flush_all()
        version, tickets = self._read(list_sudo, since)
        without = self._without_right(list_sudo, tickets)
        rows = [_boxed(ticket, ticket["partner_id"] in without) for ticket in tickets]
        return version, since is None, rows

    @api.model
    def _read(self, list_sudo, since):
        self.env.cr.execute(
            SQL(
                """
                SELECT t.text, t.void_code, r.id, r.name, r.partner_id, r.event_ticket_id,
                       COALESCE(s.event_id, r.event_id) AS event_id, s.events,
                       r.event_slot_id, o.name AS ordered, p.entries, p.inside, p.age_seen,
                       p.last_at, g.name AS gate,
                       CASE WHEN r.tibillet_replaced_by_id IS NOT NULL THEN 'replaced'
                            WHEN r.state = 'cancel' OR NOT COALESCE(r.active, true) THEN
                                 CASE WHEN %(paid_back)s THEN 'refunded' ELSE 'cancelled' END
                            WHEN r.state = 'draft' OR r.tibillet_hold_until IS NOT NULL
                            THEN 'unpaid'
                            WHEN r.tibillet_gate_blocked THEN 'blocked' ELSE 'ok' END AS state
                  FROM tibillet_ticket t
                  JOIN event_registration r ON r.id = t.registration_id
                  LEFT JOIN LATERAL (
                       SELECT min(x.event_id) AS event_id, array_agg(x.event_id) AS events,
                              max(x.write_date) AS changed
                         FROM event_registration x
                        WHERE x.tibillet_pass_id = r.id AND x.event_id = ANY(%(events)s)
                          AND x.state IN ('open', 'done') AND COALESCE(x.active, true)) s ON true
                  LEFT JOIN sale_order o ON o.id = r.sale_order_id
                  LEFT JOIN tibillet_gate_presence p
                    ON p.list_id = %(list)s AND p.subject = 'registration:' || r.id
                  LEFT JOIN tibillet_gate g ON g.id = p.last_gate_id
                 WHERE (t.event_id = ANY(%(events)s) OR s.event_id IS NOT NULL)
                   AND (%(since)s IS NULL OR GREATEST(r.write_date, t.issued_at, t.voided_at,
                        p.changed_at, s.changed) > to_timestamp(%(since)s) AT TIME ZONE 'UTC')
                """,
                events=list_sudo.event_ids.ids,
                list=list_sudo.id,
                paid_back=self._paid_back(),
                since=None if since is None else since - OVERLAP_S,
            )
        )
        tickets = self.env.cr.dictfetchall()
        self.env.cr.execute("SELECT extract(epoch FROM tibillet_now())::bigint")
        [version] = self.env.cr.fetchone()
        return version, tickets

    @api.model
    def _paid_back(self):
        """Whether the money of a place ``r`` went back; a seam for the till."""
        return SQL(
            "EXISTS (SELECT FROM tibillet_ticket_refund_line l WHERE l.registration_id = r.id)"
        )

    @api.model
    def _without_right(self, list_sudo, tickets):
        """Ids of partners among these who lack the rights that the list asks; None: nobody."""
        codes = list_sudo._right_codes()
        if not codes:
            return frozenset()
        partners_sudo = self.env["res.partner"].sudo()  # a yes or a no, for the gate
        partners_sudo = partners_sudo.browse({one["partner_id"] for one in tickets} - {None})
        lacking = {
            one.id
            for one in partners_sudo
            if not codes & set(one._tibillet_rights(list_sudo.company_id))
        }
        return lacking | {None}


def _boxed(ticket, lacks_right):
    """A row of the list: its handle and its box (``docs/gate.md``)."""
    text = ticket["text"].encode()
    handle = _b64(hashlib.sha256(b"TBG1" + text).digest()[:HANDLE_BYTES])
    state = ticket["void_code"] or ticket["state"]
    plain = {
        "r": ticket["id"],
        "n": ticket["name"] or "",
        "t": ticket["event_ticket_id"] or 0,
        "e": ticket["event_id"],
        "k": "needs_right" if state == "ok" and lacks_right else state,
    }
    more = {
        "s": ticket["event_slot_id"] or 0,
        "p": ticket["events"] or [],
        "u": ticket["entries"] or 0,
        "i": int(bool(ticket["inside"])),
        "a": int(bool(ticket["age_seen"])),
        "o": ticket["ordered"] or "",
        "w": _epoch_ms(ticket["last_at"]) if ticket["last_at"] else 0,
        "g": ticket["gate"] or "",
    }
    plain |= {name: value for name, value in more.items() if value}
    nonce = os.urandom(NONCE_BYTES)
    key = hashlib.sha256(b"TBG1-key" + text).digest()
    said = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return [handle, _b64(nonce + AESGCM(key).encrypt(nonce, said, handle.encode()))]


def _b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
