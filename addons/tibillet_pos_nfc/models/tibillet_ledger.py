from odoo import api, models


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _role_groups(self):
        """The till's two roles, beside those of the wallet."""
        return {
            **super()._role_groups(),
            "cashier": "tibillet_pos_nfc.tibillet_pos_nfc_group_user",
            "till_manager": "tibillet_pos_nfc.tibillet_pos_nfc_group_manager",
        }
