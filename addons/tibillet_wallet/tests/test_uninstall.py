"""What uninstalling leaves in the books: what was used, and nothing else."""

from odoo.tests import tagged

from ..hooks import _leave_books
from .books_common import BooksCase


@tagged("post_install", "-at_install")
class TestUninstall(BooksCase):
    def test_what_was_used_stays_in_the_books(self):
        self.topup(2000)
        entry = self.write()
        move, journal = entry.move_id, self.bar.tibillet_journal_id
        clearing, liability = (
            self.bar.tibillet_clearing_account_id,
            self.token.liability_account_id,
        )
        product = self.bar.tibillet_topup_product_id
        _leave_books(self.env)
        self.assertTrue(move.exists())
        self.assertEqual(move.state, "posted")
        self.assertTrue(journal.exists())
        self.assertTrue(clearing.exists() and liability.exists())
        self.assertFalse(product.exists(), "nothing named it")
        self.assertFalse(self.bar.tibillet_clearing_account_id)

    def test_what_was_not_used_goes(self):
        unused = (
            self.coop.tibillet_clearing_account_id
            | self.coop.env["tibillet.asset"]
            .search([("company_id", "=", self.coop.id)])
            .liability_account_id
        )
        journal = self.coop.tibillet_journal_id
        self.assertTrue(unused and journal)
        _leave_books(self.env)
        self.assertFalse(unused.exists())
        self.assertFalse(journal.exists())

    def test_a_top_up_product_that_was_sold_leaves_the_till(self):
        product = self.bar.tibillet_topup_product_id
        self.env["sale.order"].create(
            {
                "partner_id": self.bar.partner_id.id,
                "company_id": self.bar.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        _leave_books(self.env)
        self.assertTrue(product.exists())
        self.assertFalse(product.active)
