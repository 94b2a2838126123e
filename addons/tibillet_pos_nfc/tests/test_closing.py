from odoo.tests import tagged

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .common import TillCase


@tagged("post_install", "-at_install")
class TestClosing(TillCase):
    """The session's entry touches clearing alone, both ways, and nobody types a difference."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
        self.clearing = self.company.tibillet_clearing_account_id

    def close(self):
        cash = sum(
            self.env["pos.payment"]
            .search(
                [
                    ("session_id", "=", self.till_session.id),
                    ("payment_method_id", "=", self.cash.id),
                ]
            )
            .mapped("amount")
        )
        self.closing_session.post_closing_cash_details(cash)
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)
        self.assertEqual(self.till_session.sudo().state, "closed")
        return self.till_session.sudo().move_id

    def on_clearing(self, move):
        return sum(
            move.line_ids.filtered(lambda line: line.account_id == self.clearing).mapped("balance")
        )

    def test_sales(self):
        self.sell()
        self.sync(self.order_values([(self.cash, 6.0, False)]))
        move = self.close()
        self.assertEqual(self.on_clearing(move), 6.0)
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        lines = move.line_ids.filtered(lambda line: line.account_id == self.clearing)
        self.assertEqual(lines.mapped("no_followup"), [True])
        self.assertFalse(
            self.env["account.payment"]
            .search([("pos_session_id", "=", self.till_session.id)])
            .filtered(lambda p: p.pos_payment_method_id == self.method)
        )

    def test_refunds_only(self):
        order = self.sell()
        self.close()
        self.pair(self.open_session())
        answer = self.tap(
            lines=[
                {
                    "product_id": self.beer.id,
                    "amount_minor": -600,
                    "refunded_line_id": order.lines.id,
                }
            ]
        )
        self.assertTrue(answer["ok"], answer)
        values = self.order_values([(self.method, -6.0, self.key)], [(self.beer, -1, 6.0)])
        values["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
        move = self.close()
        self.assertEqual(self.on_clearing(move), -6.0)
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        self.assertEqual(self.free(), 2000)

    def test_typed_difference_is_refused(self):
        self.sell()
        refused = self.closing_session._cannot_close_session({self.method.id: -2.0})
        self.assertFalse(refused["successful"])
        self.assertFalse(self.closing_session._cannot_close_session({self.bank.id: 0.0}))
        with self.assertRaises(LedgerError):
            self.closing_session.action_pos_session_closing_control(
                bank_payment_method_diffs={self.method.id: -2.0}
            )

    def test_closing_popup_shows_cards_without_a_box(self):
        self.sell()
        [line] = [
            line
            for line in self.till_session.get_closing_control_data()["non_cash_payment_methods"]
            if line["id"] == self.method.id
        ]
        self.assertEqual((line["amount"], line["number"], line["type"]), (6.0, 1, "pay_later"))
        self.assertTrue(line["tibillet"])

    def test_hold_without_order_is_released(self):
        self.sell()
        self.tap(3.0)
        key = self.key
        self.close()
        self.assertEqual(self.operation(key).state, "voided")
        self.assertEqual(self.free(), 1400)

    def customer(self):
        return self.env["res.partner"].create({"name": "Association des Dunes"})

    def test_invoiced_order_moves_clearing(self):
        partner = self.customer()
        order = self.sell(to_invoice=True, partner_id=partner.id)
        invoice = order.account_move
        self.assertEqual(invoice.state, "posted")
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self.on_clearing(order.payment_ids.account_move_id), 6.0)
        self.close()
        self.assertEqual(self.clearing_total(), 6.0)

    def test_invoice_after_the_closing(self):
        order = self.sell(partner_id=self.customer().id)
        self.close()
        self.assertEqual(self.clearing_total(), 6.0)
        order.with_user(self.env.user).action_pos_order_invoice()
        self.assertIn(order.account_move.payment_state, ("paid", "in_payment"))
        self.assertEqual(self.clearing_total(), 6.0)

    def clearing_total(self):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.clearing.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))

    def test_ledger_entry_brings_clearing_to_zero(self):
        self.sell()
        self.close()
        self.assertEqual(self.clearing_total(), 6.0)
