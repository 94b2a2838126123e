"""What each role may do with lists, gates, phones, entries and scans."""

import datetime

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix

READ = {"gate": "r", "user": "r", "manager": "r"}
ALL = {"gate": "r", "user": "rwcd", "manager": "rwcd"}


@tagged("post_install", "-at_install")
class TestSecurityGate(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {
        "tibillet.gate.list": ALL,
        "tibillet.gate": ALL,
        "tibillet.gate.pairing": {"gate": "r", "user": "rwc", "manager": "rwc"},
        "tibillet.gate.device": {"gate": "r", "user": "rw", "manager": "rw"},
        "tibillet.gate.presence": READ,
        "tibillet.gate.scan": READ,
    }

    def models_of_the_addon(self):
        """Those of this room; `tests/rooms` compares the tables of the whole addon."""
        return set(self.MATRIX)

    def record_of(self, model, company):
        event = self.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": company.id,
                "date_begin": fields.Datetime.now(),
                "date_end": fields.Datetime.now() + datetime.timedelta(hours=3),
            }
        )
        one = self.env["tibillet.gate.list"].create(
            {
                "name": "Entrance",
                "company_id": company.id,
                "event_ids": [(6, 0, event.ids)],
                "gate_ids": [(0, 0, {"name": "North"})],
            }
        )
        link = self.env["tibillet.gate.pairing"].create(
            {"list_id": one.id, "gate_id": one.gate_ids.id}
        )
        device, __ = self.env["tibillet.gate.device"]._pair(link, "Anna")
        made = {
            "tibillet.gate.list": one,
            "tibillet.gate": one.gate_ids,
            "tibillet.gate.pairing": link,
            "tibillet.gate.device": device.sudo(False),
        }
        if model in made:
            return made[model]
        ticket = self.env["event.registration"].create({"event_id": event.id, "name": "Anna"})
        text = ticket._tibillet_tickets_ensure().sudo().tibillet_ticket_text
        self.env.flush_all()
        self.env["tibillet.gate.door"]._redeem_here(
            device.id,
            {"nonce": "n" * 16, "by": "text", "shown": text, "direction": "in", "age_seen": False},
        )
        return self.env[model].search([("list_id", "=", one.id)])
