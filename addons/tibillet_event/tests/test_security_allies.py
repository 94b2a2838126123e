"""What each role may do with allied venues."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix


@tagged("post_install", "-at_install")
class TestSecurityAllies(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {"tibillet.gate.ally": {"gate": "r", "user": "r", "manager": "rwcd"}}

    def models_of_the_addon(self):
        """That of this room; `tests/rooms` compares the tables of the whole addon."""
        return {name for name in super().models_of_the_addon() if name == "tibillet.gate.ally"}

    def record_of(self, model, company):
        return self.env["tibillet.gate.ally"].create(
            {
                "name": "Friends",
                "company_id": company.id,
                "url": "https://friends.example/.well-known/tibillet",
                "place_number": self.env["tibillet.gate.ally"].search_count([]) + 1,
            }
        )

    def test_only_a_manager_has_it_read(self):
        one = self.record_of("tibillet.gate.ally", self.home)
        for role in ("public", "portal", "employee", "gate", "user"):
            with self.assertRaises(AccessError):
                one.with_user(self.role_users[role]).action_fetch()
        away = self.record_of("tibillet.gate.ally", self.away)
        with self.assertRaises(AccessError):
            away.with_user(self.role_users["manager"]).action_fetch()

    def test_what_was_read_is_written_by_nobody(self):
        one = self.record_of("tibillet.gate.ally", self.home)
        theirs = one.with_user(self.role_users["manager"])
        for values in ({"document": '{"keys": []}'}, {"key_count": 3}, {"fetched_at": False}):
            with self.assertRaises(AccessError):
                theirs.write(values)
            with self.assertRaises(AccessError):
                theirs.write({"url": "https://x.example", **values})
            with self.assertRaises(AccessError):
                theirs.create({"name": "X", "place_number": 9, **values})
        theirs.url = "https://other.example/.well-known/tibillet"
        self.assertFalse(one.document)
