"""Takings, top-ups, refunds, cups and cards by till and by quarter of an hour."""

from odoo import api, models
from odoo.tools import SQL

TILL = SQL("s.config_id")
ALL = SQL("'all'")
NAMES = ("orders", "amount", "topups", "refunds", "cups", "cards")
NOTHING = dict.fromkeys(NAMES, 0)


class TibilletFigures(models.AbstractModel):
    _inherit = "tibillet.figures"

    @api.model
    def _live_tills(self, sessions, window=None):
        """One row per till of these sessions, those that sold nothing yet too.

        :returns: ``[{"id", "name", "orders", "amount", "topups", "refunds", "cups", "cards"}]``
        """
        rows = self._by(sessions, window, TILL, TILL)
        return sorted(
            (
                NOTHING | rows.get(config.id, {}) | {"id": config.id, "name": config.name}
                for config in sessions.config_id
            ),
            key=lambda row: (-row["amount"], row["id"]),
        )

    @api.model
    def _quarters(self, sessions, window=None):
        """The same by quarter of an hour, in UTC; sales by their own clock."""
        rows = self._by(
            sessions, window, self._quarter_sql("o.date_order"), self._quarter_sql("o.posted_at")
        )
        return [NOTHING | rows[at] | {"at": at} for at in sorted(rows)]

    @api.model
    def _live_sum(self, sessions, window=None):
        """All of them together; a card seen at two tills is one card."""
        return NOTHING | self._by(sessions, window, ALL, ALL).get("all", {})

    @api.model
    def _quarter_sql(self, moment):
        return SQL(
            "to_char(date_bin('15 minutes', %s, '2000-01-01'), 'YYYY-MM-DD HH24:MI:SS')",
            SQL(moment),
        )

    @api.model
    def _by(self, sessions, window, sale_key, card_key):
        """Sums by a key of the order ``o`` in its session ``s``, cards by one of the operation.

        Takings are the turnover of the Z. Refunds are what was given back: goods taken back
        (which the takings have already gone down by) and balances paid out; cups are apart,
        sold less brought back. Two queries, however much was sold.
        """
        self.env.flush_all()
        natures = self._moved_products(sessions.company_id)
        scope = self._scope(sessions, window) | {
            nature: [product_id for product_id, of in natures.items() if of == nature]
            for nature in ("topup", "deposit")
        }
        rows = {
            key: dict(zip(NAMES[:-1], amounts, strict=True))
            for key, *amounts in self.env.execute_query(
                SQL(
                    """
                    SELECT %(key)s, count(DISTINCT o.id),
                           COALESCE(round(sum(l.price_subtotal_incl - COALESCE(l.tibillet_gift, 0))
                               FILTER (WHERE NOT l.product_id = ANY(%(moved)s))
                               * %(factor)s), 0)::bigint,
                           COALESCE(round(sum(l.price_subtotal_incl)
                               FILTER (WHERE l.product_id = ANY(%(topup)s) AND l.qty > 0)
                               * %(factor)s), 0)::bigint,
                           COALESCE(round(-sum(l.price_subtotal_incl)
                               FILTER (WHERE l.qty < 0 AND NOT l.product_id = ANY(%(deposit)s))
                               * %(factor)s), 0)::bigint,
                           COALESCE(round(sum(l.price_subtotal_incl)
                               FILTER (WHERE l.product_id = ANY(%(deposit)s))
                               * %(factor)s), 0)::bigint
                      FROM pos_order o
                      JOIN pos_session s ON s.id = o.session_id
                 LEFT JOIN pos_order_line l ON l.order_id = o.id
                     WHERE o.session_id = ANY(%(ids)s)
                       AND o.state IN ('paid', 'done', 'invoiced') AND %(sold)s
                  GROUP BY 1
                    """,
                    key=sale_key,
                    moved=list(natures),
                    **scope,
                )
            )
        }
        for key, cards in self.env.execute_query(
            SQL(
                """
                SELECT %(key)s, count(DISTINCT o.card_id)
                  FROM pos_session s
                  JOIN tibillet_device d ON d.config_id = s.config_id
                  JOIN tibillet_operation o ON o.origin = 'device:' || d.id
                   AND o.posted_at >= s.start_at
                   -- a session's end is kept in whole seconds
                   AND o.posted_at < COALESCE(s.stop_at + interval '1 second', 'infinity')
                 WHERE s.id = ANY(%(ids)s) AND o.state = 'posted' AND %(posted)s
              GROUP BY 1 HAVING count(o.card_id) > 0
                """,
                key=card_key,
                **scope,
            )
        ):
            rows.setdefault(key, {})["cards"] = cards
        return rows
