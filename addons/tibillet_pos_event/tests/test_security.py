"""What each role may do with each model of this addon."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.tibillet_wallet.tests.security_matrix import SecurityMatrix


@tagged("post_install", "-at_install")
class TestSecurity(SecurityMatrix, TransactionCase):
    ADDON = "tibillet_pos_event"
    allow_inherited_tests_method = True
    ROLES = {
        "cashier": "tibillet_pos_nfc.tibillet_pos_nfc_group_user",
        "manager": "tibillet_pos_nfc.tibillet_pos_nfc_group_manager",
        "programme": "tibillet_event.tibillet_event_group_user",
        "accountant": "tibillet_wallet.tibillet_wallet_group_accountant",
    }
    # The form of the office: each reads and confirms their own only (made here by another).
    MATRIX = {"tibillet.box.office": {}}

    def record_of(self, model, company):
        event = self.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": company.id,
                "organizer_id": False,
                "address_id": False,
                "date_begin": "2030-01-01 20:00:00",
                "date_end": "2030-01-01 23:00:00",
                "event_ticket_ids": [(0, 0, {"name": "Full"})],
            }
        )
        return self.env[model].create(
            {"event_id": event.id, "ticket_id": event.event_ticket_ids.id}
        )
