from odoo import models


class TibilletRefund(models.Model):
    _inherit = "tibillet.refund"

    def _gifts(self):
        """Gifts of this place among what is promised back."""
        ledger = self.env["tibillet.ledger"]
        return [
            gift
            for debit, credit, part in self._transfers_back()
            for gift in ledger._as_gift(credit.asset_id, self.company_id, part, [debit])
        ]

    def _singles(self):
        """Single-purpose money among what is promised back; its net follows when it is back."""
        return [
            (credit.asset_id, part, 0)
            for _debit, credit, part in self._transfers_back()
            if credit.asset_id.vat_nature == "single"
        ]
