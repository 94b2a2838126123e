from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .books_common import DAY, BooksCase

SOON = DAY + timedelta(days=20)


@tagged("post_install", "-at_install")
class TestBacking(BooksCase):
    """Bank of the issue, by its last statement, against money on cards and what is owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = cls.env["tibillet.backing"]
        cls.page = cls.pages._ensure(cls.bar | cls.coop).filtered(
            lambda page: page.company_id == cls.bar
        )
        cls.row = cls.page.bank_ids[:1]
        cls.journal = cls.row.journal_id
        today = patch.object(fields.Date, "context_today", side_effect=lambda *_a: SOON)
        today.start()
        cls.addClassCleanup(today.stop)

    def line(self, amount, day=DAY, label="VIR", statement=True, **values):
        """A line of the bank, on a statement of its own that ends after it."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journal.id,
                "date": day,
                "payment_ref": label,
                "amount": amount,
                **values,
            }
        )
        if statement:
            self.env["account.bank.statement"].create({"line_ids": [(4, line.id)]})
        return line

    def explained(self, amount, **values):
        """A line whose counterpart is known: no suspense."""
        return self.line(
            amount, counterpart_account_id=self.bar.tibillet_clearing_account_id.id, **values
        )

    def figures(self):
        self.env.invalidate_all()
        page = self.page
        return page.state, page.bank_minor, page.cards_minor, page.places_minor, page.missing_minor

    def test_no_bank_is_chosen_at_first(self):
        self.topup(5_000)
        self.write()
        self.explained(50)
        self.assertEqual(self.figures(), ("none", 0, 0, 0, 0))
        self.assertIn("50.00", self.page.sentence)
        self.assertIn("tick", self.page.sentence)
        self.row.backs = True
        self.assertEqual(self.figures(), ("covered", 5_000, 5_000, 0, 0))
        self.assertEqual((self.page.ratio, self.page.bank_date), (100, DAY))

    def test_cards_and_places_against_the_statement(self):
        self.row.backs = True
        self.topup(5_000)
        self.sale(800, company=self.coop)  # owed to the co-operative
        self.write()
        self.explained(49.99)
        self.assertEqual(self.figures(), ("short", 4_999, 4_200, 800, 1))
        self.assertIn("0.01", self.page.sentence)
        self.assertAlmostEqual(self.page.ratio, 99.98)
        self.explained(0.01)
        self.assertEqual(self.figures(), ("covered", 5_000, 4_200, 800, 0))

    def test_what_others_owe_takes_nothing_off(self):
        """The co-operative collected a top-up for the bar: that money is not at the bank."""
        self.row.backs = True
        self.topup(5_000, company=self.coop)
        self.write()
        self.explained(10)
        self.assertEqual(self.figures(), ("short", 1_000, 5_000, 0, 4_000))
        owes = self.pages.search([("company_id", "=", self.coop.id)])
        owes.bank_ids[:1].backs = True
        self.assertEqual(owes.state, "unread")
        now = self.books._owed_by_the_books({(self.coop.id, DAY)})[self.coop.id, DAY]
        self.assertEqual(now, (0, 5_000), "collected for another issuer: owed to it")

    def test_like_is_compared_with_like(self):
        """What came after the statement is owed now, and was not owed that day."""
        self.row.backs = True
        self.topup(5_000)
        self.topup(700, at=self.in_days(3))
        self.write()
        self.explained(50)
        self.assertEqual(self.figures(), ("covered", 5_000, 5_000, 0, 0))
        self.assertEqual(self.page.owed_now_minor, 5_700)

    def in_days(self, days):
        return fields.Datetime.to_datetime(DAY) + timedelta(days=days, hours=12)

    def test_an_old_statement_says_little(self):
        self.row.backs = True
        self.topup(5_000)
        self.write()
        self.explained(50, day=SOON - timedelta(days=31))
        self.assertEqual(self.page.state, "covered", "a month is not too old")
        self.env["account.bank.statement"].search([("journal_id", "=", self.journal.id)]).unlink()
        self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.journal.id)]
        ).unlink()
        self.explained(50, day=SOON - timedelta(days=32))
        self.assertEqual(self.figures()[0], "old")
        self.assertIn("31", self.page.sentence)

    def test_the_last_statement_or_the_last_matched_line(self):
        self.row.backs = True
        self.assertEqual(self.figures()[0], "unread")
        self.explained(30, statement=False)
        self.explained(12, statement=False, day=DAY + timedelta(days=1))
        self.line(5, statement=False, day=DAY + timedelta(days=2))
        self.assertEqual(self.figures()[:2], ("covered", 4_200))
        self.assertEqual(self.page.bank_date, DAY + timedelta(days=1))
        self.explained(1, day=DAY + timedelta(days=3))
        self.assertEqual(self.figures()[:2], ("covered", 4_800))
        self.assertEqual(self.page.bank_date, DAY + timedelta(days=3))

    def test_a_statement_that_does_not_add_up_is_said(self):
        self.row.backs = True
        line = self.explained(50)
        self.assertNotIn("add up", self.page.sentence)
        line.statement_id.balance_end_real = 60
        self.assertEqual(self.figures()[1], 6_000)
        self.assertIn("add up", self.page.sentence)

    def test_several_accounts_of_several_days(self):
        """Money may have moved from one to the other: the dearest day counts."""
        self.row.backs = True
        other = self.env["account.journal"].create(
            {"name": "Livret", "code": "LIV", "type": "bank", "company_id": self.bar.id}
        )
        self.pages._ensure(self.bar)
        self.page.bank_ids.filtered(lambda row: row.journal_id == other).backs = True
        self.topup(5_000)
        self.topup(700, at=self.in_days(3))
        self.write()
        self.explained(50)
        self.explained(6, day=DAY + timedelta(days=4), journal_id=other.id)
        self.assertEqual(self.figures(), ("short", 5_600, 5_700, 0, 100))
        self.assertEqual(self.page.bank_date, DAY)

    def test_a_line_that_matches_nothing_is_named(self):
        self.row.backs = True
        self.explained(50)
        self.line(7.5, label="REMISE INCONNUE")
        self.line(-2.25, label="FRAIS", day=DAY + timedelta(days=1))
        self.assertEqual((self.page.unmatched_count, self.page.unmatched_minor), (2, 525))
        named = self.page.unmatched_text.splitlines()
        self.assertIn("REMISE INCONNUE", named[0])
        self.assertIn("7.50", named[0])
        self.assertIn("FRAIS", named[1])
        for number in range(6):
            self.line(1, label=f"N{number}", day=DAY + timedelta(days=2))
        self.env.invalidate_all()
        self.assertEqual(len(self.page.unmatched_text.splitlines()), 6)
        self.assertIn("3", self.page.unmatched_text.splitlines()[-1])
        self.assertEqual(self.page.unmatched_count, 8)

    def test_the_same_money_noted_here_is_named_beside_its_line(self):
        self.row.backs = True
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal.id,
                "date": DAY,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (self.journal.default_account_id, -8),
                        (self.bar.tibillet_clearing_account_id, 8),
                    )
                ],
            }
        )
        move.action_post()
        self.line(-8, label="VIR COOP", day=DAY + timedelta(days=2))
        self.assertIn(move.name, self.page.unmatched_text)
        self.line(-9, label="AUTRE", day=DAY + timedelta(days=2))
        self.env.invalidate_all()
        self.assertNotIn(move.name, self.page.unmatched_text.splitlines()[1])

    def test_the_page_of_the_morning_keeps_it_and_tells_once(self):
        self.row.backs = True
        self.topup(5_000)
        self.write()
        self.explained(20)
        control = self.env["tibillet.control"]._look(self.bar)
        self.assertEqual(
            (control.backing_state, control.backing_bank, control.backing_owed),
            ("short", 20, 50),
        )
        self.assertIn("30.00", control.backing_text)
        told = self.page.activity_ids.filtered(lambda one: one.user_id == self.accountant_bar)
        self.assertEqual(len(told), 1)
        self.assertNotIn(self.accountant_coop, self.page.activity_ids.user_id)
        self.env["tibillet.control"]._look(self.bar)
        self.assertEqual(self.page.activity_ids.filtered(lambda one: one in told), told)
        self.explained(30)
        self.env.invalidate_all()
        self.env["tibillet.control"]._look(self.bar)
        self.assertFalse(self.page.activity_ids, "covered again: nothing is left to do")
        self.assertEqual(control.backing_state, "short", "what was seen that morning stays")

    def test_health(self):
        part = self.env["tibillet.health"]._part_backing()
        self.assertNotIn(self.bar.id, part["short"])
        self.row.backs = True
        self.topup(5_000)
        self.write()
        self.line(20)
        self.env.invalidate_all()
        part = self.env["tibillet.health"]._part_backing()
        self.assertIn(self.bar.id, part["short"])
        self.assertNotIn(self.coop.id, part["short"])
        self.assertIn("less than", part["warning"])
        self.assertGreaterEqual(part["unmatched_lines"], 1)
        self.assertNotIn("5", str(part["warning"]), "no amount is told")

    def test_who_may(self):
        mine = self.page.with_user(self.accountant_bar)
        action = mine.with_company(self.bar).action_open()
        self.assertEqual(action["res_id"], self.page.id)
        mine.write({"bank_ids": [(1, self.row.id, {"backs": True})]})
        self.assertTrue(self.row.backs)
        for values in ({"told_state": "short"}, {"company_id": self.coop.id}):
            with self.assertRaises(AccessError):
                mine.write(values)
        with self.assertRaises(AccessError):
            mine.bank_ids.write({"journal_id": self.journal.id})
        with self.assertRaises(AccessError):
            self.page.with_user(self.accountant_coop).read(["sentence"])
        with self.assertRaises(AccessError):
            self.pages.with_user(self.user_bar).action_open()
        with self.assertRaises(AccessError):  # no role in Odoo's accounting
            mine.action_open_unmatched()

    def test_a_bank_of_another_currency_backs_nothing(self):
        self.journal.currency_id = self.env.ref("base.USD")
        with self.assertRaisesRegex(UserError, "EUR"):
            self.row.backs = True

    def test_made_once_and_read_in_so_many_statements(self):
        self.pages._ensure(self.bar)
        self.pages._ensure(self.bar)
        rows = self.env["tibillet.backing.bank"].search([("journal_id", "=", self.journal.id)])
        self.assertEqual(len(rows), 1)
        self.row.backs = True
        self.line(3)
        everybody = self.pages.search([("company_id", "in", (self.bar | self.coop).ids)])
        counts = []
        for pages in (everybody[:1], everybody):
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            pages.mapped("sentence")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 4, counts)
