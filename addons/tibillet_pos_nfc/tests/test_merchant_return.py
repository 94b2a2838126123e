"""A payment to a merchant that the bank gave back."""

import io
from datetime import timedelta

from PyPDF2 import PdfReader

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .merchant_common import MerchantCase


@tagged("post_install", "-at_install")
class TestMerchantReturn(MerchantCase):
    """Owed again, in the books, and it stays on the statement; the commission stays paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_till_up()
        cls.today = fields.Date.context_today(cls.merchant)
        cls.load(cls.card, 4000)

    def setUp(self):
        super().setUp()
        self.open_stand()
        self.serve([(self.galette, 2, 11.0)])
        self.serve(cash=11.0)
        self.close_stand(11.0)
        self.write_books()
        self.paper = self.statement()
        self.paper.action_agree()

    def bounce(self, user=None, day=None, reason="Closed account"):
        form = self.env["tibillet.merchant.bounce"].with_user(user or self.accountant)
        form = form.create(
            {"statement_id": self.paper.id, "date": day or self.today, "reason": reason}
        )
        form.action_bounce()
        return self.paper.return_ids[-1:]

    def owed_to_zoe(self):
        return -self.role_balance("due_to", self.zoe) - self.role_balance("merchant", self.zoe)

    def bank_balance(self):
        moves = self.paper.payment_move_id | self.paper.return_ids.payment_move_id
        journal = moves[:1].journal_id
        return self.balance_of(self.paper._bank_account(journal))

    def money(self):
        self.env.flush_all()
        [(received, left)] = self.env["tibillet.treasury"]._read_group(
            [("company_id", "=", self.company.id), ("means", "=", "transfer")],
            [],
            ["money_in:sum", "money_out:sum"],
        )
        return round(received, 2), round(left, 2)

    def test_owed_again_and_paid_again(self):
        before = self.bank_balance() if self.paper.payment_move_id else 0
        self.paper.action_pay()
        first, operation = self.paper.payment_move_id, self.paper.settle_operation_id
        self.assertEqual(self.owed_to_zoe(), 0)
        paid = self.paper.net
        self.assertEqual((self.bank_balance(), self.money()), (before - paid, (0, paid)))

        back = self.bounce()
        self.assertEqual(self.paper.state, "agreed")
        self.assertFalse(self.paper.paid_on or self.paper.payment_move_id)
        self.assertEqual((back.amount, back.payment_move_id), (paid, first))
        self.assertEqual((first.state, back.return_move_id.state), ("posted", "posted"))
        self.assertEqual(self.owed_to_zoe(), paid)
        self.assertEqual((self.bank_balance(), self.money()), (before, (paid, paid)))
        # what was set off stays so: its invoice is paid, and nothing is earned twice
        self.assertEqual(self.paper.invoice_id.amount_residual, 0)
        self.assertControl()

        self.paper.action_pay()
        self.assertEqual((self.paper.state, self.owed_to_zoe()), ("paid", 0))
        self.assertEqual(self.paper.settle_operation_id, operation, "the tokens went home once")
        self.assertEqual((self.bank_balance(), self.money()), (before - paid, (paid, 2 * paid)))
        held = self.env["tibillet.book.account"]._account(self.company, "merchant", self.zoe)
        lines = self.paper.payment_move_id.line_ids | back.return_move_id.line_ids
        lines = lines.filtered(lambda line: line.account_id == held)
        self.assertEqual((len(lines), lines.mapped("reconciled")), (2, [True, True]))
        self.assertEqual(self.turnover(), 4.95)
        self.assertControl()

    def test_twice(self):
        self.paper.action_pay()
        self.bounce()
        self.paper.action_pay()
        self.bounce(reason="Closed account, again")
        self.assertEqual((self.paper.state, self.owed_to_zoe()), ("agreed", self.paper.net))
        self.paper.action_pay()
        self.assertEqual((len(self.paper.return_ids), self.owed_to_zoe()), (2, 0))
        self.assertControl()

    def test_the_statement_shows_both(self):
        self.paper.action_pay()
        back = self.bounce()
        said = back._text().replace("\N{NO-BREAK SPACE}", " ")
        self.assertRegex(said, r"Paid on .*, came back on .*: 27\.06 € \(Closed account\)\.")

        def printed():
            pages = PdfReader(io.BytesIO(self.paper._pdf())).pages
            text = " ".join(" ".join(page.extract_text() for page in pages).split())
            return text.replace("\N{NO-BREAK SPACE}", " ")

        self.env.invalidate_all()
        self.assertIn(said, printed())
        self.assertIn("Closed account", self.paper.html)
        self.assertIn("Closed account", self.paper.message_ids[:1].body)
        self.assertNotIn("Paid on", printed().replace(said, ""))
        self.paper.action_pay()
        self.assertIn(said, printed())
        self.assertIn("Paid on", printed().replace(said, ""))

    def test_refusals(self):
        with self.assertRaisesRegex(UserError, "nothing was changed"):
            self.bounce()
        self.assertFalse(self.paper.can_return)
        self.paper.action_pay()
        self.assertTrue(self.paper.can_return)
        with self.assertRaisesRegex(UserError, "cannot have come back before"):
            self.bounce(day=self.today - timedelta(days=1))
        with self.assertRaisesRegex(UserError, "still to come"):
            self.bounce(day=self.today + timedelta(days=1))
        for user in (self.cashier, self.zoe_user, self.till_manager):
            with self.assertRaises(AccessError):
                self.bounce(user=user)
        self.company.sudo().fiscalyear_lock_date = self.today
        with self.assertRaisesRegex(UserError, "are locked up to"):
            self.bounce()
        self.company.sudo().fiscalyear_lock_date = False
        self.assertEqual((self.paper.state, len(self.paper.return_ids)), ("paid", 0))
        back = self.bounce().with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "nothing was changed"):
            self.bounce()
        for act in (back.unlink, lambda: back.write({"reason": "x"})):
            with self.assertRaises(AccessError):
                act()


@tagged("post_install", "-at_install")
class TestMerchantReturnOfNothing(MerchantCase):
    """The truck took all of it itself and owes the commission: no money left the bank."""

    def test_refused(self):
        self.merchant.write({"cash_means": "own"})
        self.set_till_up()
        self.open_stand()
        self.serve(cash=11.0)
        self.close_stand()
        paper = self.statement()
        paper.action_agree()
        paper.action_pay()
        self.assertLess(paper.net, 0)
        self.assertFalse(paper.can_return)
        form = self.env["tibillet.merchant.bounce"].with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "no money could come back"):
            form.create({"statement_id": paper.id, "reason": "x"}).action_bounce()
        self.assertEqual(paper.state, "paid")
