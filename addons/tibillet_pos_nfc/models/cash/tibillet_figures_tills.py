"""Figures by till and machine, and what the evening was like."""

from odoo import api, models
from odoo.tools import SQL


class TibilletFigures(models.AbstractModel):
    _inherit = "tibillet.figures"

    @api.model
    def _tills(self, scope, left_out):
        """Orders and turnover by till."""
        return self._rows(
            ("id", "name", "orders", "amount"),
            SQL(
                """
                SELECT c.id, c.name, count(DISTINCT o.id),
                       COALESCE(round(sum(l.price_subtotal_incl - COALESCE(l.tibillet_gift, 0))
                                      FILTER (WHERE NOT l.product_id = ANY(%(left_out)s))
                                      * %(factor)s), 0)::bigint
                  FROM pos_order o
                  JOIN pos_session s ON s.id = o.session_id
                  JOIN pos_config c ON c.id = s.config_id
             LEFT JOIN pos_order_line l ON l.order_id = o.id
                 WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND %(sold)s
              GROUP BY 1, 2 ORDER BY 4 DESC, 1
                """,
                left_out=left_out,
                **scope,
            ),
        )

    @api.model
    def _devices(self, scope):
        return self._rows(
            ("id", "name", "orders", "amount", "first", "last", "seen"),
            SQL(
                """
                SELECT d.id, d.name, count(o.id),
                       COALESCE(round(sum(o.amount_total) * %(factor)s), 0)::bigint,
                       min(o.tibillet_device_seq), max(o.tibillet_device_seq),
                       (SELECT to_char(max(a.received_at), 'YYYY-MM-DD HH24:MI:SS')
                          FROM tibillet_device_act a WHERE a.device_id = d.id)
                  FROM tibillet_device d
             LEFT JOIN pos_order o ON o.tibillet_device_id = d.id
                   AND o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND %(sold)s
                 WHERE d.config_id IN (SELECT config_id FROM pos_session WHERE id = ANY(%(ids)s))
              GROUP BY 1, 2 ORDER BY 2, 1
                """,
                **scope,
            ),
        )

    @api.model
    def _missing(self, scope):
        """Acts that devices of these tills numbered and the server never received."""
        self.env["tibillet.device.gap"].flush_model()
        gaps_sudo = self.env["tibillet.device.gap"].sudo()  # closed to cashiers
        sessions = self.env["pos.session"].sudo().browse(scope["ids"])
        gaps_sudo = gaps_sudo.search([("device_id.config_id", "in", sessions.config_id.ids)])
        return [
            {"device": gap.device_id.name, "first": gap.first_seq, "last": gap.last_seq}
            for gap in gaps_sudo
        ]

    @api.model
    def _habits(self, scope, natures, turnover):
        topups = [product_id for product_id, nature in natures.items() if nature == "topup"]
        [(cards,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(DISTINCT o.card_id)
                  FROM pos_session s
                  JOIN tibillet_device d ON d.config_id = s.config_id
                  JOIN tibillet_operation o ON o.origin = 'device:' || d.id
                   AND o.posted_at >= s.start_at
                   -- a session's end is kept in whole seconds
                   AND o.posted_at < COALESCE(s.stop_at + interval '1 second', 'infinity')
                 WHERE s.id = ANY(%(ids)s) AND o.state = 'posted' AND %(posted)s
                """,
                **scope,
            )
        )
        [(median, topped)] = self.env.execute_query(
            SQL(
                """
                SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY l.price_subtotal_incl), count(*)
                  FROM pos_order_line l JOIN pos_order o ON o.id = l.order_id
                 WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND %(sold)s
                   AND l.product_id = ANY(%(topups)s) AND l.price_subtotal_incl > 0
                """,
                topups=topups,
                **scope,
            )
        )
        [(baskets,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(DISTINCT o.id)
                  FROM pos_order o JOIN pos_order_line l ON l.order_id = o.id
                 WHERE o.session_id = ANY(%(ids)s) AND o.state IN ('paid', 'done', 'invoiced')
                   AND l.qty > 0 AND NOT l.product_id = ANY(%(moved)s)
                   AND NOT EXISTS (SELECT 1 FROM pos_order u
                                    WHERE u.tibillet_undo_of_id = o.id
                                      AND u.session_id = ANY(%(ids)s))
                """,
                ids=scope["ids"],
                moved=list(natures),
            )
        )
        return {
            "cards": cards,
            "topups": topped,
            "median_topup": round(float(median) * scope["factor"]) if median is not None else None,
            "mean_basket": round(turnover["gross"] / baskets) if baskets else None,
        }
