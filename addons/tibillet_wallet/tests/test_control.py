from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .books_common import NOON, BooksCase


@tagged("post_install", "-at_install")
class TestControl(BooksCase):
    """Every morning a page says 0.00, or what is wrong; a difference has a name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controls = cls.env["tibillet.control"]

    def look(self, company=None):
        return self.controls._look(company or self.bar)

    def line(self, control, kind, **names):
        [line] = control.line_ids.filtered(
            lambda one: one.kind == kind and all(one[n] == v for n, v in names.items())
        )
        return line

    def test_a_quiet_morning(self):
        control = self.look()
        self.assertEqual((control.state, control.rest, len(control.reason_ids)), ("sound", 0, 0))
        self.assertFalse(control.activity_ids)

    def test_every_account_beside_the_ledger(self):
        self.topup(5_000)
        self.sale(1_200)
        self.sale(800, company=self.coop)
        control = self.look()
        token = self.line(control, "asset", asset_id=self.token)
        self.assertEqual((token.books, token.ledger, token.rest), (30.0, 30.0, 0))
        self.assertEqual(token.at_places, 20.0)
        pair = self.line(control, "pair", partner_id=self.coop.partner_id)
        self.assertEqual((pair.books, pair.ledger, pair.rest), (-8.0, -8.0, 0))
        there = self.line(self.look(self.coop), "pair", partner_id=self.bar.partner_id)
        self.assertEqual((there.books, there.ledger, there.rest), (8.0, 8.0, 0))
        # No till here: what is on clearing waits for its document, and has for months.
        clearing = self.line(control, "clearing")
        self.assertEqual((clearing.books, clearing.explained, clearing.rest), (38.0, 38.0, 0))
        self.assertEqual(control.state, "late")
        self.assertEqual(set(control.reason_ids.mapped("kind")), {"operation"})
        self.assertEqual(sum(control.reason_ids.mapped("amount")), 38.0)
        self.assertTrue(all(control.reason_ids.mapped("old")))

    def test_today_is_not_in_an_entry_yet(self):
        self.topup(5_000, at=fields.Datetime.now())
        self.sale(800, company=self.coop, at=fields.Datetime.now())
        control = self.look()
        token = self.line(control, "asset", asset_id=self.token)
        self.assertEqual((token.books, token.ledger), (0, 42.0))
        self.assertEqual((token.difference, token.explained, token.rest), (-42.0, -42.0, 0))
        [reason] = control.reason_ids
        self.assertEqual((reason.kind, reason.count, reason.old), ("entry", 2, False))
        self.assertEqual(control.state, "explained")

    def test_a_debt_of_today(self):
        self.topup(5_000)
        self.sale(800, company=self.coop)
        self.write()
        self.sale(200, company=self.coop, at=fields.Datetime.now())
        for company, sign, other in ((self.bar, -1, self.coop), (self.coop, 1, self.bar)):
            pair = self.line(self.look(company), "pair", partner_id=other.partner_id)
            self.assertEqual((pair.books, pair.ledger), (sign * 8.0, sign * 10.0))
            self.assertEqual((pair.explained, pair.rest), (sign * -2.0, 0))

    def test_what_nothing_explains_is_told(self):
        self.topup(5_000)
        self.look()
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance + 1, amount_currency ="
            " amount_currency + 1 WHERE account_id = %s AND company_id = %s",
            [self.token.liability_account_id.id, self.bar.id],
        )
        self.env.invalidate_all()
        control = self.look()
        self.assertEqual((control.state, control.rest), ("broken", 1.0))
        self.assertEqual(self.line(control, "asset", asset_id=self.token).rest, -1.0)
        self.assertIn(self.accountant_bar, control.activity_ids.user_id)
        self.assertNotIn(self.accountant_coop, control.activity_ids.user_id)
        again = self.look()
        self.assertFalse(control.activity_ids, "told once, by the latest page")
        self.assertTrue(again.activity_ids)

    def test_a_debt_that_the_books_do_not_know(self):
        self.topup(5_000)
        self.sale(800, company=self.coop)
        self.write()
        account = self.role_account(self.bar, "due_to", self.coop.partner_id)
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance + 3 WHERE account_id = %s"
            " AND company_id = %s",
            [account.id, self.bar.id],
        )
        self.env.invalidate_all()
        control = self.look()
        pair = self.line(control, "pair", partner_id=self.coop.partner_id)
        self.assertEqual((pair.books, pair.ledger, pair.rest), (-5.0, -8.0, 3.0))
        self.assertEqual(control.state, "broken")

    def test_a_mirror_that_says_something_else(self):
        self.topup(5_000)
        self.sale(800, company=self.coop)
        self.write()
        account = self.role_account(self.coop, "due_from", self.bar.partner_id)
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance + 3 WHERE account_id = %s"
            " AND company_id = %s",
            [account.id, self.coop.id],
        )
        self.env.invalidate_all()
        pair = self.line(self.look(), "pair", partner_id=self.coop.partner_id)
        self.assertEqual((pair.books, pair.ledger, pair.rest), (-8.0, -8.0, 3.0))

    def test_once_a_morning_and_not_before(self):
        """The day begins at four in Paris, which is three in winter's UTC."""
        day = datetime(2026, 1, 15)
        self.assertFalse(self.controls._is_due(self.bar, day.replace(hour=4, minute=59)))
        self.assertTrue(self.controls._is_due(self.bar, day.replace(hour=5)))
        control = self.look()
        control.day = day.date()
        self.assertFalse(self.controls._is_due(self.bar, day.replace(hour=22)))
        self.assertTrue(self.controls._is_due(self.coop, day.replace(hour=22)))
        self.assertFalse(self.controls._is_due(self.bar, day.replace(day=16, hour=4)))
        self.assertTrue(self.controls._is_due(self.bar, day.replace(day=16, hour=5)))

    def test_the_morning_looks_at_every_company_once(self):
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_wallet.ir_cron_control").method_direct_trigger()
        for company in (self.bar, self.coop):
            due = self.controls._is_due(company, self.env.cr.now())
            self.assertFalse(due)

    def test_who_may(self):
        self.topup(5_000, at=NOON)
        action = self.controls.with_user(self.accountant_bar).with_company(self.bar).action_look()
        control = self.controls.browse(action["res_id"])
        self.assertEqual((control.company_id, control.user_id), (self.bar, self.accountant_bar))
        reason = control.reason_ids[0].with_user(self.accountant_bar)
        self.assertEqual(reason.action_open()["res_model"], "tibillet.operation")
        line = control.line_ids[0].with_user(self.accountant_bar)
        self.assertEqual(line.action_open_items()["res_model"], "account.move.line")
        with self.assertRaises(AccessError):
            self.controls.with_user(self.user_bar).action_look()
        with self.assertRaises(AccessError):
            control.with_user(self.accountant_coop).read(["rest"])
        with self.assertRaises(AccessError):
            control.with_user(self.accountant_bar).write({"rest": 0})

    def test_old_pages_go(self):
        control = self.look()
        control.checked_at = fields.Datetime.now() - timedelta(days=401)
        kept = self.look()
        self.controls._gc_old()
        self.assertEqual(self.controls.search([("company_id", "=", self.bar.id)]), kept)
