from odoo import api, models
from odoo.tools import SQL


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _documented_sql(self, company):
        """Add what was brought home from merchants: the payment's entry stands for it, the first
        of several when money came back."""
        return [
            *super()._documented_sql(company),
            SQL(
                """SELECT o.id AS operation_id
                     FROM tibillet_merchant_statement s
                    CROSS JOIN LATERAL (
                          VALUES (s.settle_operation_id), (s.remit_operation_id)) o(id)
                     JOIN account_move m ON m.state = 'posted'
                      AND m.id = COALESCE((SELECT r.payment_move_id
                                             FROM tibillet_merchant_return r
                                            WHERE r.statement_id = s.id
                                            ORDER BY r.id LIMIT 1), s.payment_move_id)
                    WHERE s.company_id = %s AND o.id IS NOT NULL""",
                company.id,
            ),
        ]
