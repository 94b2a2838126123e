"""The Z says the VAT that its closing books, to the cent, whatever is in the baskets."""

import random

from odoo.fields import Command
from odoo.tests import tagged

from .merchant_common import MerchantCase
from .test_gift_discount import GiftCase

#: Finds a difference of cents when lines that were rounded one by one are added up.
SEED, BASKETS = 11, 8


@tagged("post_install", "-at_install")
class TestClosingVat(GiftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        book_tax = cls.beer.taxes_id.copy({"name": "Book 5.5 %", "amount": 5.5})
        cls.book = cls.env["product.product"].create(
            {
                "name": "Book",
                "available_in_pos": True,
                "list_price": 2.7,
                "taxes_id": [Command.set(book_tax.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.goods = cls.beer | cls.soup | cls.book

    def order(self, lines, **values):
        """An order in cash, each line rounded by itself as a till sends it."""
        total = round(sum(qty * price for _product, qty, price in lines), 2)
        values = self.order_values([(self.cash, total, False)], lines, **values)
        for command in values["lines"]:
            line = command[2]
            rate = self.env["account.tax"].browse(line["tax_ids"][0][2]).amount
            incl = round(line["price_subtotal_incl"], 2)
            line |= {
                "price_subtotal_incl": incl,
                "price_subtotal": round(incl / (1 + rate / 100) + 1e-9, 2),
            }
        return self.sync(values | {"amount_total": total})

    def evening(self, seed):
        draw = random.Random(seed)
        for _number in range(BASKETS):
            self.order(
                [
                    (draw.choice(self.goods), draw.randint(1, 3), draw.randint(50, 900) / 100)
                    for _line in range(draw.randint(2, 7))
                ]
            )

    def booked(self):
        """``{rate: (net, VAT)}`` of the entry of the session and of its invoices, in cents."""
        session = self.till_session.sudo()
        found = {}
        for line in (session.move_id | session.order_ids.account_move).line_ids:
            for tax, at in ((line.tax_ids, 0), (line.tax_line_id, 1)):
                if tax:
                    row = found.setdefault(tax.amount, [0, 0])
                    row[at] -= round(line.balance * 100)
        return {rate: tuple(row) for rate, row in found.items()}

    def content(self):
        closing = self.env["tibillet.closing"].search([("session_id", "=", self.till_session.id)])
        return closing.content

    def assertSame(self):
        content = self.content()
        said = {row["rate"]: (row["net"], row["vat"]) for row in content["vat"]}
        self.assertEqual(said, self.booked())
        turnover = content["turnover"]
        self.assertEqual(turnover["net"] + turnover["vat"], turnover["gross"])
        for row in content["vat"]:
            self.assertEqual(row["net"] + row["vat"], row["gross"])

    def check(self, way):
        self.company.tax_calculation_rounding_method = way
        self.evening(SEED)
        self.env.flush_all()
        figures = self.env["tibillet.figures"]
        lines = figures._vat(figures._scope(self.till_session.sudo()), [0])
        self.close(999)
        self.assertSame()
        return self.content()["vat"] != lines

    def test_orders_rounded_as_a_whole(self):
        self.assertTrue(self.check("round_globally"), "the seed does not show the cents")

    def test_lines_rounded_one_by_one(self):
        self.check("round_per_line")

    def test_gifts_goods_taken_back_and_an_invoice(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.give(333)
        self.load(self.card, 5000)
        self.buy((self.beer, 1, 2.5), (self.beer, 1, 2.5), (self.soup, 3, 1.37))
        lines = [(self.book, 2, 2.7), (self.book, 1, 12.35), (self.beer, 1, 2.5)]
        self.order(lines)
        self.order([(self.book, -2, 2.7), (self.book, -1, 12.35)])
        partner = self.env["res.partner"].create({"name": "Association des Dunes"})
        self.order(lines, to_invoice=True, partner_id=partner.id)
        self.close(999)
        self.assertSame()


@tagged("post_install", "-at_install")
class TestMerchantClosingVat(MerchantCase):
    """Nothing of it is in the organiser's books; its Z rounds as an entry would."""

    def test_two_bottles(self):
        """Twice 2.11 at 5.5 %: 4.00 and 0.22; each alone has 0.11, and three have 0.33."""
        self.set_till_up()
        self.open_stand()
        self.serve([(self.water, 1, 2.11), (self.water, 1, 2.11), (self.water, 1, 1.30)], cash=5.52)
        self.close_stand(5.52)
        closing = self.env["tibillet.closing"].search([("session_id", "=", self.till_session.id)])
        self.assertEqual(
            [(row["net"], row["vat"], row["gross"]) for row in closing.content["vat"]],
            [(523, 29, 552)],
        )
