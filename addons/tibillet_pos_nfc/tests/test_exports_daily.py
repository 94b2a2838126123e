"""Daily sales to consumers: what the tills sold, to the cent of what their closings wrote."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .test_gift_discount import GiftCase


@tagged("post_install", "-at_install")
class TestDailySales(GiftCase):
    def totals(self, days=3):
        place = self.env["tibillet.place"]._of_company(self.company)
        today = place._business_day(fields.Datetime.now())
        return self.env["tibillet.daily.totals"]._days(
            self.company, today - timedelta(days=days), today
        )

    def by_rate(self):
        sums = {}
        for day in self.totals():
            for rate in day["rates"]:
                base, vat = sums.get(rate["rate"], (0, 0))
                sums[rate["rate"]] = (base + rate["base_minor"], vat + rate["vat_minor"])
        return sums

    def test_the_months_totals_are_those_of_the_closing_entries(self):
        """Odd cents, two rates, a discount, goods taken back, a gift as discount, a top-up and a
        deposit: base and tax of each rate are the journal items' own."""
        self.give(350)
        self.load(self.card, 5000)
        self.buy((self.beer, 1, 6.0), (self.soup, 1, 4.35))
        for price in (1.01, 2.37, 3.33, 0.99):
            self.sync(
                self.order_values(
                    [(self.cash, round(price * 3 + 4.29, 2), False)],
                    [(self.crisps, 3, price), (self.soup, 1, 4.29)],
                )
            )
        self.sync(self.order_values([(self.cash, -2.37, False)], [(self.crisps, -1, 2.37)]))
        topup = self.company.tibillet_topup_product_id
        deposit = self.env["product.product"].create(
            {
                "name": "Gobelet",
                "available_in_pos": True,
                "tibillet_deposit": True,
                "list_price": 1,
                "taxes_id": False,
                "company_id": self.company.id,
            }
        )
        before = self.by_rate()
        self.sync(self.order_values([(self.cash, 3, False)], [(deposit, 3, 1)]))
        self.assertEqual(self.by_rate(), before, "a deposit is no sale")
        # The test's tills reckon every line at one rate; a real one as Odoo does.
        for line in self.till_session.sudo().order_ids.lines:
            line.update(line._compute_amount_line_all())
        self.assertTrue(
            topup.id in self.env["tibillet.daily.totals"]._moved_product_ids(self.company)
        )
        self.close(999)
        posted = {}
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("move_id", "=", self.till_session.sudo().move_id.id),
            ]
        )
        for line in lines:
            if line.tax_line_id:
                base, vat = posted.get(line.tax_line_id.amount, (0, 0))
                posted[line.tax_line_id.amount] = (base, vat - round(line.balance * 100))
            elif line.tax_ids:
                base, vat = posted.get(line.tax_ids.amount, (0, 0))
                posted[line.tax_ids.amount] = (base - round(line.balance * 100), vat)
        self.assertEqual(set(posted), {10.0, 20.0})
        self.assertEqual(self.by_rate(), posted)
        self.assertTrue(all(vat for _base, vat in posted.values()))

    def test_operations_are_counted_and_the_filter_is_a_seam(self):
        self.sell()
        self.sell()
        [day] = self.totals()
        self.assertEqual(day["operations"], 2)
        totals = type(self.env["tibillet.daily.totals"])
        others = SQL("l.product_id <> %s", self.beer.id)
        with patch.object(totals, "_sold_sql", lambda _self: others):
            self.assertEqual(self.totals(), [])

    def test_a_training_till_or_a_draft_sells_nothing(self):
        values = self.order_values([(self.cash, 6.0, False)])
        values["state"] = "draft"
        self.sync(values)
        self.assertEqual(self.totals(), [])
