from odoo import models

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _tibillet_law_refusal(self):
        """Sold out is asked on the order too: a page may have missed the news."""
        return super()._tibillet_law_refusal() or self._tibillet_sold_out_refusal()

    def _tibillet_sold_out_refusal(self):
        if not self.config_id.tibillet_wallet:
            return None
        sold = self.lines.filtered(lambda line: line.qty > 0)
        out = self.env["tibillet.sold.out"]._among(
            self.config_id._tibillet_stock_location(), sold.product_id.ids
        )
        for line in sold:
            since = out.get(line.product_id.id)
            if since and self._tibillet_added(line) > since:
                return LedgerError(
                    "not_for_this",
                    self.env._(
                        "“%(product)s” is sold out. Take it off, or put it back in sale: the rest "
                        "of the basket is kept.",
                        product=line.product_id.name,
                    ),
                )
        return None

    def _tibillet_added(self, line):
        """When a line came into the basket, in the server's time."""
        if not line.tibillet_added_at:
            return self.date_order
        if self.tibillet_device_date:  # the till's clock was off
            return line.tibillet_added_at + (self.date_order - self.tibillet_device_date)
        return line.tibillet_added_at
