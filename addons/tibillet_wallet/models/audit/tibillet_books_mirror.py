from odoo import api, models
from odoo.tools import SQL


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _mirror_broken(self):
        """Companies whose books say something else of a pair than the ledger does.

        For every account of what is due to or from another company: its posted balance, beside
        the sum of the ledger's own movements that the company has booked. What an issuer owes a
        place is thus the same in the ledger, in the issuer's books and in the place's.

        :rtype: list[int]
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH due AS (
                    SELECT b.company_id, b.role, b.partner_id, b.account_id, u.decimal_places
                      FROM tibillet_book_account b
                      JOIN res_company y ON y.id = b.company_id
                      JOIN res_currency u ON u.id = y.currency_id
                     WHERE b.role IN ('due_to', 'due_from')
                ), said AS (
                    SELECT f.company_id, due.account_id,
                           round(sum(f.amount * (10 ^ (due.decimal_places - f.scale))::numeric))
                               AS minor
                      FROM (%s) f
                      LEFT JOIN due ON due.company_id = f.company_id AND due.role = f.role
                                   AND due.partner_id = f.partner_id
                     GROUP BY f.company_id, due.account_id
                ), stands AS (
                    SELECT d.company_id, d.account_id,
                           round(COALESCE(sum(l.balance), 0) * (10 ^ d.decimal_places)::numeric)
                               AS minor
                      FROM (SELECT DISTINCT company_id, account_id, decimal_places FROM due) d
                      LEFT JOIN account_move_line l
                        ON l.account_id = d.account_id AND l.company_id = d.company_id
                       AND l.parent_state = 'posted'
                     GROUP BY d.company_id, d.account_id, d.decimal_places
                )
                SELECT DISTINCT COALESCE(said.company_id, stands.company_id)
                  FROM said FULL JOIN stands
                    ON stands.company_id = said.company_id
                   AND stands.account_id = said.account_id
                 WHERE COALESCE(said.minor, 0) <> COALESCE(stands.minor, 0)
                 ORDER BY 1
                """,
                self._far_sql(),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _far_sql(self):
        """What the booked movements put on the accounts of pairs (``rules.book_lines``):
        debit positive, in minor units of the asset."""
        return SQL(
            """
            SELECT m.book_company_id AS company_id,
                   CASE WHEN m.book_company_id = m.issuer_company_id
                        THEN 'due_to' ELSE 'due_from' END AS role,
                   CASE WHEN m.book_company_id = m.issuer_company_id
                        THEN v.partner_id ELSE issuer.partner_id END AS partner_id,
                   s.scale,
                   v.sign * m.amount_minor
                       * CASE WHEN m.nature = 'claim' THEN -1 ELSE 1 END
                       * CASE WHEN m.book_company_id = m.issuer_company_id
                              THEN 1 ELSE -1 END AS amount
              FROM (%s) m
              JOIN tibillet_ledger_entry_operation booked
                ON booked.operation_id = m.operation_id
               AND booked.company_id = m.book_company_id
              JOIN tibillet_asset s ON s.id = m.asset_id
              JOIN res_company issuer ON issuer.id = m.issuer_company_id
             CROSS JOIN LATERAL (VALUES
                   (m.debit_side, m.debit_company_id, m.debit_partner_id, 1),
                   (m.credit_side, m.credit_company_id, m.credit_partner_id, -1))
                   v(side, company_id, partner_id, sign)
             WHERE v.side = 'far'
               AND (m.book_company_id = m.issuer_company_id
                    OR m.book_company_id = v.company_id)
            """,
            self._movements_sql(),
        )
