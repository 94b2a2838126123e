from datetime import timedelta

from odoo.tests import tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestAcceptanceCeilings(WalletCase):
    """What an acceptance lets its place load and pay back, to the limit and with the remainder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["tibillet.acceptance"]
        cls.terms = cls.rules.create(
            {
                "asset_id": cls.euro.id,
                "company_id": cls.bar.id,
                "contract_date": "2020-01-01",
                "may_refund": True,
                "refund_day_ceiling_minor": 5_000,
            }
        )
        cls.terms.with_user(cls.manager_coop).action_countersign()

    def refund(self, amount_minor, company=None, **values):
        """What a desk does: ask, then post, in one transaction."""
        company = company or self.bar
        self.rules._check_refund(self.euro, company, amount_minor)
        mine = self.account(self.wallet, self.euro)
        return self.post(
            "refund", (mine, self.issuer(self.euro), amount_minor), company_id=company.id, **values
        )

    def test_the_issuer_needs_no_leave(self):
        self.rules._check_load(self.euro, self.coop, 10_000)
        self.rules._check_refund(self.euro, self.coop, 10_000)

    def test_nothing_without_agreement(self):
        refusal = self.assertRefused(
            "asset_not_accepted", self.rules._check_load, self.token, self.coop
        )
        self.assertIn("La Coopérative does not take “Jeton”: Le Phare", str(refusal))
        self.assertRefused("asset_not_accepted", self.rules._check_refund, self.token, self.coop, 1)

    def test_loading_is_off_unless_allowed(self):
        refusal = self.assertRefused("not_allowed", self.rules._check_load, self.euro, self.bar)
        self.assertIn("La Coopérative has not allowed Le Phare to load", str(refusal))
        self.terms.with_user(self.manager_coop).may_load = True
        self.rules._check_load(self.euro, self.bar)
        self.terms.action_end()
        self.assertRefused("asset_not_accepted", self.rules._check_load, self.euro, self.bar)

    def test_refunds_only_where_allowed_and_of_what_is_refundable(self):
        self.terms.with_user(self.manager_coop).may_refund = False
        refusal = self.assertRefused(
            "not_allowed", self.rules._check_refund, self.euro, self.bar, 100
        )
        self.assertIn("refunded by La Coopérative", str(refusal))
        refusal = self.assertRefused(
            "not_allowed", self.rules._check_refund, self.gift, self.bar, 100
        )
        self.assertIn("not paid back in money", str(refusal))

    def test_ceiling_of_the_day(self):
        self.load(20_000, self.euro)
        self.refund(3_800)
        refusal = self.assertRefused("limit_exceeded", self.refund, 1_201)
        self.assertIn("Le Phare pays back at most 50.00", str(refusal))
        self.assertIn("12.00\N{NO-BREAK SPACE}€ is left today", str(refusal))
        self.refund(1_200)
        refusal = self.assertRefused("limit_exceeded", self.refund, 1)
        self.assertIn("0.00\N{NO-BREAK SPACE}€ is left", str(refusal))
        self.refund(5_000, company=self.coop)  # the issuer's own desk has no such ceiling

    def test_an_emptied_card_and_a_hold_count(self):
        self.load(20_000, self.euro)
        mine, issuer = self.account(self.wallet, self.euro), self.issuer(self.euro)
        self.post("refund", (mine, issuer, 1_000), company_id=self.bar.id)
        held = self.post(
            "refund",
            (mine, issuer, 3_000),
            company_id=self.bar.id,
            hold_until=self.in_minutes(5),
        )
        self.assertRefused("limit_exceeded", self.refund, 1_001)
        self.ledger._void(held)
        self.refund(4_000)

    def test_a_hold_that_ran_out_no_longer_counts(self):
        self.load(20_000, self.euro)
        self.post(
            "refund",
            (self.account(self.wallet, self.euro), self.issuer(self.euro), 5_000),
            company_id=self.bar.id,
            hold_until=self.in_minutes(5),
        )
        self.assertRefused("limit_exceeded", self.refund, 1)
        self.wait(6)
        self.refund(1)

    def test_a_moment_given_as_yesterday_counts_today(self):
        """The ceiling is about what leaves the drawer now, whatever moment is written on it."""
        self.wait(3 * 24 * 60)
        self.load(20_000, self.euro, occurred_at=self.in_minutes(-2 * 24 * 60))
        self.refund(5_000, occurred_at=self.in_minutes(-24 * 60))
        self.assertRefused("limit_exceeded", self.refund, 1)

    def test_a_corrected_refund_is_free_again(self):
        self.load(20_000, self.euro)
        refund = self.refund(5_000)
        mine, issuer = self.account(self.wallet, self.euro), self.issuer(self.euro)
        self.post("correct", (issuer, mine, 2_000), names_id=refund.id, company_id=self.bar.id)
        self.refund(2_000)
        self.assertRefused("limit_exceeded", self.refund, 1)

    def test_the_day_is_the_places_business_day(self):
        """From 04:00 in Paris to 04:00; a refund at 02:00 belongs to the evening before."""
        place = self.env["tibillet.place"]._of_company(self.bar)
        place.write({"tz": "Europe/Paris", "business_day_hour": 4})
        now = self.in_minutes(0)
        start = place._day_start(place._business_day(now) + timedelta(days=1))
        before = int((start - now).total_seconds() // 60) - 120
        self.wait(before)
        self.load(20_000, self.euro)
        self.refund(5_000)
        self.wait(60)
        self.assertRefused("limit_exceeded", self.refund, 1)
        self.wait(61)
        self.refund(5_000)

    def test_no_ceiling(self):
        self.terms.with_user(self.manager_coop).refund_day_ceiling_minor = 0
        self.load(20_000, self.euro)
        self.refund(20_000)

    def test_most_that_one_owes_the_other(self):
        self.terms.with_user(self.manager_coop).write(
            {"may_load": True, "exposure_ceiling_minor": 10_000, "refund_day_ceiling_minor": 0}
        )
        self.rules._check_load(self.euro, self.bar, 10_000)
        refusal = self.assertRefused(
            "limit_exceeded", self.rules._check_load, self.euro, self.bar, 10_001
        )
        self.assertIn("may owe each other at most 100.00", str(refusal))
        self.load(9_000, self.euro, company_id=self.bar.id)
        self.assertEqual(self.terms._owed_minor(), -9_000)
        refusal = self.assertRefused(
            "limit_exceeded", self.rules._check_load, self.euro, self.bar, 1_001
        )
        self.assertIn("10.00\N{NO-BREAK SPACE}€ is left", str(refusal))
        self.refund(9_000)  # brings the two nearer to even
        self.assertEqual(self.terms._owed_minor(), 0)
        self.load(15_000, self.euro, company_id=self.coop.id)
        self.assertRefused("limit_exceeded", self.refund, 10_001)
        self.refund(10_000)
