from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .books_common import NOON
from .settlement_common import SettlementCase


@tagged("post_install", "-at_install")
class TestSettlementExposure(SettlementCase):
    """Nobody owes more than was agreed on: a word before, a stop at it, free once settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["tibillet.acceptance"].search(
            [("asset_id", "=", cls.euro.id), ("company_id", "=", cls.bar.id)]
        )
        cls.terms.exposure_ceiling_minor = 5_000

    def warned(self):
        self.env["tibillet.acceptance"]._cron_warn()
        self.env.invalidate_all()
        return self.terms.activity_ids

    def test_the_till_stops_with_a_sentence_until_they_settle(self):
        self.topup(10_000, self.euro, company=self.coop)
        self.sale(4_000, self.euro, company=self.bar)
        self.spend(1_000, company=self.bar, occurred_at=NOON + timedelta(hours=1))
        refusal = self.assertRefused("limit_exceeded", self.spend, 1, company=self.bar)
        self.assertIn("La Coopérative owes this place as much as they agreed on", str(refusal))
        self.assertIn("“Euro-Federe”", str(refusal))
        self.spend(100, company=self.coop)  # at its issuer nobody owes anybody
        self.pay(self.agreed())
        self.spend(5_000 - 100, company=self.bar)
        self.assertEqual(self.owed(), {(self.euro, self.bar): 4_900})

    def test_a_word_before(self):
        self.topup(10_000, self.euro, company=self.coop)
        self.sale(3_700, self.euro, company=self.bar)
        self.assertEqual((self.terms.owed_text[:5], self.terms.exposure_percent), ("37.00", 74))
        self.assertFalse(self.warned())
        self.sale(50, self.euro, company=self.bar)
        told = self.warned()
        self.assertEqual(self.terms.exposure_percent, 75)
        self.assertTrue(told.user_id >= self.accountant_bar | self.accountant_coop)
        self.assertNotIn(self.user_bar, told.user_id)
        self.assertIn("75 % of what one may owe the other in “Euro-Federe”", told[0].summary)
        self.assertEqual(self.warned(), told, "once for each level")
        self.sale(800, self.euro, company=self.bar)
        self.assertEqual(len(self.warned()), 2 * len(told))
        self.pay(self.agreed())
        self.assertEqual(self.warned().ids, self.terms.activity_ids.ids)
        self.assertEqual(self.terms.exposure_warned, 0, "settled: it warns anew")

    def test_no_ceiling_warns_nobody(self):
        self.terms.exposure_ceiling_minor = 0
        self.topup(10_000, self.euro, company=self.coop)
        self.sale(9_000, self.euro, company=self.bar)
        self.assertFalse(self.warned())
        self.assertEqual(self.terms.exposure_percent, 0)

    def test_the_list_costs_the_same_for_any_number(self):
        assets = [self.make_asset(f"jeton-{at}", "local", self.bar) for at in range(6)]
        self.env["tibillet.acceptance"].create(
            [{"asset_id": asset.id, "company_id": self.coop.id} for asset in assets]
        )
        columns = ["asset_id", "owed_text", "exposure_percent"]

        def queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mine = self.env["tibillet.acceptance"].with_user(self.accountant_bar)
            self.assertEqual(len(mine.search_read([], columns, limit=limit)), limit)
            return self.env.cr.sql_log_count - before

        queries(6)
        self.assertEqual(queries(2), queries(6))


@tagged("post_install", "-at_install")
class TestOwedInAll(SettlementCase):
    """What one place owes all others together, over every asset, and the stop at its ceiling."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acceptances = cls.env["tibillet.acceptance"]
        cls.third = cls.env["res.company"].create(
            {"name": "Le Môle", "currency_id": cls.bar.currency_id.id}
        )
        cls.acceptances.create(
            {"asset_id": cls.euro.id, "company_id": cls.third.id, "may_load": True}
        ).write(
            {
                "state": "active",
                "contract_date": "2026-01-01",
                "countersigned_by_id": cls.env.uid,
                "agreed_by_id": cls.env.uid,
            }
        )

    def exposure(self, company):
        self.env.invalidate_all()
        return self.env["tibillet.exposure"].search([("company_id", "=", company.id)])

    def kept(self, company):
        """What a tap measures a place by, once every hour's look was taken."""
        self.acceptances._keep_besides()
        return company._tibillet_owed_in_all()

    def test_every_asset_and_every_pair(self):
        self.evening()  # the co-operative owes the bar 27 in euros, the bar owes it 15 in tokens
        self.sale(500, self.euro, company=self.third)
        row = self.exposure(self.coop)
        self.assertEqual((row.owed, row.is_owed, row.creditor_count), (12.0 + 5.0, 0, 2))
        self.assertEqual((row.ceiling, row.percent), (0, 0))
        self.assertIn("owes 17.00", row.sentence)
        self.assertIn("no ceiling was set", row.sentence)
        self.assertEqual(self.kept(self.coop), 1_700)
        other = self.exposure(self.bar)
        self.assertEqual((other.owed, other.is_owed, other.creditor_count), (0, 12.0, 0))
        self.assertIn("owes nobody anything", other.sentence)
        self.assertEqual(self.kept(self.bar), 0)
        pairs = self.env["tibillet.debt.pair"].search(row.action_view_pairs()["domain"])
        self.assertEqual(len(pairs), 2)
        self.coop.tibillet_owed_ceiling = 20
        row = self.exposure(self.coop)
        self.assertEqual((row.percent, row.ceiling), (85, 20.0))
        self.assertIn("85 % of 20.00", row.sentence)

    def test_a_tap_stops_over_all_places(self):
        """The bar took 30 and Le Môle 10: with 50 in all, 10 are left for either."""
        self.coop.tibillet_owed_ceiling_minor = 5_000
        self.topup(10_000, self.euro, company=self.coop)
        self.sale(3_000, self.euro, company=self.bar)
        self.sale(1_000, self.euro, company=self.third)
        self.spend(1_000, company=self.bar, occurred_at=NOON + timedelta(hours=1))
        self.assertEqual(self.exposure(self.coop).percent, 100)
        self.assertIn("stops until it settles", self.exposure(self.coop).sentence)
        for company in (self.bar, self.third):
            refusal = self.assertRefused("limit_exceeded", self.spend, 1, company=company)
            self.assertIn("La Coopérative owes other places all that it may", str(refusal))
        self.spend(100, company=self.coop)
        self.pay(self.agreed())
        self.spend(1_000, company=self.third)

    def test_less_is_owed_before_more(self):
        """A place that owes its issuer 20 may be paid 20 more than the ceiling leaves."""
        self.coop.tibillet_owed_ceiling_minor = 1_000
        self.topup(2_000, self.euro, company=self.bar)
        self.topup(5_000, self.euro, company=self.coop)
        self.acceptances._keep_besides()
        self.spend(3_000, company=self.bar)
        self.assertRefused("limit_exceeded", self.spend, 1, company=self.bar)

    def test_a_tap_sees_what_was_paid_back_and_loaded(self):
        """The ceiling of one asset: what is owed net, not what the place took."""
        terms = self.acceptances.search(
            [("asset_id", "=", self.euro.id), ("company_id", "=", self.bar.id)]
        )
        terms.exposure_ceiling_minor = 5_000
        mine, issuer = self.account(self.wallet, self.euro), self.issuer(self.euro)
        self.topup(12_000, self.euro, company=self.coop)
        self.acceptances._check_refund(self.euro, self.bar, 2_000)
        self.put("refund", (mine, issuer, 2_000), company=self.bar)
        refusal = self.assertRefused("insufficient_funds", self.spend, 3_001, company=self.bar)
        self.assertRegex(str(refusal), "Only 30.00.€ of “Euro-Federe” is taken here until La Coop")
        self.assertEqual(refusal.missing_minor, 1)
        self.spend(3_000, company=self.bar)
        self.assertRefused("limit_exceeded", self.spend, 1, company=self.bar)
        self.acceptances._check_load(self.euro, self.bar, 1_000)
        self.topup(1_000, self.euro, company=self.bar)
        self.acceptances._cron_warn()
        self.spend(1_000, company=self.bar)
        self.assertEqual(terms._owed_minor(), 5_000)

    def test_loading_and_paying_back_stop_with_a_sentence(self):
        self.bar.tibillet_owed_ceiling_minor = 3_000
        self.acceptances._check_load(self.euro, self.bar, 3_000)
        self.topup(2_000, self.euro, company=self.bar)
        refusal = self.assertRefused(
            "limit_exceeded", self.acceptances._check_load, self.euro, self.bar, 1_001
        )
        self.assertRegex(
            str(refusal),
            "Le Phare may owe all other places together at most 30.00.€; 10.00.€ is left towards "
            "La Coopérative. Nothing was done: settle first.",
        )
        self.acceptances._check_refund(self.euro, self.bar, 9_000)  # then the other one owes
        self.coop.tibillet_owed_ceiling_minor = 500
        refusal = self.assertRefused(
            "limit_exceeded", self.acceptances._check_refund, self.euro, self.bar, 2_501
        )
        self.assertIn("La Coopérative may owe all other places", str(refusal))
        self.acceptances._check_refund(self.euro, self.bar, 2_500)

    def test_a_word_before_to_the_debtor_and_whom_it_owes(self):
        def told():
            self.acceptances._cron_warn()
            self.env.invalidate_all()
            return self.coop.partner_id.activity_ids

        self.coop.tibillet_owed_ceiling_minor = 4_000
        self.topup(10_000, self.euro, company=self.coop)
        self.sale(2_900, self.euro, company=self.bar)
        self.assertFalse(told())
        self.sale(100, self.euro, company=self.third)
        first = told()
        self.assertTrue(first.user_id >= self.accountant_bar | self.accountant_coop)
        self.assertNotIn(self.user_bar, first.user_id)
        self.assertIn("75 % of what it may owe all other places together", first[0].summary)
        self.assertEqual(told(), first, "once for each level")
        self.sale(700, self.euro, company=self.third)
        self.assertEqual(len(told()), 2 * len(first), "at 90 % again")
        self.pay(self.agreed())
        told()
        self.assertEqual(self.coop.tibillet_owed_warned, 0, "settled: it warns anew")

    def test_no_ceiling_below_nothing(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.coop.tibillet_owed_ceiling_minor = -1
            self.env.flush_all()
