import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OTHER_UID, TillCase


@tagged("post_install", "-at_install")
class TestPayment(TillCase):
    """A wallet payment is what the server itself held; a sale that took place is recorded."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def test_sale(self):
        order = self.sell()
        payment = order.payment_ids
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.operation().state, "posted")
        self.assertEqual(self.free(), 1400)
        self.assertEqual(payment.transaction_id, self.key)
        self.assertEqual(payment.tibillet_device_id, self.device)
        self.assertEqual(payment.tibillet_split[0]["asset"], "jeton")
        self.assertEqual(payment.tibillet_split[0]["amount_minor"], 600)

    def test_stock_goes_down_at_the_sale(self):
        self.assertFalse(self.till_session.sudo().update_stock_at_closing)
        order = self.sell()
        move = order.picking_ids.move_ids
        self.assertEqual((move.product_id, move.quantity, move.state), (self.beer, 1, "done"))

    def test_the_till_sends_twice(self):
        self.tap(6.0)
        values = self.order_values([(self.method, 6.0, self.key)])
        first = self.sync(dict(values))
        again = self.sync(dict(values))
        self.assertEqual(first, again)
        self.assertEqual(self.free(), 1400)

    def test_order_number_in_the_journal(self):
        self.tap(6.0)
        seq = self.next_seq()
        order = self.sync(
            self.order_values(
                [(self.method, 6.0, self.key)],
                tibillet_device_id=self.device.id,
                tibillet_device_seq=seq,
            )
        )
        act = self.env["tibillet.device.act"].search(
            [("device_id", "=", self.device.id), ("seq", "=", seq)]
        )
        self.assertEqual((act.kind, act.key), ("order", order.uuid))

    # -- what is refused ---------------------------------------------------------------

    def assertNoPayment(self, method_amount_key, error=ValidationError):
        with mute_logger("odoo.sql_db"), self.assertRaises(error):
            self.sync(self.order_values([method_amount_key]))

    def test_no_card(self):
        self.assertNoPayment((self.method, 6.0, False))

    def test_made_up_key(self):
        self.assertNoPayment((self.method, 6.0, "made-up"))

    def test_other_amount(self):
        self.tap(5.0)
        self.assertNoPayment((self.method, 6.0, self.key))
        self.assertEqual(self.operation().state, "pending")

    def test_one_hold_pays_one_order(self):
        self.sell()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self.sync(self.order_values([(self.method, 6.0, self.key)]))

    def test_hold_of_another_company(self):
        self.tap(6.0)
        operation = self.operation()
        with self.ledger._guards_open("test: a hold of another company"):
            self.env.cr.execute(
                "UPDATE tibillet_operation SET company_id = %s WHERE id = %s",
                [self.other_company.id, operation.id],
            )
        self.env.invalidate_all()
        self.assertNoPayment((self.method, 6.0, self.key))

    def test_cash_does_not_name_a_device(self):
        self.tap(6.0)
        self.assertNoPayment((self.cash, 6.0, self.key))

    def test_cashier_edits(self):
        payment = self.sell().payment_ids.with_user(self.cashier)
        for change in (
            {"amount": 1.0},
            {"payment_method_id": self.cash.id},
            {"transaction_id": "other"},
            {"tibillet_device_id": False},
        ):
            with self.assertRaises(UserError):
                payment.write(change)
        with self.assertRaises(UserError):
            payment.unlink()
        payment.write({"amount": 6.0})
        payment.write({"tibillet_split": [], "tibillet_refunded_minor": 600})
        self.assertEqual(payment.tibillet_split[0]["amount_minor"], 600)
        self.assertFalse(payment.tibillet_refunded_minor)

    def test_cash_does_not_become_a_card(self):
        order = self.sync(self.order_values([(self.cash, 6.0, False)]))
        with self.assertRaises(ValidationError):
            order.payment_ids.with_user(self.cashier).write({"payment_method_id": self.method.id})
            self.env.flush_all()

    def test_backend_wizard(self):
        values = self.order_values([], state="draft", amount_paid=0)
        order = self.sync(values)
        wizard = (
            self.env["pos.make.payment"]
            .with_user(self.till_manager)
            .with_context(active_id=order.id)
            .create({"amount": 6.0, "payment_method_id": self.method.id})
        )
        with self.assertRaises(ValidationError):
            wizard.check()

    # -- drafts ------------------------------------------------------------------------

    def draft(self):
        self.tap(6.0)
        return self.sync(self.order_values([(self.method, 6.0, self.key)], state="draft"))

    def test_cancelled_order_gives_back(self):
        order = self.draft()
        self.assertEqual(self.operation().state, "pending")
        order.with_user(self.cashier).action_pos_order_cancel()
        self.assertEqual(self.operation().state, "voided")
        self.assertEqual(self.free(), 2000)

    def test_dropped_line_gives_back(self):
        order = self.draft()
        order.with_user(self.cashier).write({"payment_ids": [Command.delete(order.payment_ids.id)]})
        self.assertEqual(self.operation().state, "voided")
        self.assertEqual(self.free(), 2000)

    def test_draft_then_paid(self):
        self.tap(6.0)
        values = self.order_values([(self.method, 6.0, self.key)], state="draft")
        order = self.sync(dict(values))
        paid = {"state": "paid", "lines": [], "payment_ids": [], "id": order.id}
        self.sync(values | paid | {"access_token": order.access_token})
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.operation().state, "posted")

    # -- late ----------------------------------------------------------------------------

    def test_late_with_funds(self):
        self.tap(6.0)
        key = self.key
        self.wait(6)
        order = self.sync(self.order_values([(self.method, 6.0, key)]))
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.free(), 1400)
        self.assertEqual(self.operation(f"{key}/late").paid_minor, 600)

    def test_late_without_funds(self):
        self.tap(20.0)
        key = self.key
        self.wait(6)
        self.sell(15.0)
        order = self.sync(self.order_values([(self.method, 20.0, key)], [(self.beer, 1, 20.0)]))
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.free(), 0)
        self.assertEqual(self.operation(f"{key}/late").paid_minor, 500)
        shortfall = self.operation(f"{key}/shortfall")
        self.assertEqual((shortfall.code, shortfall.paid_minor), ("shortfall", 1500))
        self.assertEqual(
            sum(part["amount_minor"] for part in order.payment_ids.tibillet_split), 2000
        )

    # -- several means ---------------------------------------------------------------------

    def test_two_cards_and_cash(self):
        self.load(self.other_card, 300)
        lines = [{"product_id": self.beer.id, "amount_minor": 2500}]
        self.assertEqual(self.tap(lines=lines, up_to=2000)["amount_minor"], 2000)
        first = self.key
        self.assertEqual(self.tap(lines=lines, up_to=300, uid=OTHER_UID)["amount_minor"], 300)
        order = self.sync(
            self.order_values(
                [
                    (self.method, 20.0, first),
                    (self.method, 3.0, self.key),
                    (self.cash, 2.0, False),
                ],
                [(self.beer, 1, 25.0)],
            )
        )
        self.assertEqual(order.state, "paid")
        self.assertEqual((self.free(), self.free(self.other_card)), (0, 0))

    # -- refunds -------------------------------------------------------------------------

    def refund_lines(self, order, amount):
        return [
            {
                "product_id": self.beer.id,
                "amount_minor": -round(amount * 100),
                "refunded_line_id": order.lines.id,
            }
        ]

    def refund(self, order, amount=6.0):
        answer = self.tap(lines=self.refund_lines(order, amount))
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(answer["amount_minor"], -round(amount * 100))
        values = self.order_values([(self.method, -amount, self.key)], [(self.beer, -1, amount)])
        values["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        read = self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
        return self.env["pos.order"].browse([r["id"] for r in read["pos.order"]]) - order

    def test_refund_to_the_card(self):
        order = self.sell()
        before = self.free()
        refund = self.refund(order)
        self.assertEqual(refund.state, "paid")
        self.assertEqual(self.free(), before + 600)
        self.assertEqual(self.operation().code, "undo")
        self.assertEqual(order.payment_ids.tibillet_refunded_minor, 600)

    def test_promise_gives_nothing_until_paid(self):
        order = self.sell()
        self.tap(lines=self.refund_lines(order, 6.0))
        self.assertEqual(self.free(), 1400)
        self.assertFalse(self.operation())

    def test_never_more_than_paid(self):
        order = self.sell()
        self.assertEqual(self.tap(lines=self.refund_lines(order, 7.0))["code"], "limit_exceeded")
        self.refund(order)
        self.assertEqual(self.tap(lines=self.refund_lines(order, 1.0))["code"], "limit_exceeded")

    def test_only_to_the_card_that_paid(self):
        order = self.sell()
        answer = self.tap(lines=self.refund_lines(order, 6.0), uid=OTHER_UID)
        self.assertEqual(answer["code"], "not_allowed")

    def test_cash_sale_is_not_given_to_a_card(self):
        order = self.sync(self.order_values([(self.cash, 6.0, False)]))
        answer = self.tap(lines=self.refund_lines(order, 6.0))
        self.assertEqual(answer["code"], "not_allowed")

    def test_gift_comes_back_as_gift(self):
        self.load(self.card, 400, self.gift)
        order = self.sell()
        self.assertEqual((self.free(asset=self.gift), self.free()), (0, 1800))
        self.refund(order, 3.0)
        self.assertEqual((self.free(asset=self.gift), self.free()), (100, 2000))
        self.refund(order, 3.0)
        self.assertEqual((self.free(asset=self.gift), self.free()), (400, 2000))

    def test_made_up_refund(self):
        order = self.sell()
        values = self.order_values([(self.method, -6.0, "made-up")], [(self.beer, -1, 6.0)])
        values["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        with self.assertRaises(ValidationError):
            self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
