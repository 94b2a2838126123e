from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .books_common import NOON, BooksCase

WRITER = "odoo.addons.tibillet_wallet.models.books.tibillet_books"


@tagged("post_install", "-at_install")
class TestBooksBadInput(BooksCase):
    """What an accountant may do to the journal: a sentence, and nothing is lost."""

    @property
    def journal(self):
        return self.bar.tibillet_journal_id

    def test_the_journal_is_not_archived(self):
        self.topup(2000)
        self.write()
        with self.assertRaisesRegex(UserError, "journal of the wallet's entries of Le Phare"):
            self.journal.active = False
        self.env["account.journal"].create(
            {"name": "Another", "code": "ANO", "type": "general", "company_id": self.bar.id}
        ).active = False

    def test_archived_all_the_same_the_books_wait_and_say_so(self):
        """An import, a script: the operations stay unbooked, the control names the journal."""
        self.topup(2000)
        self.bar._tibillet_ensure_accounts()
        self.env.cr.execute(
            "UPDATE account_journal SET active = false WHERE id = %s", [self.journal.id]
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "wait, nothing is lost:\nJournal: .* is archived"):
            self.write()
        told = [reason.name for reason in self.books._control_reasons(self.bar)]
        self.assertTrue([name for name in told if name.startswith("Journal: ")], told)
        self.journal.active = True
        self.assertBalanced(self.write())
        self.assertControl(self.bar, 2000)

    def test_one_company_that_waits_keeps_no_other_waiting(self):
        self.topup(2000)
        self.topup(700, self.euro, company=self.coop)
        (self.bar | self.coop)._tibillet_ensure_accounts()
        self.env.cr.execute(
            "UPDATE account_journal SET active = false WHERE id = %s", [self.journal.id]
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode(), mute_logger(WRITER):
            self.env.ref("tibillet_wallet.ir_cron_write_ledger_entries").method_direct_trigger()
        entries = self.env["tibillet.ledger.entry"].search([("day", "=", NOON.date())])
        self.assertEqual(entries.company_id, self.coop)

    def test_a_journal_that_is_sealed_takes_what_comes_late(self):
        """Odoo's own seal on the journal: entries are added, none is changed."""
        self.journal.restrict_mode_hash_table = True
        self.topup(2000)
        first = self.write()
        self.sale(500)
        late = self.write()
        self.assertEqual((first.day, late.day), (NOON.date(), NOON.date()))
        self.assertBalanced(first | late)
        with self.assertRaises(UserError):
            first.move_id.button_draft()
