from odoo import models

#: Amounts of a line as Odoo's report takes them, and without what the place itself gave.
LOWERED = {
    "(l.price_subtotal)": "(l.price_subtotal - COALESCE(l.tibillet_gift_net, 0))",
    "(l.price_subtotal_incl)": "(l.price_subtotal_incl - COALESCE(l.tibillet_gift, 0))",
    "(l.price_subtotal *": "((l.price_subtotal - COALESCE(l.tibillet_gift_net, 0)) *",
}


class ReportPosOrder(models.Model):
    """Odoo's analysis of sales tells turnover, as the Z does: no money that only moved."""

    _inherit = "report.pos.order"

    def _select(self):
        select = super()._select()
        for amount, lowered in LOWERED.items():
            select = select.replace(amount, lowered)
        return select

    def _from(self):
        # A join, not a condition: what another addon adds comes after it.
        return (
            super()._from()
            + """
                INNER JOIN pos_order_line sold ON (
                    sold.id = l.id
                    AND pt.tibillet_deposit IS NOT TRUE
                    AND NOT EXISTS (
                        SELECT 1 FROM res_company c
                         WHERE c.tibillet_topup_product_id = l.product_id))
        """
        )
