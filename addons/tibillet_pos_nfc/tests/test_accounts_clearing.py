"""Another clearing account reaches the till's payment method, never during a session."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_books import BooksCase


@tagged("post_install", "-at_install")
class TestAccountsClearing(BooksCase):
    def test_between_two_sessions(self):
        old = self.company.tibillet_clearing_account_id
        account = self.env["account.account"].create(
            {
                "code": "478899",
                "name": "Autre compensation",
                "account_type": "liability_current",
                "company_ids": [Command.link(self.company.id)],
            }
        )
        changes = self.env["tibillet.book.change"]
        self.env.user.group_ids |= self.env.ref("tibillet_wallet.tibillet_wallet_group_accountant")
        self.sell()
        with self.assertRaisesRegex(UserError, "is open: close it first"):
            changes._change(self.company, "clearing", account)
        self.assertEqual(self.company.tibillet_clearing_account_id, old)
        self.close()
        changes._change(self.company, "clearing", account)
        method = self.env["pos.payment.method"].search(
            [("use_payment_terminal", "=", "tibillet_nfc"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(method.receivable_account_id, account)
        self.assertEqual(account.reconcile, old.reconcile)
        self.assertClearing(0)
        self.pair(self.open_session())
        self.sell()
        self.close()
        self.write_books()
        self.assertClearing(0)
        self.assertFalse(
            self.env["account.move.line"].search(
                [("account_id", "=", old.id), ("date", ">", changes.search([], limit=1).date)]
            )
        )
