from odoo import api, models
from odoo.tools import SQL


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _documented_sql(self, company):
        """Add the settlements: what was set off needs no document (its two halves cancel each
        other on clearing), what was paid stands in this company's entry of the payment."""
        return [
            *super()._documented_sql(company),
            SQL(
                """
                SELECT o.id AS operation_id
                  FROM tibillet_settlement_payment p
                  JOIN tibillet_settlement s ON s.id = p.settlement_id
                 CROSS JOIN LATERAL (
                       VALUES (p.settle_operation_id), (p.remit_operation_id)) o(id)
                  LEFT JOIN account_move m
                    ON m.id = CASE WHEN s.first_company_id = %(company)s
                                   THEN p.first_move_id ELSE p.second_move_id END
                 WHERE %(company)s IN (s.first_company_id, s.second_company_id)
                   AND o.id IS NOT NULL AND (p.set_off OR m.state = 'posted')
                """,
                company=company.id,
            ),
        ]
