"""What each role may do with signed tickets: read that they are there, never their text."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix


@tagged("post_install", "-at_install")
class TestSecurityTickets(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {"tibillet.ticket": {"gate": "r", "user": "r", "manager": "r"}}

    def models_of_the_addon(self):
        """That of this room; `tests/rooms` compares the tables of the whole addon."""
        return {name for name in super().models_of_the_addon() if name == "tibillet.ticket"}

    def record_of(self, model, company):
        event = self.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": company.id,
                "date_begin": "2030-11-28 20:00:00",
                "date_end": "2030-11-28 23:00:00",
            }
        )
        one = self.env["event.registration"].create({"event_id": event.id, "name": "Anna"})
        return one._tibillet_tickets_ensure().tibillet_ticket_ids

    def test_the_text_is_nobodys(self):
        row = self.record_of("tibillet.ticket", self.home)
        for role in ("gate", "user", "manager"):
            with self.assertRaises(AccessError):
                row.with_user(self.role_users[role]).read(["text"])
