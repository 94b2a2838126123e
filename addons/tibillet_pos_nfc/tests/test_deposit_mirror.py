from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_deposit_rules import DepositCase

LOGGER = "odoo.addons.tibillet_pos_nfc.models.deposits.tibillet_deposit_mirror"


@tagged("post_install", "-at_install")
class TestDepositMirror(DepositCase):
    """Cups of another company of this database: the debt stands in both books, alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.env["res.company"].create(
            {"name": "Festival d'à côté", "currency_id": cls.company.currency_id.id}
        )
        cls.env["account.chart.template"].try_loading("generic_coa", cls.owner, install_demo=False)
        cls.owners_cup = cls.cup_of(cls.owner)

    @classmethod
    def cup_of(cls, owner):
        return cls.env["product.product"].create(
            {
                "name": "Owner's cup",
                "available_in_pos": True,
                "type": "consu",
                "list_price": 1.0,
                "taxes_id": [Command.clear()],
                "company_id": cls.company.id,
                "tibillet_deposit": True,
                "tibillet_deposit_owner_id": owner.partner_id.id,
            }
        )

    def sell_cups(self, count):
        return self.order([(self.cash, float(count), False)], [(self.owners_cup, count, 1.0)])

    def close(self, counted):
        self.closing_session.post_closing_cash_details(counted)
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)
        self.env.invalidate_all()

    def mirrored(self, companies=None):
        self.env["tibillet.books"]._write_pending(companies, include_today=True)
        self.env.invalidate_all()
        return self.env["tibillet.deposit.mirror"].search([("company_id", "=", self.owner.id)])

    def due(self, company, other):
        """Balance of the account between two places in the books of the first."""
        accounts = self.env["tibillet.book.account"]
        account = accounts._account(company, "deposit_due", other.partner_id)
        return self.balance(company, account)

    def balance(self, company, account):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def owing(self):
        pairs = self.env["tibillet.debt.pair"]
        return pairs.search(
            [
                ("first_company_id", "=", min(self.company.id, self.owner.id)),
                ("second_company_id", "=", max(self.company.id, self.owner.id)),
            ]
        )

    def test_both_books_say_the_same(self):
        self.sell_cups(5)
        self.give_back(2, cup=self.owners_cup)
        self.assertFalse(self.mirrored(), "an open session stands in no books")
        self.close(5)
        mirror = self.mirrored()
        self.assertEqual((mirror.amount, mirror.seller_company_id), (3.0, self.company))
        self.assertEqual(mirror.move_id.state, "posted")
        self.assertEqual(mirror.move_id.company_id, self.owner)
        self.assertEqual(self.due(self.company, self.owner), -3.0)
        self.assertEqual(self.due(self.owner, self.company), 3.0)
        owed = self.env["tibillet.book.account"]._account(self.owner, "deposit")
        self.assertEqual(self.balance(self.owner, owed), -3.0)

    def test_once(self):
        self.sell_cups(5)
        self.close(5)
        self.assertEqual(self.mirrored(), self.mirrored())
        self.assertEqual(self.due(self.owner, self.company), 5.0)
        again = self.env["tibillet.deposit.mirror"]._write_one(self.till_session.id, self.owner.id)
        self.assertFalse(again)

    def test_more_back_than_sold_turns_it_round(self):
        self.give_back(4, cup=self.owners_cup)
        self.close(0)
        self.assertEqual(self.mirrored().amount, -4.0)
        self.assertEqual(self.due(self.company, self.owner), 4.0)
        self.assertEqual(self.due(self.owner, self.company), -4.0)

    def test_who_owes_whom(self):
        self.sell_cups(5)
        self.close(5)
        self.mirrored()
        pair = self.owing()
        self.assertEqual((pair.cups, pair.net, pair.net_minor), (5.0, 5.0, 500))
        self.assertIn(f"{self.company.name} owes {self.owner.name}", pair.sentence)
        self.assertTrue(pair.exists())

    def test_a_payment_settles_it(self):
        self.sell_cups(5)
        self.close(5)
        self.mirrored()
        account = self.env["tibillet.book.account"]._account(
            self.company, "deposit_due", self.owner.partner_id
        )
        bank = self.bank.journal_id
        self.env["account.move"].create(
            {
                "journal_id": bank.id,
                "company_id": self.company.id,
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": 5.0}),
                    Command.create({"account_id": bank.default_account_id.id, "credit": 5.0}),
                ],
            }
        )._post()
        self.env.invalidate_all()
        self.assertEqual(self.owing().net_minor, 0)

    def test_a_hire_firm_has_no_books_here(self):
        self.order([(self.cash, 2.0, False)], [(self.their_cup, 2, 1.0)])
        self.close(2)
        self.mirrored()
        self.assertFalse(
            self.env["tibillet.deposit.mirror"].search([("session_id", "=", self.till_session.id)])
        )

    def test_an_owner_without_chart_gets_it_later(self):
        bare = self.env["res.company"].create({"name": "No books yet"})
        self.owners_cup.tibillet_deposit_owner_id = bare.partner_id
        self.sell_cups(2)
        self.close(2)
        mirrors = self.env["tibillet.deposit.mirror"]
        self.mirrored()
        self.assertFalse(mirrors.search([("company_id", "=", bare.id)]))
        self.assertIn((self.till_session.id, bare.id), mirrors._pending())
        self.env["account.chart.template"].try_loading("generic_coa", bare, install_demo=False)
        self.mirrored()
        self.assertEqual(mirrors.search([("company_id", "=", bare.id)]).amount, 2.0)

    def night(self):
        """What the night writes, in a cursor of its own: it commits owner by owner."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr)["tibillet.deposit.mirror"]._cron_write()
        self.env.invalidate_all()

    def test_one_owners_trouble_is_its_own(self):
        """The journal of the first owner is archived: nothing of it stands, the second's does."""
        second = self.env["res.company"].create(
            {"name": "Le voisin", "currency_id": self.company.currency_id.id}
        )
        self.env["account.chart.template"].try_loading("generic_coa", second, install_demo=False)
        cup = self.cup_of(second)
        self.sell_cups(5)
        self.order([(self.cash, 3.0, False)], [(cup, 3, 1.0)])
        self.close(8)
        self.owner._tibillet_ensure_accounts()
        journal = self.owner.tibillet_journal_id
        self.env.flush_all()
        # Odoo's screens refuse it: done all the same, by whatever means.
        self.env.cr.execute("UPDATE account_journal SET active = false WHERE id = %s", journal.ids)
        self.env.invalidate_all()
        mirrors = self.env["tibillet.deposit.mirror"]
        self.assertEqual(
            mirrors._pending(),
            [(self.till_session.id, self.owner.id), (self.till_session.id, second.id)],
        )
        with mute_logger(LOGGER):
            self.night()
        written = mirrors.search([("session_id", "=", self.till_session.id)])
        self.assertEqual((written.company_id, written.amount), (second, 3.0))
        self.assertEqual(written.move_id.state, "posted")
        self.assertEqual(mirrors._pending(), [(self.till_session.id, self.owner.id)])
        journal.active = True
        self.night()
        self.assertEqual(self.due(self.owner, self.company), 5.0)
        self.assertEqual(mirrors._pending(), [])
