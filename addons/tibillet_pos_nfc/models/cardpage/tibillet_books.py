from odoo import api, models
from odoo.tools import SQL


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _documented_sql(self, company):
        """Add the refunds whose bank transfer stands in a posted entry."""
        return [
            *super()._documented_sql(company),
            SQL(
                """
                SELECT p.operation_id
                  FROM tibillet_payback p
                  JOIN account_move m ON m.id = p.move_id
                 WHERE p.company_id = %s AND m.state = 'posted'
                """,
                company.id,
            ),
        ]
