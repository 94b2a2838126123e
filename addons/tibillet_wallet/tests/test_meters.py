from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .books_common import NOON, BooksCase


@tagged("post_install", "-at_install")
class TestMeters(BooksCase):
    """What an issuer's assets did elsewhere, hold, and the highest card, beside the limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meters = cls.env["tibillet.meter"]
        cls.now = fields.Datetime.now() - timedelta(days=1)

    def measured(self, company=None):
        self.meters._cron_measure()
        self.env.invalidate_all()
        return self.meters.search([("company_id", "=", (company or self.coop).id)])

    def test_what_is_paid_at_others_within_a_year(self):
        self.topup(20_000, self.euro, company=self.coop, at=NOON - timedelta(days=900))
        old = self.now - timedelta(days=400)
        self.sale(9_000, self.euro, company=self.bar, at=old)  # more than a year ago
        sale = self.sale(4_000, self.euro, company=self.bar, at=self.now)
        self.sale(700, self.euro, company=self.coop, at=self.now)  # at its issuer: no meter
        mine, there = self.account(self.wallet, self.euro), self.place(self.bar, self.euro)
        self.put("undo", (there, mine, 1_500), names_id=sale.id, at=self.now)
        meter = self.measured()
        self.assertEqual((meter.paid, meter.paid_limit), (25.0, 1_000_000))
        self.assertAlmostEqual(meter.paid_percent, 0.0025)
        self.assertEqual(self.measured(self.bar).paid, 0)

    def test_what_circulates_and_the_highest_card(self):
        second = self.make_asset("bon-coop", "voucher", self.coop)
        other = self.env["tibillet.card"].create({"company_id": self.bar.id, "state": "anonymous"})
        self.load(10_000, self.euro)
        self.load(2_000, second)
        self.load(5_000, self.euro, wallet=other.wallet_id)
        self.load(9_000, self.gift, code="gift")  # no debt
        meter = self.measured()
        self.assertEqual((meter.held, meter.load), (170.0, 120.0))
        self.assertEqual((meter.load_limit, meter.load_percent), (250, 48))

    def test_told_at_each_level_once(self):
        meter = self.measured()
        meter.held_limit = 200
        told = meter.activity_ids.browse()
        for amount, percent, times in (
            (9_900, 49, 0),
            (100, 50, 1),
            (4_999, 74, 1),
            (1, 75, 2),
            (3_000, 90, 3),
            (2_000, 100, 4),
        ):
            self.load(amount, self.euro)
            meter = self.measured()
            self.assertEqual(int(meter.held_percent), percent)
            told = meter.activity_ids.filtered(
                lambda one: one.user_id == self.accountant_coop and "circulation" in one.summary
            )
            self.assertEqual(len(told), times, percent)
        self.assertIn("La Coopérative, In circulation: 100 % of the limit", told.mapped("summary"))
        self.assertIn("L. 525-6", told[0].note)
        self.assertEqual(meter.crossed_on, fields.Date.context_today(meter))
        self.assertNotIn(self.accountant_bar, meter.activity_ids.user_id)
        self.assertEqual(len(self.measured().activity_ids), len(meter.activity_ids), "once")
        self.post("refund", (self.account(self.wallet, self.euro), self.issuer(self.euro), 15_000))
        self.assertEqual(self.measured().held_warned, 0)
        self.assertTrue(self.measured().crossed_on, "the first day stays")

    def test_acceptors_with_their_contract(self):
        meter = self.measured()
        self.assertEqual(meter.acceptance_ids.company_id, self.bar)
        self.assertEqual(meter.unsigned_count, 1)
        meter.acceptance_ids.contract_ref = "C-2026-7"
        self.env.invalidate_all()
        self.assertEqual(meter.unsigned_count, 0)
        self.assertEqual(self.measured(self.bar).acceptance_ids.company_id, self.coop)

    def test_roles(self):
        meter = self.measured()
        mine = meter.with_user(self.accountant_coop)
        self.assertEqual(mine.search([]), mine)
        mine.action_measure()
        for values in ({"held_minor": 0}, {"declared_on": "2026-01-01"}):
            with self.assertRaises(AccessError):
                mine.write(values)
        manager = meter.with_user(self.manager_coop)
        manager.write({"declared_on": "2026-01-01", "held_limit": 500_000})
        with self.assertRaises(AccessError):
            manager.write({"held_minor": 0})
        with self.assertRaises(AccessError):
            meter.with_user(self.manager_bar).read(["paid"])
        with self.assertRaises(AccessError):
            self.meters.with_user(self.user_coop).search([])
        with self.assertRaises(AccessError):
            meter.with_user(self.user_coop).action_measure()

    def test_the_page_costs_the_same_for_any_number(self):
        for number in range(5):
            company = self.env["res.company"].create(
                {"name": f"Lieu {number}", "currency_id": self.bar.currency_id.id}
            )
            self.make_asset(f"jeton-{number}", "local", company)
        self.measured()

        def queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.meters.search_read(
                [], ["paid", "held_percent", "unsigned_count"], limit=limit
            )
            self.assertEqual(len(rows), limit)
            return self.env.cr.sql_log_count - before

        queries(6)
        self.assertEqual(queries(2), queries(6))
