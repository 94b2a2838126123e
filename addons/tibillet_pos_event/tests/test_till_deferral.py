"""Places of later events that a till sold leave the income at a closing, once."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_till_books import TillBooksCase


@tagged("post_install", "-at_install")
class TestTillDeferral(TillBooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.accountant.group_ids |= cls.env.ref("account.group_account_user")

    def setUp(self):
        super().setUp()
        self.today = fields.Date.context_today(self.env["pos.session"])
        self.deferred = self.env["account.account"].create(
            {"name": "Deferred", "code": "487900", "account_type": "liability_current"}
        )

    def wizard(self, day=None):
        return (
            self.env["tibillet.ticket.deferral"]
            .with_user(self.accountant)
            .create({"day": day or self.today, "account_id": self.deferred.id})
        )

    def rows(self, day=None):
        return [(line.account_id, line.amount) for line in self.wizard(day).line_ids]

    def sell_both(self):
        lines = [(self.beer, 1, 6.0), (self.place, 2, 10.0)]
        return self.basket(lines, [(self.cash, 26.0, False)])

    def test_what_the_closing_booked(self):
        self.sell_both()
        self.assertEqual(self.rows(), [], "nothing is booked before the closing")
        self.close(26)
        self.assertEqual(self.booked()[self.place_income, self.place_tax], 1896)
        self.assertEqual(self.rows(), [(self.place_income, 18.96)])
        self.assertEqual(self.rows(self.today - timedelta(days=1)), [])
        played = self.today + timedelta(days=2)
        self.assertEqual(self.rows(played), [], "of that day: no later event any more")
        action = self.wizard().action_propose()
        first, back = self.env["account.move"].search(action["domain"], order="date")
        income = first.line_ids.filtered(lambda line: line.account_id == self.place_income)
        self.assertEqual((income.debit, back.date - first.date), (18.96, timedelta(days=1)))

    def test_what_was_brought_back_is_taken_off(self):
        order = self.sell_both()
        self.close(26)
        self.pair(self.open_session())
        self.give_one_back(order)
        self.assertEqual(self.rows(), [(self.place_income, 18.96)])
        self.close(16)
        self.assertEqual(self.rows(), [(self.place_income, 9.48)])

    def give_one_back(self, order):
        sent = self.order_values([(self.cash, -10.0, False)], [(self.place, -1, 10.0)])
        line = sent["lines"][0][2]
        sold = order.lines.filtered(lambda line: line.product_id == self.place)
        line["refunded_orderline_id"] = sold.id
        line["price_subtotal"] = -9.48
        self.sync({**sent, "amount_tax": -0.52}, user=self.till_manager)

    def test_it_stays_where_it_was_booked(self):
        """The product was given another account since."""
        self.sell_both()
        self.close(26)
        self.place.property_account_income_id = self.bar_income
        self.assertEqual(self.rows(), [(self.place_income, 18.96)])

    def test_an_invoice_of_the_till_is_there_once(self):
        partner = self.env["res.partner"].create({"name": "Association des Dunes"})
        order = self.sell_both()
        order.partner_id = partner
        order.with_user(self.env.user).action_pos_order_invoice()
        self.assertEqual(self.rows(), [(self.place_income, 18.96)])
        self.close(26)
        self.assertEqual(self.rows(), [(self.place_income, 18.96)])

    def test_beside_an_invoice_of_the_office(self):
        """The same event, sold at the till and by a sales order: one line, both of it."""
        self.place.invoice_policy = "order"
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Ville"}).id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.place.id,
                            "event_id": self.event.id,
                            "event_ticket_id": self.rate.id,
                            "product_uom_qty": 1,
                            "price_unit": 10,
                            "tax_ids": [Command.set(self.place_tax.ids)],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order._create_invoices().action_post()
        self.sell_both()
        self.close(26)
        self.assertEqual(self.rows(), [(self.place_income, 28.44)])

    def test_an_event_of_today_stays(self):
        self.sell_both()
        self.close(26)
        self.assertEqual(self.rows(), [(self.place_income, 18.96)])
        self.event.date_begin = fields.Datetime.now()
        self.assertEqual(self.rows(), [])

    def test_who_keeps_no_books_sees_none_of_it(self):
        self.sell_both()
        self.close(26)
        for user in (self.cashier, self.till_manager, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["tibillet.ticket.deferral"].with_user(user).create(
                    {"day": self.today, "account_id": self.deferred.id}
                )
