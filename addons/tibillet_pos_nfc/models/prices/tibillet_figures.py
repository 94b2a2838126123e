from odoo import api, models
from odoo.tools import SQL


class TibilletFigures(models.AbstractModel):
    _inherit = "tibillet.figures"

    @api.model
    def _compute_figures(self, sessions, window=None, live=False):
        figures = super()._compute_figures(sessions, window, live)
        scope = self._scope(sessions, window)
        moved = list(self._moved_products(sessions.company_id))
        return figures | {"offers": self._offers(scope, moved)}

    @api.model
    def _offers(self, scope, left_out):
        """What was given away, reason by reason; what was taken back of it is taken off."""
        rows = self._rows(
            ("reason_id", "qty", "amount"),
            SQL(
                """
                SELECT COALESCE(l.tibillet_offer_reason_id, before.tibillet_offer_reason_id),
                       sum(l.qty)::float8,
                       round(sum(l.price_unit * l.qty * l.discount / 100) * %(factor)s)::bigint
                  FROM pos_order_line l
                  JOIN pos_order o ON o.id = l.order_id
             LEFT JOIN pos_order_line before ON before.id = l.refunded_orderline_id
                 WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND %(sold)s
                   AND l.discount >= 100 AND NOT l.product_id = ANY(%(left_out)s)
              GROUP BY 1 ORDER BY 3 DESC, 1
                """,
                left_out=left_out,
                **scope,
            ),
        )
        reasons_sudo = self.env["tibillet.offer.reason"].sudo()  # archived ones too
        reasons_sudo = reasons_sudo.browse(row["reason_id"] for row in rows if row["reason_id"])
        names = {reason.id: reason.name for reason in reasons_sudo}
        for row in rows:
            row["reason"] = names.get(row.pop("reason_id"), "")
        return rows
