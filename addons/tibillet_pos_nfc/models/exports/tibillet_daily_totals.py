from odoo import api, models
from odoo.tools import SQL


class TibilletDailyTotals(models.AbstractModel):
    """The tills' sales: orders that no invoice stands for, line by line, as their closing has
    them; a gift spent where it was given lowers base and tax."""

    _inherit = "tibillet.daily.totals"

    @api.model
    def _rows(self, company, first, last):
        return [*super()._rows(company, first, last), *self._till_rows(company, first, last)]

    @api.model
    def _sold_sql(self):
        """Which lines ``l`` of orders ``o`` are the company's own sales; a seam.

        What is sold for somebody else is left out: here what a merchant's till sells.

        :rtype: SQL
        """
        return SQL(
            """NOT EXISTS (
                   SELECT FROM pos_session ms JOIN pos_config mc ON mc.id = ms.config_id
                    WHERE ms.id = o.session_id AND mc.tibillet_merchant_id IS NOT NULL)"""
        )

    @api.model
    def _moved_product_ids(self, company):
        return list(self.env["tibillet.figures"]._moved_products(company))

    @api.model
    def _till_rows(self, company, first, last):
        found = self.env.execute_query(
            SQL(
                """
                SELECT day, order_id, array_agg(line_id)
                  FROM (SELECT %(day)s AS day, o.id AS order_id, l.id AS line_id
                          FROM pos_order o
                          JOIN pos_order_line l ON l.order_id = o.id
                          LEFT JOIN tibillet_place p ON p.company_id = o.company_id
                         WHERE o.company_id = %(company)s AND o.account_move IS NULL
                           AND o.state IN ('paid', 'done', 'invoiced')
                           AND o.date_order >= %(first)s::date - 2
                           AND o.date_order < %(last)s::date + 3
                           AND NOT l.product_id = ANY(%(moved)s) AND %(sold)s) sold
                 WHERE day BETWEEN %(first)s AND %(last)s
                 GROUP BY 1, 2 ORDER BY 1, 2
                """,
                day=self._day_sql(),
                company=company.id,
                first=first,
                last=last,
                moved=self._moved_product_ids(company),
                sold=self._sold_sql(),
            )
        )
        orders = self.env["pos.order"].with_company(company)
        orders = orders.browse([order_id for _day, order_id, _lines in found])
        return [
            {**sums, "day": day, "operations": {f"order:{order.id}"}}
            for order, (day, _order_id, line_ids) in zip(orders, found, strict=True)
            for sums in self._order_rates(order, set(line_ids))
        ]

    @api.model
    def _day_sql(self):
        return self.env["tibillet.books"]._business_day_sql(SQL("o.date_order"))

    @api.model
    def _order_rates(self, order, line_ids):
        """Base and tax of some lines of an order by rate."""
        unit = 10**order.company_id.currency_id.decimal_places
        sums = {}
        for line_id, rate, base, vat, _other in self._order_parts(order, declared=True):
            if line_id in line_ids:
                before = sums.get(rate, (0, 0))
                sums[rate] = before[0] + base, before[1] + vat
        return [
            {"rate": rate, "base_minor": round(base * unit), "vat_minor": round(vat * unit)}
            for rate, (base, vat) in sums.items()
        ]

    @api.model
    def _order_parts(self, order, declared=False):
        """What the books have of the lines of an order, reckoned as its closing reckons them:
        the whole order at once, so that rounding falls where it falls there.

        :param declared: also what was sold for time, at its usual price: it is in no total of
            the order
        :return: list of ``(line id, rate, base, VAT, other taxes)``, amounts in the company's
            currency; a line has several when a part of it was given, or taxed before
        """
        company = order.company_id
        taxes = self.env["account.tax"]
        goods = order.with_context(linked_to_pos=True)._prepare_tax_base_line_values()
        taxes._add_tax_details_in_base_lines(goods, company)
        taxes._round_base_lines_tax_details(goods, company)
        gifts = order.lines._tibillet_gift_base_lines()
        for_time = order.lines._tibillet_declared_base_lines() if declared else []
        if gifts or for_time:
            order._tibillet_gift_taxes([*gifts, *for_time])
        # Odoo turns the quantities of an order that gives money back around.
        sign = -1 if order.amount_total < 0 else 1
        parts = []
        for base_line in [*goods, *gifts, *for_time]:
            details = base_line["tax_details"]
            rated = [one for one in details["taxes_data"] if one["tax"].amount_type == "percent"]
            vat = sum(one["tax_amount"] for one in rated)
            all_taxes = sum(one["tax_amount"] for one in details["taxes_data"])
            parts.append(
                (
                    base_line["record"].id,
                    float(sum(one["tax"].amount for one in rated)),
                    sign * (details["total_excluded"] + details["delta_total_excluded"]),
                    sign * vat,
                    sign * (all_taxes - vat),
                )
            )
        return parts
