"""What was missing and came from the card after all: two corrections, and no document."""

from odoo import api, models
from odoo.tools import SQL


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _documented_sql(self, company):
        """Add the corrections of one late sale that cancel each other on clearing.

        What a card owed is taken from it with its holder's word: the shortfall is taken back
        (Dr clearing — Cr H), what the sale lacked is added to it (Dr W — Cr clearing). The till's
        document of that sale stood there before; none follows.
        """
        return [
            *super()._documented_sql(company),
            SQL(
                """
                SELECT both_sides.id AS operation_id
                  FROM (SELECT o.id,
                               sum(sum(CASE WHEN w.kind IN ('person', 'card') THEN 1 ELSE -1 END
                                       * CASE WHEN s.kind = 'claim' THEN -1 ELSE 1 END
                                       * t.amount_minor / (10 ^ s.scale)::numeric))
                                   OVER (PARTITION BY late.names_id) AS rest
                          FROM tibillet_operation o
                          JOIN tibillet_operation late ON late.id = o.names_id
                          JOIN tibillet_transfer t ON t.operation_id = o.id
                          JOIN tibillet_asset s ON s.id = t.asset_id
                          JOIN tibillet_account a ON a.id = t.debit_account_id
                          JOIN tibillet_wallet w ON w.id = a.wallet_id
                         WHERE o.code = 'correct' AND o.state = 'posted'
                           AND o.names_id IS NOT NULL AND o.company_id = %s
                           AND late.code IN ('sale', 'shortfall') AND late.names_id IS NOT NULL
                         GROUP BY o.id, late.names_id) both_sides
                 WHERE both_sides.rest = 0
                """,
                company.id,
            ),
        ]
