from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_deposit_rules import DepositCase


@tagged("post_install", "-at_install")
class TestDepositKept(DepositCase):
    """Cups that will not come back: what was owed becomes income with its tax, once."""

    def setUp(self):
        super().setUp()
        self.vat = self.env["account.account"].create(
            {"name": "VAT due", "code": "445798", "account_type": "liability_current"}
        )
        self.tax = self.beer.taxes_id
        lines = self.tax.invoice_repartition_line_ids | self.tax.refund_repartition_line_ids
        lines.filtered(lambda line: line.repartition_type == "tax").account_id = self.vat

    def sell_cups(self, count):
        return self.order([(self.cash, float(count), False)], [(self.cup, count, 1.0)])

    def close(self, counted):
        self.closing_session.post_closing_cash_details(counted)
        result = self.closing_session.close_session_from_ui()
        self.assertTrue(result["successful"], result)
        self.env.invalidate_all()

    def kept(self, count, user=None, **values):
        kept = self.env["tibillet.deposit.kept"].with_user(user or self.accountant)
        return kept.with_company(self.company).create(
            {
                "product_id": self.cup.id,
                "count": count,
                "tax_id": self.tax.id,
                "reason": "End of the season",
                **values,
            }
        )

    def balance(self, account):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return -round(sum(lines.mapped("balance")), 2)

    @property
    def owed(self):
        return self.env["tibillet.book.account"]._account(self.company, "deposit")

    def cups(self):
        """The control's row of cups: books, ledger, rest."""
        control = self.env["tibillet.control"]._look(self.company)
        [line] = control.line_ids.filtered(lambda line: line.kind == "deposit")
        return line.books, line.ledger, line.rest

    def test_income_with_its_tax_and_cups_agree(self):
        self.sell_cups(20)
        self.assertEqual(self.cups(), (0, 20.0, 0), "the till is open")
        self.close(20)
        self.assertEqual(self.cups(), (20.0, 20.0, 0))
        kept = self.kept(7)
        self.assertTrue(kept.account_id.code.startswith("7086"), kept.account_id.code)
        self.assertEqual((kept.outside, kept.amount), (20, 7.0))
        kept.action_keep()
        self.assertEqual(kept.state, "kept")
        self.assertEqual(kept.move_id.sudo().state, "posted")
        self.assertEqual(
            (self.balance(self.owed), self.balance(kept.account_id), self.balance(self.vat)),
            (13.0, 5.83, 1.17),
        )
        tax_line = kept.move_id.sudo().line_ids.filtered("tax_line_id")
        self.assertEqual((tax_line.tax_line_id, tax_line.tax_base_amount), (self.tax, 5.83))
        self.assertEqual(self.cups(), (13.0, 13.0, 0))
        self.cup.product_tmpl_id.invalidate_recordset()
        self.assertEqual(self.cup.product_tmpl_id.tibillet_deposit_outside, 13)

    def test_a_rest_of_cups_is_told_by_the_health_page(self):
        self.sell_cups(5)
        self.close(5)
        books = self.env["tibillet.books"]
        self.assertEqual(books._control(self.company)["cups_minor"], 0)
        self.assertNotIn(self.company.id, books._health()["companies_differing"])
        other = self.company_data["default_account_expense"]
        lines = [(self.owed, 1.0), (other, -1.0)]
        move = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in lines
                ],
            }
        )
        move.action_post()
        control = books._control(self.company)
        self.assertEqual((control["cups_minor"], control["ok"]), (-100, False))
        self.assertIn(self.company.id, books._health()["companies_differing"])

    def test_taken_back_by_a_reversal(self):
        self.sell_cups(5)
        self.close(5)
        kept = self.kept(5)
        kept.action_keep()
        kept.action_take_back()
        self.assertEqual((kept.state, self.cups()), ("undone", (5.0, 5.0, 0)))
        self.assertEqual((self.balance(kept.account_id), self.balance(self.vat)), (0, 0))
        with self.assertRaises(UserError):
            kept.action_take_back()
        self.kept(5).action_keep()

    def test_a_cup_that_comes_back_all_the_same_is_paid_back(self):
        self.sell_cups(5)
        self.close(5)
        self.kept(5).action_keep()
        self.pair(self.open_session())
        self.assertTrue(self.give_back(1))
        self.close(5)
        self.assertEqual(self.cups(), (-1.0, -1.0, 0))

    def test_without_tax(self):
        self.sell_cups(3)
        self.close(3)
        kept = self.kept(3, tax_id=False)
        kept.action_keep()
        self.assertEqual((self.balance(kept.account_id), self.balance(self.vat)), (3.0, 0))

    def test_the_next_time_as_the_last_time(self):
        other = self.kept(1).account_id.copy({"code": "708899"})
        self.kept(1, account_id=other.id, tax_id=False)
        kept = self.env["tibillet.deposit.kept"].with_user(self.accountant)
        values = kept.with_company(self.company).default_get(["account_id", "tax_id"])
        self.assertEqual((values["account_id"], values.get("tax_id") or False), (other.id, False))

    def test_refusals(self):
        self.sell_cups(3)
        with self.assertRaises(UserError) as refused:
            self.kept(3).action_keep()
        self.assertIn("close the till", str(refused.exception))
        self.close(3)
        today = fields.Date.today()
        self.company.fiscalyear_lock_date = today - timedelta(days=10)
        for values, words in (
            ({"count": 4}, "3 of"),
            ({"count": 1, "product_id": self.their_cup.id}, "its owner"),
            ({"count": 1, "day": today + timedelta(days=1)}, "from today on"),
            ({"count": 1, "day": today - timedelta(days=11)}, "later day"),
        ):
            with self.subTest(words), self.assertRaises(UserError) as refused:
                self.kept(**values).action_keep()
            self.assertIn(words, str(refused.exception))
        self.assertEqual(self.balance(self.owed), 3.0)

    def test_what_is_in_the_books_never_changes(self):
        self.sell_cups(3)
        self.close(3)
        kept = self.kept(2)
        kept.count = 3
        kept.action_keep()
        for change in (lambda: kept.write({"count": 1}), kept.unlink, kept.action_keep):
            with self.assertRaises(UserError):
                change()
        draft = self.kept(1, state="kept")
        self.assertEqual(draft.state, "draft")

    def test_roles(self):
        for user in (self.cashier, self.till_manager, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.kept(1, user)
