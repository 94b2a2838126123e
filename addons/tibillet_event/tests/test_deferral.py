from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class TestDeferral(AccountTestInvoicingCommon):
    """At a closing, tickets of later events leave the income, and come back the next day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.accountant = cls.env.user  # reads no event
        cls.env = cls.env(user=cls.env.ref("base.user_admin"))
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.closing = fields.Date.today().replace(day=1) - timedelta(days=1)
        cls.deferred = cls.env["account.account"].create(
            {"name": "Deferred", "code": "487900", "account_type": "liability_current"}
        )

    def event(self, days):
        begin = fields.Datetime.to_datetime(self.closing) + timedelta(days=days, hours=19)
        return self.env["event.event"].create(
            {
                "name": f"In {days} days",
                "company_id": self.company.id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=3),
                "event_ticket_ids": [Command.create({"name": "Full", "price": 10})],
            }
        )

    def sell(self, event, number, price=10, day=None):
        """An invoice of tickets, posted before the closing."""
        rate = event.event_ticket_ids
        rate.product_id.invoice_policy = "order"
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": rate.product_id.id,
                            "event_id": event.id,
                            "event_ticket_id": rate.id,
                            "product_uom_qty": number,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.company_data["default_tax_sale"].ids)],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_date = day or self.closing - timedelta(days=3)
        invoice.action_post()
        return invoice

    def wizard(self):
        return (
            self.env["tibillet.ticket.deferral"]
            .with_user(self.accountant)
            .create({"day": self.closing, "account_id": self.deferred.id})
        )

    def test_entry_and_reversal(self):
        self.sell(self.event(-5), 4)  # played: stays
        self.sell(self.event(0), 1)  # on the very day: stays
        self.sell(later := self.event(9), 3)
        self.sell(later, 2, day=self.closing + timedelta(days=1))  # booked after the closing
        form = self.wizard()
        self.assertEqual(form.line_ids.mapped("amount"), [30.0])
        self.assertEqual(form.total, 30.0)
        action = form.action_propose()
        moves = self.env["account.move"].search(action["domain"], order="date")
        first, back = moves
        self.assertEqual(first.state, "draft")
        self.assertEqual((first.date, back.date - first.date), (self.closing, timedelta(days=1)))
        income = first.line_ids.filtered(lambda line: line.account_id != self.deferred)
        self.assertEqual((income.debit, income.tax_ids.ids), (30.0, []))
        self.assertEqual(back.line_ids.filtered("credit").account_id, income.account_id)
        moves.action_post()
        self.assertEqual(sum(moves.line_ids.mapped("balance")), 0)
        with self.assertRaisesRegex(UserError, "already"):
            self.wizard().action_propose()

    def test_a_credit_note_is_taken_off(self):
        invoice = self.sell(self.event(9), 3)
        reverse = invoice._reverse_moves([{"invoice_date": self.closing, "date": self.closing}])
        reverse.action_post()
        form = self.wizard()
        self.assertFalse(form.line_ids)
        with self.assertRaisesRegex(UserError, "No ticket"):
            form.action_propose()

    def test_a_draft_invoice_is_not_booked(self):
        self.sell(self.event(9), 3).button_draft()
        self.assertFalse(self.wizard().line_ids)
