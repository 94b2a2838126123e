"""What each role may do with shifts and the people on them."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix

ROOM = ("tibillet.shift", "tibillet.day.right")


@tagged("post_install", "-at_install")
class TestSecurityVolunteers(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {
        "tibillet.shift": {"gate": "r", "user": "rwcd", "manager": "rwcd"},
        "tibillet.shift.volunteer": {"gate": "r", "user": "rwcd", "manager": "rwcd"},
    }

    def models_of_the_addon(self):
        """Those of this room; `tests/rooms` compares the tables of the whole addon."""
        return {name for name in super().models_of_the_addon() if name.startswith(ROOM)}

    def record_of(self, model, company):
        event = self.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": company.id,
                "date_begin": "2030-11-28 20:00:00",
                "date_end": "2030-11-28 23:00:00",
            }
        )
        shift = self.env["tibillet.shift"].create(
            {
                "name": "Bar",
                "event_id": event.id,
                "date_begin": "2030-11-28 20:00:00",
                "date_end": "2030-11-28 22:00:00",
            }
        )
        if model == "tibillet.shift":
            return shift
        person = self.env["res.partner"].create({"name": "Anna"})
        return self.env["tibillet.shift.volunteer"].create(
            {"shift_id": shift.id, "partner_id": person.id}
        )

    def test_the_gate_confirms_nobody(self):
        row = self.record_of("tibillet.shift.volunteer", self.home)
        for role in ("public", "portal", "employee", "gate"):
            with self.assertRaises(AccessError):
                row.with_user(self.role_users[role]).action_cancel()
        row.with_user(self.role_users["user"]).action_cancel()
        self.assertEqual(row.state, "cancelled")
