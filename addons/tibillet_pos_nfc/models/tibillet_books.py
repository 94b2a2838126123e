"""What the till tells the books: which card payments Odoo has posted on clearing."""

from odoo import api, models
from odoo.tools import SQL

#: The closing ``s`` with its entry ``closing``: posted, or none because everything cancelled out.
CLOSED = SQL("(closing.state = 'posted' OR (s.state = 'closed' AND s.move_id IS NULL))")


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _documented_sql(self, company):
        """Add the operations whose card payment stands in a posted entry: the closed
        session's, or for an invoiced order the payment's own. And those of top-ups and
        refunds, which a line of a closed session's order names.

        A closing that comes to nothing (at a merchant's till a sale and its undo) has no entry:
        its operations cancel each other on clearing as well."""
        return [
            *super()._documented_sql(company),
            SQL(
                """
                SELECT o.id AS operation_id
                  FROM pos_payment p
                  JOIN pos_order r ON r.id = p.pos_order_id
                  JOIN pos_session s ON s.id = r.session_id
                  JOIN tibillet_operation o
                    ON o.origin = 'device:' || p.tibillet_device_id
                   AND o.key IN (p.transaction_id, p.transaction_id || '/late',
                                 p.transaction_id || '/shortfall')
                  LEFT JOIN account_move own ON own.id = p.account_move_id
                  LEFT JOIN account_move closing ON closing.id = s.move_id
                 WHERE r.company_id = %s
                   AND (own.state = 'posted' OR (r.account_move IS NULL AND %s))
                """,
                company.id,
                CLOSED,
            ),
            SQL(
                """
                SELECT o.id AS operation_id
                  FROM pos_order_line l
                  JOIN pos_order r ON r.id = l.order_id
                  JOIN pos_session s ON s.id = r.session_id
                  LEFT JOIN account_move closing ON closing.id = s.move_id
                  JOIN tibillet_operation o
                    ON o.origin = 'device:' || COALESCE(l.tibillet_device_id,
                                                        r.tibillet_device_id)
                   AND o.key IN (l.tibillet_operation_key,
                                 l.tibillet_operation_key || '/cash')
                 WHERE r.company_id = %s AND %s
                """,
                company.id,
                CLOSED,
            ),
        ]
