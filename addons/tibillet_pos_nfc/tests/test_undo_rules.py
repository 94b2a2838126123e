import uuid

from odoo.fields import Command
from odoo.tests import tagged

from .common import OTHER_UID, UID, TillCase


class UndoCase(TillCase):
    """A till that has sold something, and what its undo answers."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def sale(self, payments=None, lines=None, user=None, **values):
        """A sale with its place in the till's journal; by default a beer, by card."""
        if payments is None:
            self.assertTrue(self.tap()["ok"])
            payments = [(self.method, 6.0, self.key)]
        values = self.order_values(
            payments,
            lines,
            tibillet_device_id=self.device.id,
            tibillet_device_seq=self.next_seq(),
            **values,
        )
        return self.sync(values, user=user)

    def undo(self, order, user=None, reason=None, key=None, seq=None, session=None):
        self.undo_key = key or str(uuid.uuid4())
        session = session or self.till_session
        return session.with_user(user or self.cashier).tibillet_undo(
            self.credential, seq or self.next_seq(), self.undo_key, order.uuid, reason
        )

    def assertUndone(self, answer, order):
        self.assertTrue(answer["ok"], answer)
        undo = self.env["pos.order"].browse(answer["order_id"])
        self.assertEqual(undo.tibillet_undo_of_id, order)
        self.assertEqual(undo.state, "paid")
        self.assertEqual(undo.amount_total, -order.amount_total)
        self.assertEqual(undo.amount_tax, -order.amount_tax)
        self.assertEqual(sum(undo.payment_ids.mapped("amount")), -order.amount_total)
        self.assertEqual(undo.lines.refunded_orderline_id, order.lines)
        return undo

    def assertRefused(self, answer, code, words):
        self.assertFalse(answer["ok"], answer)
        self.assertEqual(answer["code"], code)
        self.assertIn(words, answer["message"])


@tagged("post_install", "-at_install")
class TestUndoRules(UndoCase):
    """Who undoes what, how often, and what goes back where."""

    def quantity(self):
        self.beer.invalidate_recordset()
        return self.beer.with_company(self.company).qty_available

    # -- where it goes back -------------------------------------------------------------------

    def test_each_asset_back_where_it_came_from(self):
        self.load(self.card, 250, self.gift)
        before = self.quantity()
        order = self.sale()
        self.assertEqual((self.free(asset=self.gift), self.free()), (0, 1650))
        self.assertEqual(self.quantity(), before - 1)
        answer = self.undo(order)
        undo = self.assertUndone(answer, order)
        self.assertEqual((self.free(asset=self.gift), self.free()), (250, 2000))
        self.assertEqual(self.quantity(), before)
        self.assertIn("6.00", answer["message"])
        self.assertEqual(
            {part["asset"]: part["amount_minor"] for part in answer["split"]},
            {"cadeau": 250, "jeton": 350},
        )
        operation = self.operation(undo.payment_ids.transaction_id)
        self.assertEqual((operation.code, operation.names_id.code), ("undo", "sale"))

    def test_every_way_of_a_completed_order(self):
        self.assertEqual(self.tap(10.0, uid=UID, up_to=300)["amount_minor"], 300)
        first = self.key
        self.load(self.other_card, 100)
        self.assertEqual(self.tap(7.0, uid=OTHER_UID, up_to=100)["amount_minor"], 100)
        payments = [
            (self.method, 3.0, first),
            (self.method, 1.0, self.key),
            (self.bank, 2.0, False),
            (self.cash, 5.0, False),
            (self.cash, -1.0, False),  # change
        ]
        order = self.sale(payments, [(self.beer, 1, 10.0)])
        self.assertEqual((self.free(), self.free(self.other_card)), (1700, 0))
        answer = self.undo(order)
        undo = self.assertUndone(answer, order)
        self.assertEqual((self.free(), self.free(self.other_card)), (2000, 100))
        by_method = {
            method: sum(lines.mapped("amount"))
            for method, lines in undo.payment_ids.grouped("payment_method_id").items()
        }
        self.assertEqual(by_method, {self.method: -4.0, self.bank: -2.0, self.cash: -4.0})
        self.assertEqual(len(answer["todo"]), 2)
        self.assertIn("drawer", " ".join(answer["todo"]))
        self.assertIn("terminal", " ".join(answer["todo"]))

    def test_back_to_a_card_that_is_lost_since(self):
        order = self.sale()
        self.card.sudo().state = "lost"
        self.assertUndone(self.undo(order), order)
        self.assertEqual(self.free(), 2000)

    def test_in_the_next_session(self):
        order = self.sale()
        self.closing_session.post_closing_cash_details(0)
        self.assertTrue(self.closing_session.close_session_from_ui()["successful"])
        session = self.till_session = self.open_session(self.till_manager)
        self.wait(600)
        answer = self.undo(order, user=self.till_manager, reason="Wrong card yesterday")
        undo = self.assertUndone(answer, order)
        self.assertEqual(undo.session_id.id, session.id)
        self.assertEqual(undo.tibillet_undo_reason, "Wrong card yesterday")
        self.assertEqual(self.free(), 2000)

    def test_closed_session_of_undone_sales_balances(self):
        self.undo(self.sale())
        self.closing_session.post_closing_cash_details(0)
        self.assertTrue(self.closing_session.close_session_from_ui()["successful"])
        move = self.till_session.sudo().move_id
        self.assertFalse(sum(move.line_ids.mapped("balance")))
        clearing = self.method.receivable_account_id
        on_clearing = move.line_ids.filtered(lambda line: line.account_id == clearing)
        self.assertFalse(sum(on_clearing.mapped("balance")))

    # -- once -----------------------------------------------------------------------------------

    def test_repeated_by_the_till(self):
        order = self.sale()
        key, seq = str(uuid.uuid4()), self.next_seq()
        first = self.undo(order, key=key, seq=seq)
        self.assertEqual(self.undo(order, key=key, seq=seq), first)
        self.assertEqual(len(order.tibillet_undo_ids), 1)
        self.assertEqual(self.free(), 2000)
        self.assertFalse(self.device.gap_ids)

    def test_undone_once(self):
        order = self.sale()
        self.undo(order)
        self.assertRefused(self.undo(order), "not_allowed", "before")
        answer = self.undo(order, user=self.till_manager, reason="again")
        self.assertRefused(answer, "not_allowed", "before")
        self.assertEqual(self.free(), 2000)

    def test_not_after_a_refund(self):
        order = self.sale([(self.cash, 6.0, False)])
        values = self.order_values([(self.cash, -6.0, False)], [(self.beer, -1, 6.0)])
        values["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        self.sync(values)
        before = self.till_session.sudo().cash_register_balance_end
        self.assertRefused(self.undo(order), "not_allowed", "given back before")
        self.assertEqual(self.till_session.sudo().cash_register_balance_end, before)

    def test_no_refund_after_an_undo(self):
        order = self.sale()
        self.undo(order)
        line = {
            "product_id": self.beer.id,
            "amount_minor": -600,
            "refunded_line_id": order.lines.id,
        }
        self.assertEqual(self.tap(lines=[line])["code"], "limit_exceeded")

    def test_an_undo_is_not_undone(self):
        undo = self.assertUndone(self.undo(order := self.sale()), order)
        answer = self.undo(undo, user=self.till_manager, reason="again")
        self.assertRefused(answer, "not_allowed", "gave money back")

    # -- who --------------------------------------------------------------------------------------

    def test_cashier_within_two_minutes(self):
        order = self.sale()
        self.wait(3)
        self.assertRefused(self.undo(order), "not_allowed", "manager")
        self.assertEqual(self.free(), 1400)
        answer = self.undo(order, user=self.till_manager)
        self.assertRefused(answer, "invalid", "why")
        answer = self.undo(order, user=self.till_manager, reason="Wrong card")
        self.assertUndone(answer, order)

    def test_cashier_undoes_the_last_one_only(self):
        order, last = self.sale(), self.sale()
        self.assertRefused(self.undo(order), "not_allowed", "last sale")
        self.assertUndone(self.undo(last), last)
        # what was sold before it does not become the last one
        self.assertRefused(self.undo(order), "not_allowed", "last sale")
        self.assertEqual(self.free(), 1400)

    def test_another_tills_sale_is_a_managers(self):
        order = self.sale()
        credential = self.credential
        self.pair(self.till_session)
        self.assertNotEqual(self.credential, credential)
        self.assertRefused(self.undo(order), "not_allowed", "last sale")
        answer = self.undo(order, user=self.till_manager, reason="Dispute")
        self.assertUndone(answer, order)
        self.assertEqual(self.free(), 2000)

    def test_by_a_revoked_till(self):
        order = self.sale()
        self.device.active = False
        self.assertFalse(self.undo(order)["ok"])
        self.assertEqual(self.free(), 1400)

    # -- what is refused ------------------------------------------------------------------

    def test_shortfall_is_not_given_back(self):
        self.tap(20.0)
        key = self.key
        self.wait(6)
        self.tap(15.0)  # the hold ran out and the card went on
        self.sale([(self.method, 15.0, self.key)], [(self.beer, 1, 15.0)])
        order = self.sale([(self.method, 20.0, key)], [(self.beer, 1, 20.0)])
        self.assertRefused(self.undo(order), "not_allowed", "owed")
        self.assertEqual(self.free(), 0)

    def test_order_that_is_not_there(self):
        order = self.sale()
        answer = self.till_session.tibillet_undo(
            self.credential, self.next_seq(), "a-key", "no such order"
        )
        self.assertRefused(answer, "invalid", "not reached")
        for wrong in (None, 12, ["x"]):
            answer = self.till_session.tibillet_undo(
                self.credential, self.next_seq(), str(uuid.uuid4()), wrong
            )
            self.assertFalse(answer["ok"])
        self.assertEqual(order.state, "paid")

    def test_method_of_another_till(self):
        order = self.sale([(self.bank, 6.0, False)])
        self.closing_session.post_closing_cash_details(0)
        self.closing_session.close_session_from_ui()
        self.config.payment_method_ids -= self.bank
        self.till_session = self.open_session(self.till_manager)
        answer = self.undo(order, user=self.till_manager, reason="x")
        self.assertRefused(answer, "not_allowed", "Bank card")

    # -- a top-up in the same order ---------------------------------------------------------

    def sale_with_top_up(self, amount_minor=1500):
        """A beer and a top-up in one order, paid in cash."""
        product = self.company._tibillet_topup_product()
        values = self.order_values(
            [(self.cash, 6 + amount_minor / 100, False)],
            [(self.beer, 1, 6.0), (product, 1, amount_minor / 100)],
            tibillet_device_id=self.device.id,
            tibillet_device_seq=self.next_seq(),
        )
        line = values["lines"][1][2]
        line.update(tax_ids=[Command.set([])], price_subtotal=amount_minor / 100)
        line["tibillet_operation_key"] = key = str(uuid.uuid4())
        values["amount_tax"] = 1.0
        promised = self.till_session.tibillet_card_act(
            self.credential,
            self.next_seq(),
            key,
            OTHER_UID,
            "topup",
            {"asset_id": self.token.id, "price_minor": amount_minor},
        )
        self.assertTrue(promised["ok"], promised)
        return self.sync(values)

    def test_top_up_taken_back(self):
        order = self.sale_with_top_up()
        self.assertEqual(self.free(self.other_card), 1500)
        undo = self.assertUndone(self.undo(order), order)
        self.assertEqual(self.free(self.other_card), 0)
        self.assertEqual(undo.payment_ids.amount, -21.0)
        [key] = undo.lines.filtered("tibillet_operation_key").mapped("tibillet_operation_key")
        correction = self.operation(key)
        self.assertEqual((correction.code, correction.names_id.code), ("correct", "topup"))

    def test_top_up_that_is_spent_stays(self):
        order = self.sale_with_top_up()
        self.assertTrue(self.tap(2.0, uid=OTHER_UID)["ok"])
        self.assertRefused(self.undo(order), "insufficient_funds", "no longer all on the card")
        self.assertFalse(order.tibillet_undo_ids)
        self.assertEqual(self.free(self.other_card), 1300)
