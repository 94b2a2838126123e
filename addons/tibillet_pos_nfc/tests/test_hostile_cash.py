"""The drawer and the Z before a cashier who stops half-way and an accountant who doubts."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .cardpage_common import CardActs
from .test_cash_drawer import DrawerCase


@tagged("post_install", "-at_install")
class TestHostileCash(CardActs, DrawerCase):
    def stop_between(self, amount, key="count-1"):
        """The first step of a count, and the tablet dies before the second."""
        self.till_session._tibillet_take(key, {}, amount)
        self.env.invalidate_all()

    def test_a_count_that_stopped_half_way_is_compared_at_the_closing(self):
        self.cash_sale()
        self.stop_between(146.0)  # 156 were expected
        self.cash_sale(4.0)
        self.count("150", key="count-2")
        closing = self.close(150)
        self.assertEqual(
            [(shift.state, shift.difference) for shift in self.shifts][:2],
            [("closed", -10), ("closed", 0)],
        )
        self.assertEqual(closing.content["cash"]["difference"], -1000)
        self.assertEqual(closing.content["cash"]["counted"], 15000)
        lines = self.till_session.sudo().statement_line_ids
        booked = lines.filtered(lambda line: line.tibillet_kind == "difference")
        self.assertEqual(booked.mapped("amount"), [-10])

    def test_a_count_that_stopped_half_way_and_nothing_after(self):
        self.cash_sale()
        self.stop_between(146.0)
        closing = self.close(146)
        self.assertEqual(closing.content["cash"]["difference"], -1000)
        self.assertEqual(closing.content["cash"]["counted"], 14600)

    def test_what_was_counted_is_not_paid_otherwise_afterwards(self):
        order = self.cash_sale(50.0)
        self.count("200")
        for user in (self.cashier, self.till_manager):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.payment_ids.with_user(user).payment_method_id = self.bank
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.with_user(user).write(
                    {
                        "payment_ids": [
                            Command.create({"payment_method_id": self.bank.id, "amount": 50.0}),
                            Command.create({"payment_method_id": self.cash.id, "amount": -50.0}),
                        ]
                    }
                )
        closing = self.close(200)
        self.assertEqual(closing.content["cash"]["difference"], 0)
        self.assertEqual(closing.content["cash"]["counted"], 20000)

    def test_before_the_count_a_mistyped_method_may_be_changed(self):
        order = self.cash_sale(50.0)
        order.payment_ids.with_user(self.cashier).payment_method_id = self.bank
        self.assertEqual(self.count("150")["difference"], 0)

    def test_money_paid_back_stands_apart_from_top_ups(self):
        self.load_by("cash", 5000)
        answer = self.act(
            "refund", {"asset_id": self.token.id, "price_minor": 2000, "means": "cash"}
        )
        self.assertTrue(answer["ok"], answer)
        self.count("180")
        content = self.close(180).content
        self.assertEqual(
            content["moved"],
            [
                {"nature": "topup", "side": "in", "qty": 1.0, "amount": 5000},
                {"nature": "topup", "side": "out", "qty": 1.0, "amount": -2000},
            ],
        )
        self.assertEqual(content["turnover"]["gross"], 0)

    def test_whose_drawer_it_is_the_server_says(self):
        self.cash_sale()
        self.count("156")
        first = self.shifts[0]
        values = self.order_values([(self.cash, 20.0, False)], [(self.beer, 1, 20.0)])
        order = self.sync(values | {"tibillet_shift_id": first.id})
        self.assertEqual(order.tibillet_shift_id, self.shifts[1])
        order.with_user(self.cashier).write({"tibillet_shift_id": first.id})
        self.assertEqual(order.tibillet_shift_id, self.shifts[1])
        self.assertEqual(self.count("176", key="count-2")["difference"], 0)

    def test_an_undo_is_the_servers_word(self):
        sale = self.sell()
        values = self.order_values([(self.cash, -6.0, False)], [(self.beer, -1, 6.0)])
        values |= {"tibillet_undo_of_id": sale.id, "tibillet_undo_reason": "mine"}
        values["lines"][0][2]["refunded_orderline_id"] = sale.lines.id
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.sync(values)
        sale.with_user(self.cashier).write({"tibillet_undo_of_id": sale.id})
        self.assertFalse(sale.tibillet_undo_of_id)

    def test_a_good_count_does_not_hide_a_bad_one(self):
        self.config.sudo().write({"set_maximum_difference": True, "amount_authorized_diff": 5})
        self.cash_sale()
        self.count("136")
        self.cash_sale()
        self.count("142", key="count-2")
        result = self.till_session.close_session_from_ui()
        self.assertFalse(result["successful"], result)
        self.assertIn("20.00", result["message"])

    def test_what_was_undone_is_no_refund(self):
        sale = self.cash_sale()
        answer = self.till_session.with_user(self.till_manager).tibillet_undo(
            self.credential, self.next_seq(), "undo-key", sale.uuid, "Wrong table"
        )
        self.assertTrue(answer["ok"], answer)
        figures = self.env["tibillet.figures"].sudo()._compute_figures(self.till_session.sudo())
        events = figures["events"]
        self.assertEqual((events["undone"], events["undone_amount"]), (1, -600))
        self.assertEqual((events["refunds"], events["refunds_amount"]), (0, 0))

    def test_odd_digits_are_no_coins(self):
        for coins in ({"²": 1}, {"٣": 1}):
            answer = self.till_session.tibillet_cash_count("count-1", coins, 0)
            self.assertEqual(answer["code"], "invalid")

    def test_a_slip_is_numbered_by_the_server(self):
        self.cash_sale()
        self.drop()
        slips = self.env["tibillet.cash.remittance"].with_user(self.till_manager)
        bag = self.env["tibillet.cash.drop"].search([])
        for values in ({"state": "done"}, {"number": 7, "state": "done"}, {"name": "00009"}):
            with self.subTest(values=values):
                slip = slips.create({"drop_ids": [Command.set(bag.ids)], **values})
                self.assertEqual((slip.state, slip.number, slip.name), ("draft", 0, "/"))
                with self.assertRaises(AccessError):
                    slip.write(values)
        self.assertFalse(bag.remittance_id)

    def test_a_pin_is_not_guessed(self):
        self.config.module_pos_hr = True
        employee = (
            self.env["hr.employee"]
            .sudo()
            .create({"name": "Luc", "pin": "4711", "company_id": self.company.id})
        )
        self.cash_sale()
        self.count("156")
        codes = [
            self.till_session.tibillet_cash_accept(None, employee.id, f"{pin:04}")["code"]
            for pin in range(20)
        ]
        self.assertIn("rate_limited", codes)
        self.assertEqual(
            self.till_session.tibillet_cash_accept(None, employee.id, "4711")["code"],
            "rate_limited",
        )

    def test_a_mean_basket_is_of_baskets(self):
        self.cash_sale(6.0)
        self.cash_sale(10.0)
        self.load_by("cash", 5000)
        self.count("216")
        habits = self.close(216).content["habits"]
        self.assertEqual(habits["mean_basket"], 800)
