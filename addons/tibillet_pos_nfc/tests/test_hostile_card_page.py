"""A cashier who writes the till's requests by hand: what the card page never pays twice."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OTHER_UID, UID
from .test_cardpage_money_back import MoneyBackCase


@tagged("post_install", "-at_install")
class TestHostileCardPage(MoneyBackCase):
    def refund_again(self, key, amount, **line):
        """An order like the one that a refund made, with the same key."""
        values = self.order_values(
            [(self.cash, -amount, False)],
            [(self.topup_product, 1, -amount)],
            tibillet_device_id=self.device.id,
            amount_tax=0,
        )
        values["lines"][0][2].update(
            {
                "price_subtotal": -amount,
                "tibillet_operation_key": key,
                "tibillet_device_id": self.device.id,
                **line,
            }
        )
        return values

    def assertNotStored(self, values):
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.sync(values)

    def test_one_refund_leaves_the_drawer_once(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.assertTrue(self.refund(500)["ok"])
        before = self.drawer()
        for line in ({}, {"tibillet_device_id": False}):
            with self.subTest(line=line):
                self.assertNotStored(self.refund_again(self.key, 5.0, **line))
        self.assertEqual(self.drawer(), before)

    def test_a_refund_by_transfer_leaves_no_drawer(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.assertTrue(self.transfer(500)["ok"])
        before = self.drawer()
        for method in (self.cash, self.bank):
            values = self.refund_again(self.key, 5.0)
            values["payment_ids"][0][2]["payment_method_id"] = method.id
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.sync(values)
        self.assertEqual(self.drawer(), before)

    def test_a_refund_is_paid_the_way_it_was_recorded(self):
        """Recorded on the bank card, taken out of the drawer: the drawer would be short."""
        self.load_by("bank", 2000, uid=OTHER_UID)
        self.assertTrue(self.refund(500, "bank_card")["ok"])
        line = self.till_session.sudo().order_ids.lines.filtered(
            lambda line: line.tibillet_operation_key == self.key
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.order_id.payment_ids.with_user(self.cashier).payment_method_id = self.cash
        for values in (
            {"tibillet_operation_key": "another"},
            {"tibillet_operation_key": False},
            {"tibillet_device_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    line.with_user(self.cashier).write(values)
        line.with_user(self.cashier).write({"tibillet_operation_key": self.key})  # the same again

    def test_one_key_one_act(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.assertTrue(self.refund(500)["ok"])
        self.assertEqual(self.promise(1000, key=self.key)["code"], "key_conflict")
        self.assertTrue(self.promise(1000)["ok"])
        self.assertEqual(self.refund(500, key=self.key)["code"], "key_conflict")

    def test_a_card_that_became_blank_meanwhile_is_not_loaded(self):
        card = self.env["tibillet.card"].create(
            {"uid": "04DDCCBBAA9988", "number": "BLANK234", "company_id": self.company.id}
        )
        card._draw_claim_code()
        self.assertTrue(self.promise(1000, uid=card.uid)["ok"])
        uid = card.uid
        card._recycle(holder_agrees=True)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.sync(self.mixed_values([(self.cash, 10.0, False)], topups=[(self.key, 10.0)]))
        self.assertTrue(self.promise(1000, uid=uid)["ok"])

    def test_one_promise_is_sold_once(self):
        self.assertTrue(self.promise(2000)["ok"])
        self.sync(self.mixed_values([(self.cash, 20.0, False)], topups=[(self.key, 20.0)]))
        values = self.mixed_values(
            [(self.cash, 20.0, False)],
            topups=[(self.key, 20.0)],
            tibillet_device_id=self.device.id,
        )
        values["lines"][0][2]["tibillet_device_id"] = False
        self.assertNotStored(values)
        self.assertEqual(self.free(), 4000)

    def test_a_top_up_stays_paid_in_money(self):
        order = self.load_by("cash", 2000)
        for method in (self.title, self.pay_later()):
            with self.subTest(method=method.name), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    order.with_user(self.cashier).write(
                        {
                            "payment_ids": [
                                Command.update(
                                    order.payment_ids.id, {"payment_method_id": method.id}
                                )
                            ]
                        }
                    )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.payment_ids.with_user(self.cashier).payment_method_id = self.title

    def pay_later(self):
        method = self.env["pos.payment.method"].create(
            {"name": "On account", "company_id": self.company.id, "split_transactions": True}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO pos_config_pos_payment_method_rel VALUES (%s, %s)",
            [self.config.id, method.id],
        )
        self.env.invalidate_all()
        return method

    def test_goods_given_back_load_no_card(self):
        """A gift that bought a beer would come back as money that is paid out."""
        self.load(self.card, 2000, self.gift)
        sale = self.sell(20.0)
        self.assertEqual(self.free(asset=self.gift), 0)
        self.assertTrue(self.promise(2000)["ok"])
        values = self.mixed_values([], goods=[(self.beer, -1, 20.0)], topups=[(self.key, 20.0)])
        values["lines"][0][2]["refunded_orderline_id"] = sale.lines.id
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.sync(values)
        self.assertEqual(self.free(), 2000)

    def test_a_refund_by_transfer_that_is_corrected_is_not_paid(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.assertTrue(self.transfer(2000)["ok"])
        operation = self.operation()
        payback = self.env["tibillet.payback"].search([("operation_id", "=", operation.id)])
        self.correct(operation, 20)
        self.assertEqual(self.free(self.other_card), 2000)
        self.assertEqual(payback.state, "dropped")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            payback.with_user(self.accountant).journal_id = self.bank.journal_id
        payback.with_user(self.accountant).action_done()
        self.assertFalse(payback.move_id)

    def test_a_transfer_that_left_is_not_taken_back(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.transfer(2000)
        operation = self.operation()
        payback = self.env["tibillet.payback"].search([("operation_id", "=", operation.id)])
        self.assertEqual(self.correct(operation, 5)["tag"], None)
        payback.with_user(self.accountant).journal_id = self.bank.journal_id
        payback.with_user(self.accountant).action_done()
        move = payback.move_id
        self.assertTrue(move)
        payback.with_user(self.accountant).action_done()  # a second click pays nothing more
        self.assertEqual(payback.move_id, move)
        self.correct(operation, 20)
        self.assertEqual(self.free(self.other_card), 0)

    def correct(self, operation, amount):
        """What the form of a correction answers."""
        self.company.sudo().tibillet_second_factor = False
        act = self.env["tibillet.act.correct"].create(
            {
                "operation_id": operation.id,
                "asset_id": self.token.id,
                "amount": amount,
                "reason": "No",
            }
        )
        answer = act.action_confirm()
        return {"tag": answer.get("tag"), **answer}

    def test_money_for_what_a_card_paid(self):
        """A gift buys a beer, the beer is given back in cash: the gift has become money."""
        self.load(self.card, 2000, self.gift)
        sale = self.sell(20.0)
        for method in (self.cash, self.bank):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.sync(self.given_back(sale, [(method, -20.0, False)]))
        before = self.drawer()
        self.sync(
            self.given_back(sale, [(self.cash, -1.0, False)], cups=1)
        )  # a cup beside it is given back in cash
        self.assertEqual(self.drawer(), before - 1)

    def test_money_for_what_was_paid_in_money_too(self):
        self.assertTrue(self.tap(20.0, up_to=1500)["ok"])
        payments = [(self.method, 15.0, self.key), (self.cash, 5.0, False)]
        sale = self.sync(self.order_values(payments, [(self.beer, 2, 10.0)]))
        self.sync(self.given_back(sale, [(self.cash, -4.0, False)], qty=0.4))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.sync(self.given_back(sale, [(self.cash, -2.0, False)], qty=0.2))
        self.sync(self.given_back(sale, [(self.cash, -1.0, False)], qty=0.1))

    def given_back(self, sale, payments, qty=None, cups=0):
        line = sale.lines
        qty = line.qty if qty is None else qty
        if cups:  # the beer against another one
            lines = [(self.beer, -qty, 20.0), (self.beer, 1, 20.0), (self.cup(), -cups, 1.0)]
        else:
            lines = [(self.beer, -qty, line.price_unit)]
        values = self.order_values(payments, lines)
        values["lines"][0][2]["refunded_orderline_id"] = line.id
        return values

    def cup(self):
        return self.env["product.product"].create(
            {
                "name": "Cup",
                "list_price": 1.0,
                "available_in_pos": True,
                "company_id": self.company.id,
                "tibillet_deposit": True,
                "taxes_id": False,
            }
        )

    def test_a_list_that_is_none(self):
        for beside in (5, "x", {"a": 1}, [None, 5]):
            with self.subTest(beside=beside):
                answer = self.promise(1000, beside=beside)
                self.assertIn(answer["code"], ("invalid", "topup"))

    def test_reminders_are_asked_for_so_often(self):
        self.env["ir.config_parameter"].set_param("tibillet_pos_nfc.lookups_per_minute", 3)
        codes = [
            self.till_session.tibillet_notice_shown(self.credential, UID, "x")["code"]
            for _try in range(5)
        ]
        self.assertIn("rate_limited", codes)

    def test_another_places_card_tells_no_name(self):
        """A card of a place that has no agreement with ours: nothing of its holder is told."""
        partner = self.env["res.partner"].create({"name": "Zoé Elsewhere"})
        card = self.env["tibillet.card"].create(
            {
                "uid": "04AABBCCDDEEFF",
                "number": "FARAWAY2",
                "company_id": self.other_company.id,
            }
        )
        code = card._draw_claim_code()
        card._claim(partner, code, self.other_company)
        page = self.till_session.tibillet_card_page(self.credential, card.uid)
        self.assertNotIn("Zoé", str(page))

    def test_rights_of_the_promise_and_the_list(self):
        self.load_by("cash", 2000, uid=OTHER_UID)
        self.transfer(500)
        for user in (self.cashier, self.till_manager, self.stranger):
            with self.assertRaises(AccessError):
                self.env["tibillet.payback"].with_user(user).search([]).mapped("iban")
