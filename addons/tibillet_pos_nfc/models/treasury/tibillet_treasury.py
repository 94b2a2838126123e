"""What the tills add to the treasury: their name, the money of orders, transfers, cups."""

from odoo import models
from odoo.tools import SQL


class TibilletTreasury(models.Model):
    _inherit = "tibillet.treasury"

    def _spot_sql(self):
        """The till of the machine that did it."""
        return SQL(
            """(SELECT f.name FROM tibillet_device v JOIN pos_config f ON f.id = v.config_id
                 WHERE v.id = CASE WHEN o.origin ~ '^device:[0-9]{1,9}$'
                                   THEN substr(o.origin, 8)::int END)"""
        )

    def _parts(self):
        return [
            *super()._parts(),
            self._orders_part(),
            self._transfers_part(),
            self._payouts_part(),
            *self._payouts_back_parts(),
            *self._cup_parts(),
        ]

    def _orders_part(self):
        """Cash and bank cards of till orders, change taken off; an order that gave more than it
        took is money out. What a card of ours paid is no money."""
        net = SQL("sum(y.amount)")
        return SQL(
            """%(columns)s
                 FROM pos_payment y
                 JOIN pos_order r ON r.id = y.pos_order_id
                  AND r.state IN ('paid', 'done', 'invoiced')
                 JOIN pos_session z ON z.id = r.session_id
                 JOIN pos_config f ON f.id = z.config_id
                 JOIN res_company rc ON rc.id = r.company_id
                 JOIN pos_payment_method m ON m.id = y.payment_method_id
                 JOIN account_journal j ON j.id = m.journal_id AND j.type IN ('cash', 'bank')
                 LEFT JOIN tibillet_place p ON p.company_id = r.company_id
                GROUP BY r.id, f.id, rc.id, j.id, p.id
            """,
            columns=self._columns(
                company=SQL("r.company_id"),
                day=self.env["tibillet.books"]._business_day_sql(SQL("r.date_order")),
                # A till may sell in its journal's currency.
                currency=SQL("COALESCE(j.currency_id, rc.currency_id)"),
                spot=SQL("f.name"),
                means=SQL("CASE j.type WHEN 'cash' THEN 'cash' ELSE 'bank_card' END"),
                money_in=SQL("GREATEST(%s, 0)", net),
                money_out=SQL("GREATEST(-%s, 0)", net),
            ),
        )

    def _transfers_part(self):
        """Refunds by transfer, on the day on which they left."""
        return SQL(
            """%s FROM tibillet_payback b
                 JOIN account_move m ON m.id = b.move_id
                 JOIN res_company bc ON bc.id = b.company_id
                WHERE b.state = 'done'""",
            self._columns(
                company=SQL("b.company_id"),
                day=SQL("m.date"),
                currency=SQL("bc.currency_id"),
                means=SQL("'transfer'"),
                money_out=SQL("b.amount"),
            ),
        )

    def _payouts_part(self):
        """What merchants were paid, their commission set off."""
        return SQL(
            """%s FROM tibillet_merchant_statement b
                 JOIN res_currency cur ON cur.id = b.currency_id
                WHERE b.state = 'paid' AND b.due_minor > b.commission_minor""",
            self._columns(
                company=SQL("b.company_id"),
                day=SQL("b.paid_on"),
                currency=SQL("b.currency_id"),
                means=SQL("'transfer'"),
                money_out=SQL(
                    "(b.due_minor - b.commission_minor) / (10 ^ cur.decimal_places)::numeric"
                ),
            ),
        )

    def _payouts_back_parts(self):
        """Payments to merchants that came back: they left on their day, and came in on theirs."""
        for day, measure in ((SQL("r.paid_on"), "money_out"), (SQL("r.date"), "money_in")):
            yield SQL(
                """%s FROM tibillet_merchant_return r
                     JOIN tibillet_merchant_statement b ON b.id = r.statement_id
                     JOIN res_currency cur ON cur.id = b.currency_id""",
                self._columns(
                    company=SQL("b.company_id"),
                    day=day,
                    currency=SQL("b.currency_id"),
                    means=SQL("'transfer'"),
                    **{measure: SQL("r.amount_minor / (10 ^ cur.decimal_places)::numeric")},
                ),
            )

    def _cup_parts(self):
        """Cups of one's own are held; another owner's are due to that owner."""
        for measure, owner in (
            ("deposits", SQL("u.owner_id IS NULL")),
            ("owed_to_others", SQL("u.owner_id IS NOT NULL")),
        ):
            yield SQL(
                """%(columns)s FROM (%(cups)s) u
                     JOIN pos_config f ON f.id = u.config_id
                     JOIN res_company uc ON uc.id = u.company_id
                     LEFT JOIN tibillet_place p ON p.company_id = u.company_id
                    WHERE %(owner)s
                """,
                owner=owner,
                columns=self._columns(
                    company=SQL("u.company_id"),
                    day=self.env["tibillet.books"]._business_day_sql(SQL("u.at")),
                    currency=SQL("uc.currency_id"),
                    spot=SQL("f.name"),
                    **{measure: SQL("u.amount")},
                ),
                cups=self.env["tibillet.deposit.move"]._table_query,
            )
