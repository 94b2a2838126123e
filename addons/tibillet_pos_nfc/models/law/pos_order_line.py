from odoo import api, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _tibillet_price_refusal(self):
        """Why one of these lines is not sold at its price, as a sentence; or nothing.

        A discount takes at most all of it; a free price has its minimum, before any discount.
        """
        for line in self.filtered(lambda line: line.qty > 0):
            product = line.product_id
            free = product.tibillet_free_price
            goods = free or product.type != "service"  # a discount of its own is a service
            if line.discount > 100 or (goods and line.price_unit < 0):
                return self.env._(
                    "“%(product)s” would cost less than nothing. Lower its discount.",
                    product=product.name,
                )
            least = product.tibillet_price_minimum if free else 0
            if least and line.currency_id.compare_amounts(line.price_unit, least) < 0:
                return self.env._(
                    "“%(product)s” costs what one wishes, from %(least)s on. Ask for the price "
                    "again.",
                    product=product.name,
                    least=line.currency_id.format(least),
                )
        return ""

    @api.constrains("product_id", "qty", "order_id")
    def _check_tibillet_law(self):
        """What is added to a paid order is sold as the rest of it was.

        An order that arrives paid gets its lines before its payments: it is looked at whole.
        """
        self.order_id.filtered("payment_ids")._check_tibillet_law()
