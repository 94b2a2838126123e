from odoo import api, models


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _take(self, tap, lines):
        """Beers, cups sold and cups back on one tap: the net is one payment, either way."""
        deposits = self.env["tibillet.deposit"]
        back = deposits._check(tap.config, lines, tap.goods)
        total = sum(line["amount_minor"] for line in lines)
        if total < 0 and deposits._gives_back(lines, back):
            self._ledger()._authorize("deposit_back", "till", company=tap.company)
            refunds = self.env["tibillet.refund"]
            return refunds._promise_deposit(tap.device, tap.company, tap.key, tap.card, -total)
        return super()._take(tap, lines)
