"""Drinks and places in one basket: each in its own account and tax, and nothing is left over."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.tibillet_pos_nfc.tests.common import UID
from odoo.addons.tibillet_pos_nfc.tests.test_books import BooksCase

from .common import SeatsCase


class TillBooksCase(BooksCase):
    """A bar that sells beers at 20 % and places of a concert at 5.5 %, income apart."""

    make_concert = classmethod(SeatsCase.make_concert.__func__)
    hold = SeatsCase.hold

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_concert()
        cls.event.seats_max = 10
        cls.place = cls.rate.product_id
        cls.bar_tax = cls.beer.taxes_id
        cls.place_tax = cls.bar_tax.copy({"name": "Shows 5.5 %", "amount": 5.5})
        cls.place.taxes_id = cls.place_tax
        accounts = cls.env["account.account"]
        cls.bar_income, cls.place_income = accounts.create(
            [
                {"name": name, "code": code, "account_type": "income"}
                for name, code in (("Bar", "707900"), ("Shows", "706900"))
            ]
        )
        cls.beer.property_account_income_id = cls.bar_income
        cls.place.property_account_income_id = cls.place_income

    def setUp(self):
        super().setUp()
        self.session = self.till_session

    def basket(self, lines, payments, user=None):
        """An order of ``(product, number, price)``; the seats of its places are put aside."""
        sent = self.order_values(payments, lines)
        tax = 0
        for _command, _id, line in sent["lines"]:
            rate = self.env["account.tax"].browse(line["tax_ids"][0][2]).amount
            gross = line["price_subtotal_incl"]
            line["price_subtotal"] = round(gross / (1 + rate / 100), 2)
            tax += gross - line["price_subtotal"]
            if line["product_id"] == self.place.id and line["qty"] > 0:
                self.with_places(line)
        return self.sync({**sent, "amount_tax": round(tax, 2)}, user=user)

    def with_places(self, line):
        number = line["qty"]
        line["event_ticket_id"] = self.rate.id
        line["event_registration_ids"] = [
            Command.create(
                {"event_id": self.event.id, "event_ticket_id": self.rate.id, "name": "Anna"}
            )
        ] * number
        answer = self.hold(line["uuid"], number)
        self.assertTrue(answer["ok"], answer)

    def asked(self, lines, **more):
        """The basket as a tap says it."""
        return [
            {"product_id": product.id, "amount_minor": round(number * price * 100), **more}
            for product, number, price in lines
        ]

    def by_card(self, lines, up_to=None, **more):
        """Tap for the basket: the payment of it that the card made."""
        answer = self.tap(lines=self.asked(lines, **more), uid=UID, up_to=up_to)
        self.assertTrue(answer["ok"], answer)
        return (self.method, answer["amount_minor"] / 100, self.key)

    def booked(self):
        """``{(account, tax of the line): credit}`` of all entries of the session, in cents."""
        found = {}
        for line in self.till_session.sudo().move_id.line_ids:
            if line.tax_ids or line.tax_line_id:
                account = line.account_id if line.tax_ids else self.env["account.account"]
                key = (account, line.tax_ids or line.tax_line_id)
                found[key] = found.get(key, 0) - round(line.balance * 100)
        return found

    def said(self):
        """``{rate: (net, VAT, gross)}`` of the Z."""
        closing = self.env["tibillet.closing"].search([("session_id", "=", self.till_session.id)])
        return {
            row["rate"]: (row["net"], row["vat"], row["gross"]) for row in closing.content["vat"]
        }

    def settle(self, cash):
        """Close, write the day's entry of the cards; no cent of this bar waits for anything."""
        self.close(cash)
        self.write_books()
        self.assertClearing(0)
        control = self.env["tibillet.control"]._look(self.company)
        self.assertEqual(control.rest, 0.0)


@tagged("post_install", "-at_install")
class TestTillBooks(TillBooksCase):
    def sell_three_ways(self):
        """A beer and a place in cash, by card, and half and half."""
        lines = [(self.beer, 1, 6.0), (self.place, 1, 10.0)]
        in_cash = self.basket(lines, [(self.cash, 16.0, False)])
        by_card = self.basket(lines, [self.by_card(lines)])
        some = self.by_card(lines, up_to=700)
        split = self.basket(lines, [some, (self.cash, 12.0, False)])
        self.assertEqual(some[1], 4.0, "what the card still had")
        return in_cash, by_card, split

    def test_each_line_in_its_account_and_tax(self):
        orders = self.sell_three_ways()
        for order in orders:
            self.assertEqual(order.lines.event_registration_ids.mapped("state"), ["open"])
        self.settle(28)
        self.assertEqual(
            self.booked(),
            {
                (self.bar_income, self.bar_tax): 1500,
                (self.env["account.account"], self.bar_tax): 300,
                (self.place_income, self.place_tax): 2844,
                (self.env["account.account"], self.place_tax): 156,
            },
        )
        self.assertEqual(self.said(), {20: (1500, 300, 1800), 5.5: (2844, 156, 3000)})
        self.assertEqual(self.free(), 0)

    def test_the_place_alone_is_brought_back(self):
        """By the way it came: cash out of the drawer, money onto the card; the drinks stay."""
        in_cash, by_card, _split = self.sell_three_ways()
        self.give_back(in_cash, [(self.cash, -10.0, False)])
        line = self.line_of_the_place(by_card)
        payment = self.by_card([(self.place, -1, 10.0)], refunded_line_id=line.id)
        self.give_back(by_card, [payment])
        self.assertEqual(self.free(), 1000)
        for order in (in_cash, by_card):
            self.assertEqual(order.lines.event_registration_ids.mapped("state"), ["cancel"])
        self.settle(18)
        self.assertEqual(self.booked()[(self.bar_income, self.bar_tax)], 1500)
        places = sum(sum(cents) for cents in [self.said()[5.5][:2]])
        self.assertEqual((places, self.said()[5.5][2], self.said()[20][2]), (1000, 1000, 1800))
        income = {key: cents for key, cents in self.booked().items() if key[1] == self.place_tax}
        self.assertEqual(sum(income.values()), 1000)

    def test_nothing_else_comes_back_than_what_the_card_paid(self):
        """A place paid in cash does not become money on a card."""
        in_cash, _by_card, _split = self.sell_three_ways()
        answer = self.tap(
            lines=self.asked(
                [(self.place, -1, 10.0)], refunded_line_id=self.line_of_the_place(in_cash).id
            )
        )
        self.assertFalse(answer["ok"])
        self.assertEqual(self.free(), 0)

    def line_of_the_place(self, order):
        return order.lines.filtered(lambda line: line.product_id == self.place)

    def give_back(self, order, payments):
        sent = self.order_values(payments, [(self.place, -1, 10.0)])
        line = sent["lines"][0][2]
        line["refunded_orderline_id"] = self.line_of_the_place(order).id
        line["event_ticket_id"] = self.rate.id
        line["price_subtotal"] = -9.48
        return self.sync({**sent, "amount_tax": -0.52}, user=self.till_manager)
