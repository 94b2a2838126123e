import base64
import datetime
import hashlib
import json
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo import fields

from odoo.addons.tibillet_event.tests.gate_common import GatePhones


class GateNight(GatePhones):
    """The gate of the concert: North with network, South without."""

    def open_gates(self):
        now = fields.Datetime.now()
        self.list = self.env["tibillet.gate.list"].create(
            {
                "name": "Entrance",
                "company_id": self.company.id,
                "event_ids": [(6, 0, self.concert.ids)],
                "opens_at": now - datetime.timedelta(hours=1),
                "closes_at": now + datetime.timedelta(hours=6),
                "gate_ids": [(0, 0, {"name": "North"}), (0, 0, {"name": "South"})],
            }
        )
        self.north, self.south = self.list.gate_ids
        self.phone = self.pair_phone(self.north, "Anna")
        self.far_phone = self.pair_phone(self.south, "Yann")

    def text(self, ticket):
        return ticket._tibillet_tickets_ensure().tibillet_ticket_text

    def boxes(self, phone):
        """What a phone has of the guests, by the text that opens it: a function of the text."""
        rows = dict(self.ask("guests", {}, phone)["rows"])

        def box(text):
            raw = text.encode()
            handle = base64.urlsafe_b64encode(hashlib.sha256(b"TBG1" + raw).digest()[:12]).decode()
            sealed = base64.urlsafe_b64decode(rows[handle] + "=" * (-len(rows[handle]) % 4))
            key = hashlib.sha256(b"TBG1-key" + raw).digest()
            return json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], handle.encode()))

        return box

    def hand_in(self, texts, decided="entry"):
        """What South let in without network, sent when it is back."""
        scans = [
            {"nonce": uuid.uuid4().hex, "text": text, "direction": "in", "decided": decided}
            for text in texts
        ]
        return self.ask("sync", {"scans": scans}, self.far_phone)["taken"]

    def people_in(self):
        """What phones and the office read: (inside, entries)."""
        counts = self.ask("state", {})["counts"]
        self.list.invalidate_recordset()
        self.assertEqual((self.list.inside, self.list.entered), (counts["in"], counts["entries"]))
        return counts["in"], counts["entries"]
