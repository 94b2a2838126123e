from odoo import api, models
from odoo.tools import SQL


class TibilletFigures(models.AbstractModel):
    _inherit = "tibillet.figures"

    @api.model
    def _offers(self, scope, left_out):
        """Goods of day rights are given away as others are, in a row of their own."""
        rows = super()._offers(scope, left_out)
        [own] = self._rows(
            ("qty", "amount"),
            SQL(
                """
                SELECT COALESCE(sum(l.qty), 0)::float8,
                       COALESCE(round(sum(l.price_unit * l.qty * l.discount / 100)
                                      * %(factor)s), 0)::bigint
                  FROM pos_order_line l
                  JOIN pos_order o ON o.id = l.order_id
             LEFT JOIN pos_order_line before ON before.id = l.refunded_orderline_id
                 WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND %(sold)s
                   AND l.discount >= 100 AND NOT l.product_id = ANY(%(left_out)s)
                   AND COALESCE(l.tibillet_day_right, before.tibillet_day_right) IS NOT NULL
                   AND COALESCE(l.tibillet_offer_reason_id, before.tibillet_offer_reason_id)
                       IS NULL
                """,
                left_out=left_out,
                **scope,
            ),
        )
        if not own["qty"] and not own["amount"]:
            return rows
        for row in rows:
            if not row["reason"]:
                row["qty"] -= own["qty"]
                row["amount"] -= own["amount"]
        rest = [row for row in rows if row["reason"] or row["qty"] or row["amount"]]
        return [*rest, {**own, "reason": self.env._("Day rights of volunteers")}]
