from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .books_common import DAY, BooksCase


@tagged("post_install", "-at_install")
class TestBudget(BooksCase):
    """Planned beside what is posted in the books, for an evening or an analytic account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        find = cls.env["account.chart.template"].with_company(cls.bar).ref
        cls.journal = cls.env["account.journal"].search(
            [("company_id", "=", cls.bar.id), ("type", "=", "general")], limit=1
        )
        Account = cls.env["account.account"].with_company(cls.bar)
        cls.accounts = {
            code: Account.search(
                [("code", "=like", f"{code}%"), ("company_ids", "in", cls.bar.ids)]
            )[:1]
            for code in ("607", "6226", "706", "707", "512")
        }
        assert all(cls.accounts.values()) and find
        plan = cls.env["account.analytic.plan"].create({"name": "Soirées"})
        cls.concert, cls.ball = cls.env["account.analytic.account"].create(
            [
                {"name": name, "plan_id": plan.id, "company_id": cls.bar.id}
                for name in ("Concert", "Bal")
            ]
        )
        cls.budget = cls.env["tibillet.budget"].create(
            {
                "name": "Concert",
                "company_id": cls.bar.id,
                "date_from": DAY,
                "date_to": DAY + timedelta(days=1),
                "line_ids": [
                    Command.create({"name": name, "kind": kind, "codes": codes, "planned": planned})
                    for name, kind, codes, planned in (
                        ("Bar", "income", "707", 900),
                        ("Other", "income", False, 0),
                        ("Goods", "expense", "607", 300),
                        ("Artists", "expense", "6226", 500),
                    )
                ],
            }
        )

    def book(self, code, balance, day=DAY, post=True, analytic=None):
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.accounts[code].id,
                            "balance": balance,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": analytic,
                        }
                    ),
                    Command.create({"account_id": self.accounts["512"].id, "balance": -balance}),
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def line(self, name):
        self.env.invalidate_all()
        return self.budget.line_ids.filtered(lambda one: one.name == name)

    def test_realised_beside_planned(self):
        self.book("707", -1_000.10)
        self.book("607", 320)
        self.book("607", -20)
        self.book("6226", 500, day=DAY + timedelta(days=1))
        self.assertEqual((self.line("Bar").realised, self.line("Bar").variance), (1_000.1, 100.1))
        self.assertEqual((self.line("Goods").realised, self.line("Goods").variance), (300, 0))
        self.assertEqual(self.line("Artists").realised, 500)
        self.assertEqual(
            (self.budget.planned, self.budget.realised, self.budget.variance, self.budget.outside),
            (100, 200.1, 100.1, 0),
        )
        self.book("607", 50.5)
        self.assertEqual(self.line("Goods").variance, -50.5, "dearer is below zero")

    def test_drafts_other_days_and_other_companies_do_not_count(self):
        self.book("707", -10, day=DAY - timedelta(days=1))
        self.book("707", -10, day=DAY + timedelta(days=2))
        self.book("707", -10, post=False)
        self.assertEqual(self.line("Bar").realised, 0)
        theirs = self.env["tibillet.budget"].create(
            {
                "name": "X",
                "company_id": self.coop.id,
                "date_from": DAY,
                "date_to": DAY,
                "line_ids": [Command.create({"name": "All", "kind": "income"})],
            }
        )
        self.book("707", -10)
        self.env.invalidate_all()
        self.assertEqual((theirs.realised, self.line("Bar").realised), (0, 10))

    def test_the_longest_beginning_counts_and_nothing_twice(self):
        self.book("706", -40)
        self.assertEqual(self.line("Other").realised, 40, "what no other line counts")
        self.budget.line_ids = [
            Command.create({"name": "All sales", "kind": "income", "codes": "70", "planned": 0})
        ]
        self.book("707", -5)
        self.assertEqual(self.line("All sales").realised, 40)
        self.assertEqual((self.line("Bar").realised, self.line("Other").realised), (5, 0))

    def test_what_no_line_counts_is_said(self):
        self.line("Other").unlink()
        self.line("Artists").unlink()
        self.book("706", -40)
        self.book("6226", 15)
        self.env.invalidate_all()
        self.assertEqual((self.budget.outside, self.budget.realised), (25, 0))

    def test_of_an_analytic_account_its_share(self):
        self.budget.write(
            {"analytic_account_id": self.concert.id, "date_from": False, "date_to": False}
        )
        self.book("707", -100)
        self.book("707", -100, analytic={str(self.concert.id): 100}, day=DAY - timedelta(days=90))
        self.book("707", -50, analytic={str(self.concert.id): 30, str(self.ball.id): 70})
        self.book("607", 80, analytic={str(self.ball.id): 100})
        self.assertEqual(self.line("Bar").realised, 115)
        self.assertEqual(self.line("Goods").realised, 0)
        self.budget.write({"date_from": DAY, "date_to": DAY})
        self.assertEqual(self.line("Bar").realised, 15, "within the dates too")

    def test_bad_input_is_a_sentence(self):
        for values, word in (
            ({"name": "Bar 2", "kind": "income", "codes": "707", "planned": 1}, "twice|same"),
            ({"name": "Rest", "kind": "income", "planned": 1}, "all others"),
            ({"name": "Wrong", "kind": "expense", "codes": "9999"}, "No account"),
            ({"name": "Sales", "kind": "expense", "codes": "707"}, "No account"),
        ):
            with self.assertRaisesRegex(ValidationError, word):
                self.budget.line_ids = [Command.create(values)]
            self.env.invalidate_all()
        for values in ({"planned": -1}, None, {}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                if values:
                    self.budget.line_ids[0].write(values)
                elif values is None:
                    self.budget.date_to = DAY - timedelta(days=1)
                else:
                    self.budget.write({"date_from": False})
                self.env.flush_all()
        self.ball.company_id = self.coop
        with self.assertRaises(ValidationError):
            self.budget.analytic_account_id = self.ball

    def test_many_budgets_in_one_statement(self):
        budgets = self.budget | self.budget.copy() | self.budget.copy()
        counts = []
        for some in (budgets[:1], budgets):
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            some.mapped("realised")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 1, counts)

    def test_who_may(self):
        mine = self.budget.with_user(self.accountant_bar)
        self.book("707", -70)
        self.env.invalidate_all()
        self.assertEqual(mine.realised, 70)
        with self.assertRaises(AccessError):
            mine.action_open_items()
        with self.assertRaises(AccessError):
            self.budget.with_user(self.user_bar).read(["name"])
        with self.assertRaises(AccessError):
            self.budget.with_user(self.accountant_coop).read(["name"])
