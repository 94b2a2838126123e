from odoo import api, models


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    @api.model
    def _take(self, company, device, seq, key, card, lines, up_to):
        """Beers, cups sold and cups back on one tap: the net is one payment, either way."""
        deposits = self.env["tibillet.deposit"]
        back = deposits._check(device.config_id, lines)
        total = sum(line["amount_minor"] for line in lines)
        if total < 0 and deposits._gives_back(lines, back):
            self._ledger()._authorize("deposit_back", "till", company=company)
            return self.env["tibillet.refund"]._promise_deposit(device, company, key, card, -total)
        return super()._take(company, device, seq, key, card, lines, up_to)
