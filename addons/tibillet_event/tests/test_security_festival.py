"""What each role may do with festivals and their teams."""

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix


@tagged("post_install", "-at_install")
class TestSecurityFestival(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_event"
    ROLES = {
        role: f"tibillet_event.tibillet_event_group_{role}" for role in ("gate", "user", "manager")
    }
    MATRIX = {
        "tibillet.festival": {"gate": "r", "user": "rwc", "manager": "rwcd"},
        "tibillet.festival.member": {"user": "r", "manager": "rwcd"},
    }

    def models_of_the_addon(self):
        """Those of festivals; `tests/rooms` compares the tables of the whole addon."""
        return {
            name for name in super().models_of_the_addon() if name.startswith("tibillet.festival")
        }

    def record_of(self, model, company):
        festival = self.env["tibillet.festival"].create(
            {
                "name": "Harbour",
                "company_id": company.id,
                "date_from": "2030-06-04",
                "date_to": "2030-06-06",
            }
        )
        if model == "tibillet.festival":
            return festival
        user = new_test_user(
            self.env,
            login=f"team{festival.id}",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        return self.env["tibillet.festival.member"].create(
            {"festival_id": festival.id, "user_id": user.id}
        )
