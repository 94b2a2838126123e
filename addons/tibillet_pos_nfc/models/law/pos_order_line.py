from odoo import api, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    @api.constrains("product_id", "qty", "order_id")
    def _check_tibillet_law(self):
        """What is added to a paid order is sold as the rest of it was.

        An order that arrives paid gets its lines before its payments: it is looked at whole.
        """
        self.order_id.filtered("payment_ids")._check_tibillet_law()
