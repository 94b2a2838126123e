from datetime import timedelta

import pytz

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import OTHER_UID, UID
from .test_undo_rules import UndoCase


class DisputeCase(UndoCase):
    def dispute(self, text=None, user=None, **values):
        search = (
            self.env["tibillet.dispute"]
            .with_user(user or self.till_manager)
            .with_company(self.company)
            .create({"text": text, **values})
        )
        search.action_search()
        return search


@tagged("post_install", "-at_install")
class TestUndoDispute(DisputeCase):
    """From what the visitor has to the double charge, in one search or two."""

    def setUp(self):
        super().setUp()
        self.load(self.other_card, 2000)
        self.first = self.sale(pos_reference="2611-001-000123")
        self.wait(2)
        self.second = self.sale()
        self.wait(2)
        self.assertTrue(self.tap(2.5, uid=OTHER_UID)["ok"])
        self.stranger_sale = self.sale([(self.method, 2.5, self.key)], [(self.crisps, 1, 2.5)])

    def assertDoubles(self, search):
        self.assertEqual(search.line_ids.mapped("amount"), [6.0, 6.0])
        self.assertEqual(search.line_ids.mapped("is_double"), [True, True])
        self.assertEqual(search.line_ids.order_id, self.first | self.second)
        self.assertEqual(search.line_ids.device_id, self.device)
        self.assertEqual(search.line_ids.user_id, self.cashier)
        self.assertIn("2", search.said)

    def test_by_card_number_in_one_search(self):
        self.assertDoubles(self.dispute("TEST2345"))

    def test_by_chip(self):
        self.assertDoubles(self.dispute(UID))

    def test_by_order_number(self):
        self.assertDoubles(self.dispute("2611-001-000123"))

    def test_by_hour_then_its_card(self):
        search = self.dispute()
        self.assertEqual(len(search.line_ids), 3)
        self.assertEqual(search.line_ids.filtered("is_double").order_id, self.first | self.second)
        search.line_ids.filtered("is_double")[0].action_card()
        self.assertDoubles(search)

    def test_what_came_back(self):
        self.undo(self.second, user=self.till_manager, reason="Charged twice")
        lines = self.dispute("TEST2345").line_ids
        self.assertEqual(lines.mapped("back"), [6.0, 0.0])

    def test_two_tills(self):
        other = self.pair(self.till_session)[0]
        third = self.sale()
        lines = self.dispute("TEST2345").line_ids
        self.assertEqual(lines.filtered(lambda line: line.order_id == third).device_id, other)
        self.assertTrue(all(lines.mapped("is_double")))

    def test_a_day_ends_between_the_two(self):
        place = self.env["tibillet.place"].sudo()._of_company(self.company)
        at = self.second.payment_ids._tibillet_operations().sudo().occurred_at
        cut = pytz.utc.localize(at - timedelta(minutes=1)).astimezone(pytz.timezone(place.tz))
        place.business_day_hour = cut.hour + cut.minute / 60
        for day in (cut.date(), cut.date() - timedelta(days=1)):
            self.assertDoubles(self.dispute("TEST2345", day=day))
        self.assertDoubles(self.dispute("2611-001-000123"))

    def test_far_apart_is_no_double(self):
        lines = self.dispute("TEST2345", minutes=1).line_ids
        self.assertEqual(lines.mapped("is_double"), [False, False])

    def test_another_day(self):
        search = self.dispute("TEST2345", day="2026-01-01")
        self.assertFalse(search.line_ids)
        self.assertIn("another day", search.said)

    def test_another_hour(self):
        self.assertFalse(self.dispute(day="2026-01-01", hour=22.5).line_ids)

    def test_unknown_text(self):
        search = self.dispute("nothing like it")
        self.assertFalse(search.line_ids)
        self.assertIn("exactly", search.said)

    def test_access_is_noted(self):
        self.dispute("TEST2345")
        noted = self.env["tibillet.wallet.access"].search(
            [("user_id", "=", self.till_manager.id), ("what", "=", "moves")]
        )
        self.assertEqual(noted.wallet_id, self.card.wallet_id)
        self.assertTrue(noted[0].reason)

    def test_nobody_reads_anothers_search(self):
        search = self.dispute("TEST2345")
        with self.assertRaises(AccessError):
            search.with_user(self.cashier).read(["text"])
        with self.assertRaises(AccessError):
            search.line_ids.with_user(self.till_manager).write({"amount": 0})
        with self.assertRaises(AccessError):
            self.dispute("TEST2345", user=self.cashier)

    def test_queries_do_not_grow(self):
        def count():
            search = self.env["tibillet.dispute"].with_user(self.till_manager)
            search = search.with_company(self.company).create({"text": "TEST2345"})
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            search.action_search()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count()
        few = count()
        self.sale()
        self.assertEqual(count(), few)
