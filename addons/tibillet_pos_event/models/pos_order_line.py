from odoo import models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _tibillet_price_without_gift(self):
        """What was paid for this line, with VAT and without: a gift of the place is a discount.

        Money that was taxed when a card was loaded is money all the same.
        """
        self.ensure_one()
        gift = self.tibillet_gift - self.tibillet_taxed
        gift_net = self.tibillet_gift_net - self.tibillet_taxed_net
        return self.price_subtotal_incl - gift, self.price_subtotal - gift_net
