"""One writer, and who may see what it wrote."""

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .books_common import DAY, BooksCase


@tagged("post_install", "-at_install")
class TestBooksGuards(BooksCase):
    def setUp(self):
        super().setUp()
        self.topup(2000)
        self.sale(600)
        self.entry = self.write()

    def foreign_move(self, account, amount=5):
        return self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.bar.tibillet_journal_id.id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": amount}),
                    Command.create(
                        {
                            "account_id": self.bar.tibillet_clearing_account_id.id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )

    def test_wallet_accounts_have_one_writer(self):
        due_to = self.role_account(self.bar, "due_to", self.coop.partner_id)
        for account in (self.token.liability_account_id, due_to):
            with self.assertRaisesRegex(UserError, "478801"):
                self.foreign_move(account).action_post()

    def test_clearing_is_open_to_odoos_documents_and_the_control_sees_it(self):
        suspense = self.bar.account_journal_suspense_account_id
        self.foreign_move(suspense).action_post()
        control = self.books._control(self.bar)
        self.assertFalse(control["ok"])
        self.assertEqual(control["clearing"]["unexplained_minor"], -500)

    def test_an_entry_stays_as_it_is(self):
        move = self.entry.move_id
        for act in (move.button_draft, move.button_cancel, move._reverse_moves, move.unlink):
            with self.assertRaises(UserError):
                act()
        self.assertEqual(move.state, "posted")

    def test_a_difference_is_seen(self):
        """The control of the control: spoil the books and it says so."""
        self.assertControl(self.bar, 1400)
        self.env.cr.execute(
            "UPDATE account_move_line"
            " SET balance = balance - 1, amount_currency = amount_currency - 1"
            " WHERE account_id = %s AND credit > 0",
            [self.token.liability_account_id.id],
        )
        control = self.books._control(self.bar)
        self.assertFalse(control["ok"])
        self.assertEqual([a["difference_minor"] for a in control["assets"]], [100])
        health = self.env["tibillet.health"]._report()["parts"]["clearing"]
        self.assertTrue(health["ok"], "a difference in the books stops no server")
        self.assertEqual(health["companies_differing"], [self.bar.id])
        self.assertIn("differ", health["warning"])

    def test_an_operation_is_booked_once_in_a_company(self):
        operation_id = self.entry._operation_ids()[0]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "INSERT INTO tibillet_ledger_entry_operation (operation_id, company_id, entry_id,"
                " companies) VALUES (%s, %s, %s, 1)",
                [operation_id, self.bar.id, self.entry.id],
            )

    def test_unbooked_operations_are_no_difference(self):
        self.sale(100)
        control = self.assertControl(self.bar, 1400)
        figures = control["assets"][0]
        self.assertEqual((figures["held_minor"], figures["held_now_minor"]), (1400, 1300))
        self.assertEqual((figures["unbooked_minor"], figures["unbooked_count"]), (-100, 1))


@tagged("post_install", "-at_install")
class TestBooksRoles(BooksCase):
    def setUp(self):
        super().setUp()
        self.topup(2000)
        self.sale(600)
        self.topup(3000, self.euro, company=self.coop)
        self.entries = self.write()

    def test_desk_sees_nothing_of_the_books(self):
        for model in (
            "tibillet.ledger.entry",
            "tibillet.ledger.entry.line",
            "tibillet.ledger.entry.operation",
            "tibillet.book.account",
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.user_bar).search([])
        with self.assertRaises(AccessError):
            self.env["tibillet.ledger.entry"].with_user(self.user_bar).action_write_now()

    def test_accountant_and_manager_read_their_own_company_and_write_nothing(self):
        for user in (self.accountant_bar, self.manager_bar):
            entries = self.env["tibillet.ledger.entry"].with_user(user).search([])
            self.assertEqual(entries.company_id, self.bar)
            lines = self.env["tibillet.ledger.entry.line"].with_user(user).search([])
            self.assertEqual(lines.company_id, self.bar)
            for record in (entries[0], lines[0]):
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(record.has_access(operation), (record, operation))

    def test_the_button_books_what_happened_up_to_now(self):
        self.load(700)
        Entry = self.env["tibillet.ledger.entry"].with_user(self.accountant_bar)
        count = Entry.search_count([])
        answer = Entry.action_write_now()
        self.assertEqual(answer["params"]["type"], "success")
        self.assertEqual(Entry.search_count([]), count + 1)
        Entry.action_write_now()
        self.assertEqual(Entry.search_count([]), count + 1)

    def test_from_a_journal_item_to_its_operations(self):
        billing = self.env.ref("account.group_account_readonly")
        self.accountant_bar.group_ids |= billing
        entry = self.entries.filtered(lambda e: e.company_id == self.bar)
        move = entry.move_id.with_user(self.accountant_bar)
        self.assertEqual(move.tibillet_operation_count, 2)
        found = self.env["tibillet.operation"].search(
            move.action_view_tibillet_operations()["domain"]
        )
        self.assertEqual(sorted(found.mapped("code")), ["sale", "topup"])
        for line in move.line_ids:
            operations = self.env["tibillet.operation"].search(
                line.action_view_tibillet_operations()["domain"]
            )
            self.assertEqual(line.tibillet_operation_count, 1)
            amount = sum(operations.transfer_ids.mapped("amount_minor")) / 100
            self.assertEqual(amount, line.debit or line.credit)
        form = self.env["tibillet.ledger.entry"].with_user(self.accountant_bar)
        action = form.browse(entry.id).action_view_operations()
        self.assertEqual(
            len(
                self.env[action["res_model"]]
                .with_user(self.accountant_bar)
                .search(action["domain"])
            ),
            2,
        )

    def test_health(self):
        health = self.env["tibillet.health"]._report()["parts"]["clearing"]
        self.assertEqual(health["companies_differing"], [])
        self.assertGreater(health["oldest_s"], 0)
        self.assertIn("warning", health, "January's operations still wait for a document")
        self.assertEqual(health["unexplained_minor"], {})
        self.assertEqual(health["days_to_write"], 0)
        self.sale(100)
        health = self.books._health()
        self.assertEqual(health["oldest_day_to_write"], fields.Date.to_string(DAY))
