"""What each role may do with the waiting list."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix


@tagged("post_install", "-at_install")
class TestSecurityWaiting(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {"tibillet.waiting": {"user": "r", "manager": "r"}}

    def models_of_the_addon(self):
        """That of this room; `tests/rooms` compares the tables of the whole addon."""
        return {
            name for name in super().models_of_the_addon() if name.startswith("tibillet.waiting")
        }

    def record_of(self, model, company):
        event = self.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": company.id,
                "date_begin": "2030-11-28 20:00:00",
                "date_end": "2030-11-28 23:00:00",
                "seats_limited": True,
                "seats_max": 1,
            }
        )
        return self.env["tibillet.waiting"].create(
            {"event_id": event.id, "name": "Anna", "email": "anna@demo.example"}
        )

    def test_by_hand_is_for_who_may_change_the_event(self):
        one = self.record_of("tibillet.waiting", self.home)
        for role in ("public", "portal", "employee", "gate"):
            theirs = one.with_user(self.role_users[role])
            for act in (theirs.action_offer, theirs.action_leave):
                with self.assertRaises(AccessError):
                    act()
        away = self.record_of("tibillet.waiting", self.away)
        with self.assertRaises(AccessError):
            away.with_user(self.role_users["manager"]).action_leave()
        one.with_user(self.role_users["user"]).action_offer()
        self.assertEqual(one.state, "offered")
        one.with_user(self.role_users["user"]).action_leave()
        self.assertEqual(one.state, "left")
