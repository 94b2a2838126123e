"""What each role may do with shifts and the people on them."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix

ROOM = ("tibillet.shift", "tibillet.day.right", "tibillet.volunteer.hours")


@tagged("post_install", "-at_install")
class TestSecurityVolunteers(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {
        "tibillet.shift": {"gate": "r", "user": "rwcd", "manager": "rwcd"},
        "tibillet.shift.volunteer": {"gate": "r", "user": "rwcd", "manager": "rwcd"},
        "tibillet.day.right": {"gate": "r", "user": "r", "manager": "rwcd"},
        "tibillet.day.right.grant": {"user": "rwcd", "manager": "rwcd"},
        "tibillet.day.right.use": {"user": "r", "manager": "r"},
        "tibillet.volunteer.hours": {},
    }

    def models_of_the_addon(self):
        """Those of this room; `tests/rooms` compares the tables of the whole addon."""
        return {name for name in super().models_of_the_addon() if name.startswith(ROOM)}

    def record_of(self, model, company):
        if model.startswith("tibillet.day.right"):
            return self.right_of(model, company)
        if model == "tibillet.volunteer.hours":
            return self.env[model].create({"company_id": company.id})
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

    def right_of(self, model, company):
        right = self.env["tibillet.day.right"].create({"name": "Meal", "company_id": company.id})
        if model == right._name:
            return right
        person = self.env["res.partner"].create({"name": "Anna"})
        grant = self.env["tibillet.day.right.grant"].create(
            {"company_id": company.id, "partner_id": person.id, "right_ids": [(4, right.id)]}
        )
        if model == grant._name:
            return grant
        return right._take(person, f"matrix-{company.id}")

    def test_presence_is_marked_by_the_gate(self):
        row = self.record_of("tibillet.shift.volunteer", self.home)
        for role in ("public", "portal", "employee"):
            with self.assertRaises(AccessError):
                row.with_user(self.role_users[role]).action_present()
        row.with_user(self.role_users["gate"]).action_present()
        self.assertEqual(row.state, "present")

    def test_the_gate_confirms_nobody(self):
        row = self.record_of("tibillet.shift.volunteer", self.home)
        for role in ("public", "portal", "employee", "gate"):
            with self.assertRaises(AccessError):
                row.with_user(self.role_users[role]).action_cancel()
        row.with_user(self.role_users["user"]).action_cancel()
        self.assertEqual(row.state, "cancelled")
