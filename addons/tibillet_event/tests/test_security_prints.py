"""What each role may do with runs of printed tickets."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix


@tagged("post_install", "-at_install")
class TestSecurityPrints(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {"tibillet.ticket.print": {"gate": "rwc", "user": "rwc", "manager": "rwc"}}

    def models_of_the_addon(self):
        """Those of this room; `tests/rooms` compares the tables of the whole addon."""
        return {name for name in super().models_of_the_addon() if name == "tibillet.ticket.print"}

    def record_of(self, model, company):
        return self.env[model].create({"company_id": company.id})

    def test_the_file_is_for_staff(self):
        job = self.record_of("tibillet.ticket.print", self.home)
        job.sudo().write({"state": "done", "file": b"JVBERg=="})
        for role in ("public", "portal", "employee"):
            user = self.role_users[role]
            with self.assertRaises(AccessError):
                job.with_user(user).read(["file"])
            attachment = (
                self.env["ir.attachment"]
                .sudo()
                .search(
                    [
                        ("res_model", "=", job._name),
                        ("res_id", "=", job.id),
                        ("res_field", "=", "file"),
                    ]
                )
            )
            self.assertTrue(attachment)
            with self.assertRaises(AccessError):
                attachment.with_user(user).read(["raw"])
        self.assertEqual(job.with_user(self.role_users["gate"]).file, b"JVBERg==")

    def test_nobody_writes_what_the_act_writes(self):
        job = self.record_of("tibillet.ticket.print", self.home)
        mine = job.with_user(self.role_users["gate"])
        mine.write({"state": "done", "file": b"JVBERg==", "done": 9, "user_id": 1})
        self.assertEqual((job.state, job.file, job.done), ("new", False, 0))
