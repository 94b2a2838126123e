"""A sale paid in time is declared, or is not, by what was decided for its business day."""

from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _tibillet_record_asset(self, operation, lines, asset):
        result = super()._tibillet_record_asset(operation, lines, asset)
        if self._tibillet_is_declared(operation, asset):
            for line in lines:
                line._tibillet_declare(line.product_id.tibillet_usual_price)
        return result

    def _tibillet_is_declared(self, operation, asset):
        """By the tap's business day at this place; what a merchant sells is the merchant's."""
        config_sudo = self.config_id.sudo()  # cashiers sell at it
        if asset.kind != "time" or config_sudo.tibillet_merchant_id:
            return False
        place = self.env["tibillet.place"]._of_company(self.company_id)
        day = place._business_day(operation.occurred_at)
        return self.env["tibillet.exchange"]._is_on(self.company_id, asset, day)
