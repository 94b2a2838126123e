"""The accounts of the wallet's books: which they are, and what may be changed about them."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .books_common import BooksCase


class AccountsCase(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.changes = cls.env["tibillet.book.change"].with_user(cls.accountant_bar)

    def new_account(self, code, kind="liability_current", company=None, **values):
        company = company or self.bar
        return (
            self.env["account.account"]
            .with_company(company)
            .create(
                {
                    "code": code,
                    "name": f"Compte {code}",
                    "account_type": kind,
                    "company_ids": [Command.link(company.id)],
                    **values,
                }
            )
        )

    def row(self, role, company=None, **values):
        domain = [("company_id", "=", (company or self.bar).id), ("role", "=", role)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["tibillet.book.role"].search(domain)


@tagged("post_install", "-at_install")
class TestAccountsChange(AccountsCase):
    def change(self, role, account, **values):
        return self.changes._change(self.bar, role, account, **values)

    def test_every_role_is_listed_with_what_it_is_for(self):
        self.role_account(self.bar, "due_to", self.coop.partner_id)
        rows = self.env["tibillet.book.role"].with_user(self.accountant_bar).search([])
        self.assertEqual(rows.company_id, self.bar, "another company's accounts are its own")
        for row in rows:
            self.assertTrue(row.purpose and row.role_label, row.role)
        self.assertEqual(self.row("clearing").account_label, "478801 Wallet clearing")
        self.assertIn("419701", self.row("liability", asset_id=self.token.id).account_label)
        due_to = self.row("due_to", partner_id=self.coop.partner_id.id)
        self.assertIn(self.coop.name, due_to.role_label)
        claim = self.row("claim")
        self.assertFalse(claim.account_id, "made when first needed, and shown before")
        self.assertTrue(claim.account_label)
        self.role_account(self.bar, "claim")
        self.env.invalidate_all()
        self.assertTrue(self.row("claim").account_id)

    def test_an_account_without_entries_is_replaced(self):
        account = self.new_account("419750")
        made = self.change("liability", account, asset=self.token, reason="Plan du cabinet")
        self.assertEqual(self.token.liability_account_id, account)
        self.assertFalse(made.move_id)
        self.assertEqual(made.user_id, self.accountant_bar)
        self.topup(2000)
        self.assertEqual(self.lines(self.write())[self.bar, account], -20)

    def test_a_role_without_account_is_given_one_before(self):
        account = self.new_account("754900", "income")
        self.change("gift_income", account)
        self.assertEqual(self.role_account(self.bar, "gift_income"), account)

    def test_the_balance_moves_along(self):
        """W, P and clearing in turn: the page says 0.00 before and after."""
        self.topup(2000)
        self.sale(600)
        self.topup(3000, self.euro, company=self.bar)
        self.write()
        before = self.books._control(self.bar)
        cases = (
            ("liability", self.token.liability_account_id, {"asset": self.token}, {}),
            (
                "due_to",
                self.role_account(self.bar, "due_from", self.coop.partner_id),
                {"partner": self.coop.partner_id},
                {"kind": "asset_current", "reconcile": True, "role": "due_from"},
            ),
            ("clearing", self.bar.tibillet_clearing_account_id, {}, {}),
        )
        for number, (role, old, values, how) in enumerate(cases):
            how = dict(how)
            role = how.pop("role", role)
            with self.subTest(role=role):
                account = self.new_account(f"47990{number}", **how)
                balance = self.balance_of(old, self.bar)
                self.assertTrue(balance)
                made = self.change(role, account, **values)
                self.assertEqual(made.move_id.state, "posted")
                self.assertEqual(self.balance_of(old, self.bar), 0)
                self.assertEqual(self.balance_of(account, self.bar), balance)
                self.assertTrue(self.books._control(self.bar)["ok"])
        self.assertEqual(
            [asset["books_minor"] for asset in self.books._control(self.bar)["assets"]],
            [asset["books_minor"] for asset in before["assets"]],
        )
        self.sale(400)
        entry = self.write(self.bar)
        self.assertEqual(
            set(entry.move_id.line_ids.account_id.with_company(self.bar).mapped("code")),
            {"479900", "479902"},
        )
        self.assertTrue(self.books._control(self.bar)["ok"])
        product = self.bar.tibillet_topup_product_id.with_company(self.bar)
        self.assertEqual(product.property_account_income_id, self.bar.tibillet_clearing_account_id)

    def test_the_entry_of_a_move_stays(self):
        self.topup(2000)
        self.write()
        made = self.change("liability", self.new_account("419750"), asset=self.token)
        for act in (made.move_id.sudo().button_draft, made.move_id.sudo()._reverse_moves):
            with self.assertRaises(UserError):
                act()

    def test_income_goes_elsewhere_from_then_on(self):
        """Nothing moves: what is written of a year stays in it."""
        voucher = self.make_asset("bon", "voucher", self.bar, expiry_months=12)
        self.topup(2000, voucher)
        self.put("expire", (self.account(self.wallet, voucher), self.issuer(voucher), 500))
        self.write()
        old = self.role_account(self.bar, "forfeit_income")
        made = self.change("forfeit_income", self.new_account("758900", "income_other"))
        self.assertFalse(made.move_id)
        self.assertEqual(self.balance_of(old, self.bar), -5)

    def test_what_does_not_fit_is_refused_with_a_sentence(self):
        used = self.new_account("419780")
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.bar.tibillet_journal_id.id,
                "line_ids": [
                    Command.create({"account_id": used.id, "balance": 5}),
                    Command.create({"account_id": self.new_account("419781").id, "balance": -5}),
                ],
            }
        )
        archived = self.new_account("419782", active=False)
        foreign = self.new_account("419783", company=self.coop)
        accounts = self.env["account.account"].with_company(self.bar)
        cases = (
            (accounts.search([("code", "=", "419100")]), "down payments"),
            (accounts.search([("code", "=", "419700")]), "down payments"),
            (self.new_account("512990", "asset_current"), "needs"),
            (self.bar.tibillet_clearing_account_id, "already"),
            (self.bar.account_journal_suspense_account_id, "needs|Odoo"),
            (used, "entries of its own"),
            (archived, "archived"),
            (foreign, "no account of"),
        )
        for account, sentence in cases:
            with self.subTest(sentence=sentence), self.assertRaisesRegex(UserError, sentence):
                self.change("liability", account, asset=self.token)
        with self.assertRaisesRegex(UserError, "reconciliation"):
            self.change("due_to", self.new_account("468950"), partner=self.coop.partner_id)
        with self.assertRaisesRegex(UserError, "first"):
            self.change("liability", self.env["account.account"], asset=self.token)
        with self.assertRaisesRegex(UserError, "another company"):
            self.change("liability", self.new_account("419784"), asset=self.euro)
        self.assertFalse(self.changes.search([]))

    def test_a_day_before_the_last_entry_or_a_closed_one_is_refused(self):
        self.topup(2000)
        self.write()
        with self.assertRaisesRegex(UserError, "that day or later"):
            self.change(
                "liability", self.new_account("419750"), asset=self.token, date=date(2026, 1, 14)
            )
        self.bar.sudo().fiscalyear_lock_date = date(2026, 1, 31)
        with self.assertRaisesRegex(UserError, "closed up to"):
            self.change(
                "liability", self.new_account("419751"), asset=self.token, date=date(2026, 1, 20)
            )
        self.assertEqual(self.token.liability_account_id.with_company(self.bar).code, "419701")

    def test_only_an_accountant_of_the_company(self):
        account = self.new_account("419750")
        for user in (self.user_bar, self.accountant_coop):
            with self.assertRaises(AccessError):
                self.changes.with_user(user)._change(
                    self.bar, "liability", account, asset=self.token
                )
        with self.assertRaises(AccessError):
            self.changes.with_user(self.user_bar)._change_journal(
                self.bar, self.bar.tibillet_journal_id
            )

    def test_the_form_offers_what_fits_and_says_what_happens(self):
        good, bad = self.new_account("419750"), self.new_account("512990", "asset_current")
        row = self.row("liability", asset_id=self.token.id).with_user(self.accountant_bar)
        form = self.env["tibillet.book.choose"].with_user(self.accountant_bar)
        form = form.browse(row.action_choose()["res_id"])
        self.assertIn(good, form.candidate_ids)
        reserved = self.env["account.account"].with_company(self.bar)
        reserved = reserved.search([("code", "in", ("419100", "419700"))])
        self.assertFalse(
            form.candidate_ids & (bad | reserved | self.bar.tibillet_clearing_account_id)
        )
        form.account_id = bad
        self.assertIn("512990", form.refusal)
        form.account_id = good
        self.assertFalse(form.refusal)
        self.assertFalse(form.needs_date)
        self.topup(2000)
        self.write()
        form.invalidate_recordset()
        self.assertTrue(form.needs_date)
        form.action_change()
        self.assertEqual(self.token.liability_account_id, good)

    def test_another_journal(self):
        journal = self.env["account.journal"].create(
            {"name": "Cartes", "code": "CARTE", "type": "general", "company_id": self.bar.id}
        )
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.bar.id)], limit=1
        )
        with self.assertRaisesRegex(UserError, "miscellaneous"):
            self.changes._change_journal(self.bar, bank)
        form = self.row("journal").with_user(self.accountant_bar).action_choose()
        form = (
            self.env["tibillet.book.choose"].with_user(self.accountant_bar).browse(form["res_id"])
        )
        form.journal = str(journal.id)
        form.action_change()
        self.topup(100)
        self.assertEqual(self.write().move_id.journal_id, journal)


@tagged("post_install", "-at_install")
class TestAccountsKept(AccountsCase):
    """An account with a role that is archived, changed or written on by hand."""

    def spoil(self, account, column, value):
        """What no form lets through: an import, another addon, a hand in the database."""
        self.env.flush_all()
        query = {
            "active": "UPDATE account_account SET active = %s WHERE id = %s",
            "account_type": "UPDATE account_account SET account_type = %s WHERE id = %s",
        }[column]
        self.env.cr.execute(query, [value, account.id])
        account.invalidate_recordset()

    def test_it_is_not_archived_nor_given_another_type(self):
        due_to = self.role_account(self.bar, "due_to", self.coop.partner_id)
        for account in (
            self.token.liability_account_id,
            self.bar.tibillet_clearing_account_id,
            due_to,
        ):
            with self.assertRaisesRegex(UserError, "its books would wait"):
                account.active = False
            with self.assertRaisesRegex(UserError, "keeps its type"):
                account.account_type = "equity"
        with self.assertRaisesRegex(UserError, "matched"):
            due_to.reconcile = False
        income = self.role_account(self.bar, "gift_income")
        income.account_type = "income"  # serves as well
        self.token.liability_account_id.write({"active": True, "name": "Jetons des cartes"})

    def test_books_wait_for_it_and_lose_nothing(self):
        self.topup(2000)
        account = self.token.liability_account_id
        for column, value, back, sentence in (
            ("active", False, True, "is archived"),
            ("account_type", "equity", "liability_current", "needs"),
        ):
            self.spoil(account, column, value)
            with self.assertRaisesRegex(UserError, f"(?s)nothing is lost.*{sentence}"):
                self.env["tibillet.ledger.entry"].with_user(self.accountant_bar).action_write_now()
            with mute_logger("odoo.addons.tibillet_wallet.models.books.tibillet_books"):
                self.assertFalse(self.env["tibillet.ledger.entry"].search([]))
            control = self.env["tibillet.control"]._look(self.bar)
            self.assertEqual(control.state, "waits")
            named = control.reason_ids.filtered(lambda one: one.kind == "account")
            self.assertEqual(len(named), 1)
            self.assertIn("419701", named.name)
            self.assertTrue(control.activity_ids, "the accountants are told")
            self.assertEqual(named.action_open()["res_model"], "tibillet.book.role")
            self.assertIn("419701", self.row("liability", asset_id=self.token.id).fault)
            self.spoil(account, column, back)
        self.assertEqual(self.lines(self.write())[self.bar, account], -20)
        self.assertEqual(self.env["tibillet.control"]._look(self.bar).state, "late")

    def test_other_companies_are_written_meanwhile(self):
        self.topup(2000)
        self.topup(3000, self.euro, company=self.coop)
        self.spoil(self.token.liability_account_id, "active", False)
        self.assertTrue(self.write(self.coop))
        with self.assertRaises(UserError):
            self.write(self.bar)

    def strangers(self):
        """A posted entry of somebody else, its lines on an account that is not ours."""
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.bar.tibillet_journal_id.id,
                "line_ids": [
                    Command.create({"account_id": one.id, "balance": amount})
                    for one, amount in (
                        (self.new_account("467990", "asset_current", reconcile=True), 20),
                        (self.new_account("471990", "asset_current"), -20),
                    )
                ],
            }
        )
        move.action_post()
        return move

    def test_a_posted_item_is_not_moved_there_by_hand(self):
        """As a bank's matching does: the account of a posted line is written."""
        self.topup(2000)
        entry = self.write()
        line = self.strangers().line_ids[0]
        for account in (
            self.token.liability_account_id,
            self.role_account(self.bar, "due_from", self.coop.partner_id),
        ):
            with self.assertRaisesRegex(UserError, "only the wallet ledger"):
                line.account_id = account
        ours = entry.move_id.line_ids.filtered(
            lambda one: one.account_id == self.token.liability_account_id
        )
        with self.assertRaisesRegex(UserError, "stays as it is"):
            ours.account_id = line.account_id
        with self.assertRaisesRegex(UserError, "stays as it is"):
            ours.partner_id = self.coop.partner_id
        self.assertEqual(self.balance_of(self.token.liability_account_id, self.bar), -20)

    def test_matching_by_hand_changes_no_figure(self):
        """Both sides of P are the ledger's: whoever matches them loses nothing, and a stranger
        cannot be matched with them."""
        self.topup(5000, self.euro, company=self.coop)
        self.sale(1200, self.euro)
        sale = self.sale(800, self.euro)
        self.write()
        account = self.role_account(self.bar, "due_from", self.coop.partner_id)
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("company_id", "=", self.bar.id)]
        )
        stranger = self.strangers().line_ids[0]
        with self.assertRaises(UserError):
            (lines | stranger).reconcile()
        self.put(
            "undo",
            (self.place(self.bar, self.euro), self.account(self.wallet, self.euro), 800),
            names_id=sale.id,
        )
        self.write()
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("company_id", "=", self.bar.id)]
        )
        lines.reconcile()
        self.assertTrue(any(lines.mapped("matching_number")))
        control = self.books._control(self.bar)
        self.assertTrue(control["ok"], control)
        self.assertEqual([row["balance_minor"] for row in control["pairs"]], [1200])
