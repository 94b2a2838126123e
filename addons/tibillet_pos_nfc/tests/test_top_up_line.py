from odoo.tests import tagged

from .common import UID, TillCase


@tagged("post_install", "-at_install")
class TestTopUpLine(TillCase):
    """A top-up sold at a till is money that the books can name after the closing."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def close(self):
        payments_sudo = self.till_session.sudo().order_ids.payment_ids
        cash = payments_sudo.filtered("payment_method_id.is_cash_count")
        self.closing_session.post_closing_cash_details(sum(cash.mapped("amount")))
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)

    def control(self):
        books = self.env["tibillet.books"]
        books._write_pending(self.company, include_today=True)
        return books._control(self.company)["clearing"]

    def top_up(self, amount_minor, key):
        """Sell a top-up in cash under the till's key; its operation follows."""
        answer = self.till_session.tibillet_card_act(
            self.credential,
            self.next_seq(),
            key,
            UID,
            "topup",
            {"asset_id": self.token.id, "price_minor": amount_minor},
        )
        self.assertTrue(answer["ok"], answer)
        product = self.company._tibillet_topup_product()
        values = self.order_values(
            [(self.cash, amount_minor / 100, False)], [(product, 1, amount_minor / 100)]
        )
        line = values["lines"][0][2]
        line.update(tax_ids=[(6, 0, [])], price_subtotal=amount_minor / 100)
        line["tibillet_operation_key"] = key
        values.update(amount_tax=0, tibillet_device_id=self.device.id)
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])

    def test_top_up_line(self):
        before = self.control()
        self.top_up(1500, "a-top-up")
        self.close()
        closed = self.control()
        self.assertEqual(closed["balance_minor"], before["balance_minor"])
        self.assertEqual(closed["count"], before["count"])
        self.assertEqual(closed["unexplained_minor"], 0)

    def test_line_of_another_key_documents_nothing(self):
        before = self.control()
        self.top_up(1500, "a-top-up")
        self.env.flush_all()  # no hand at the till or in the backend does this
        self.env.cr.execute("UPDATE pos_order_line SET tibillet_operation_key = 'another'")
        self.env.invalidate_all()
        self.close()
        self.assertEqual(self.control()["count"], before["count"] + 1)
