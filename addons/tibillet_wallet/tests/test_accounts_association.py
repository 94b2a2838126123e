"""What the French chart lacks for associations, and volunteers' hours."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_accounts_roles import AccountsCase


@tagged("post_install", "-at_install")
class TestAccountsAssociation(AccountsCase):
    def become(self, company=None, user=None, is_one=True):
        company = company or self.bar
        form = self.env["tibillet.book.setting"].with_user(user or self.accountant_bar)
        form.create({"company_id": company.id, "association": is_one}).action_apply()

    def code(self, role, company=None):
        company = company or self.bar
        return self.role_account(company, role).with_company(company).code

    def test_the_accounts_of_an_association_are_made(self):
        self.become()
        expected = {
            "gift_income": ("754101", "income_other"),
            "membership_income": ("756000", "income"),
            "volunteer_use": ("864000", "off_balance"),
            "volunteer_gift": ("875000", "off_balance"),
        }
        for role, (code, kind) in expected.items():
            account = self.role_account(self.bar, role).with_company(self.bar)
            self.assertEqual((account.code, account.account_type), (code, kind), role)
        count = self.env["account.account"].search_count([])
        self.become()
        self.assertEqual(self.env["account.account"].search_count([]), count)

    def test_who_is_none_has_other_income(self):
        self.assertEqual(self.code("gift_income"), "758201")
        roles = self.env["tibillet.book.role"].search([("company_id", "=", self.bar.id)])
        self.assertNotIn("volunteer_use", roles.mapped("role"))
        self.assertNotEqual(self.code("gift_income", self.coop)[:3], "754")

    def test_a_gift_goes_to_754(self):
        """From the next gift on, also where the account was made before and never used."""
        before = self.role_account(self.bar, "gift_income")
        self.become()
        self.assertFalse(before.exists(), "nobody is left with an account that says nothing")
        self.topup(2000)
        self.put(
            "give", (self.account(self.wallet, self.token), self.place(self.bar, self.token), 500)
        )
        lines = self.lines(self.write())
        self.assertEqual(lines[self.bar, self.role_account(self.bar, "gift_income")], -5)
        self.assertEqual(self.code("gift_income"), "754101")

    def test_an_account_with_entries_keeps_its_role(self):
        self.topup(2000)
        self.put(
            "give", (self.account(self.wallet, self.token), self.place(self.bar, self.token), 500)
        )
        self.write()
        self.become()
        self.assertEqual(self.code("gift_income"), "758201")

    def test_what_somebody_made_under_these_numbers_is_taken(self):
        fees = self.new_account("756100", "income")
        self.new_account("864000", "expense")  # an older chart's, not beside the balance sheet
        self.become()
        self.assertEqual(self.role_account(self.bar, "membership_income"), fees)
        self.assertEqual(self.code("volunteer_use"), "864001")

    def test_another_chart_gets_none_of_these_numbers(self):
        self.become(self.coop, self.accountant_coop)
        roles = self.env["tibillet.book.account"].search(
            [("company_id", "=", self.coop.id), ("role", "=", "membership_income")]
        )
        self.assertFalse(roles)

    def test_only_an_accountant_of_the_company_says_so(self):
        for user in (self.user_bar, self.accountant_coop):
            with self.assertRaises(AccessError):
                self.become(user=user)
        self.assertFalse(self.bar.tibillet_association)

    # -- volunteers' hours -------------------------------------------------------------------

    def year(self, **values):
        return (
            self.env["tibillet.volunteer.year"]
            .with_user(self.accountant_bar)
            .create(
                {
                    "company_id": self.bar.id,
                    "date": date(2025, 12, 31),
                    "hours": 1210.5,
                    "rate": 14.33,
                    "reason": "Bar et entrées, d'après les feuilles",
                    **values,
                }
            )
        )

    def test_hours_are_written_and_undone(self):
        self.become()
        year = self.year()
        self.assertEqual(year.amount, 17346.47)
        year.action_write()
        use = self.role_account(self.bar, "volunteer_use")
        given = self.role_account(self.bar, "volunteer_gift")
        self.assertEqual(self.balance_of(use, self.bar), 17346.47)
        self.assertEqual(self.balance_of(given, self.bar), -17346.47)
        self.assertEqual(year.sudo().move_id.date, date(2025, 12, 31))
        with self.assertRaisesRegex(UserError, "done already"):
            year.action_write()
        with self.assertRaisesRegex(UserError, "undo it"):
            year.hours = 1
        with self.assertRaisesRegex(UserError, "stays in the list"):
            year.unlink()
        year.action_undo()
        self.assertEqual(year.state, "undone")
        self.assertEqual(self.balance_of(use, self.bar), 0)
        self.assertEqual(self.balance_of(given, self.bar), 0)
        with self.assertRaisesRegex(UserError, "done already"):
            year.action_undo()
        self.assertTrue(self.books._control(self.bar)["ok"])

    def test_hours_refused(self):
        self.become()
        with self.assertRaises(ValidationError):
            self.year(hours=0)
        self.bar.sudo().fiscalyear_lock_date = date(2025, 12, 31)
        with self.assertRaisesRegex(UserError, "closed on that day"):
            self.year().action_write()
        with self.assertRaises(AccessError):
            self.year().with_user(self.user_bar).action_write()
        with self.assertRaises(AccessError):
            self.year().with_user(self.accountant_coop).action_write()
        forged = self.year(state="written")
        self.assertEqual(forged.state, "draft", "its state is nobody's to write")
        with self.assertRaises(UserError):
            forged.state = "written"
        forged.unlink()
