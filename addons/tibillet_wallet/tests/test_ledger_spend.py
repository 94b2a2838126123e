from odoo.tests import tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestSpend(WalletCase):
    def accept(self, asset, company, **values):
        acceptance = self.env["tibillet.acceptance"].create(
            {"asset_id": asset.id, "company_id": company.id, **values}
        )
        acceptance.with_user(self.manager_coop).with_company(self.coop).action_countersign()
        return acceptance

    def split(self, op):
        lines = op.transfer_ids.sorted("id") or op.hold_line_ids
        return [(line.asset_id.code, line.amount_minor) for line in lines]

    def test_what_cannot_be_refunded_is_spent_first(self):
        self.accept(self.euro, self.bar)
        self.load(300, self.gift, code="gift")
        self.load(400)
        self.load(1000, self.euro)
        op = self.spend(1200)
        self.assertEqual(self.split(op), [("cadeau", 300), ("jeton", 400), ("euro-federe", 500)])
        self.assertEqual(op.missing_minor, 0)

    def test_refundable_last_whatever_the_sequence(self):
        self.gift.spend_sequence = 900
        self.load(300, self.gift, code="gift")
        self.load(400)
        self.assertEqual(self.split(self.spend(500)), [("cadeau", 300), ("jeton", 200)])

    def test_short_says_what_is_missing(self):
        self.load(400)
        refusal = self.assertRefused("insufficient_funds", self.spend, 630)
        self.assertEqual(refusal.missing_minor, 230)
        self.assertIn("2.30", str(refusal))

    def test_up_to_pays_what_there_is(self):
        self.load(400)
        op = self.spend(630, up_to=630)
        self.assertEqual((op.paid_minor, op.missing_minor), (400, 230))
        self.assertRefused("insufficient_funds", self.spend, 100, up_to=100)
        self.load(400)
        part = self.spend(630, up_to=150)
        self.assertEqual((part.paid_minor, part.missing_minor), (150, 480))

    def test_same_key_answers_the_first_even_when_the_money_is_gone(self):
        self.load(600)
        first = self.spend(600, key="tap-1")
        self.assertEqual(self.spend(600, key="tap-1"), first)
        self.assertRefused("key_conflict", self.spend, 500, key="tap-1")

    def test_acceptance_needs_the_issuers_signature(self):
        self.load(1000, self.euro)
        self.assertRefused("asset_not_accepted", self.spend, 500)
        acceptance = self.env["tibillet.acceptance"].create(
            {"asset_id": self.euro.id, "company_id": self.bar.id}
        )
        self.assertRefused("asset_not_accepted", self.spend, 500)
        with self.assertRaisesRegex(Exception, "Only La Coopérative"):
            acceptance.with_user(self.manager_bar).action_countersign()
        acceptance.with_user(self.manager_coop).action_countersign()
        self.assertEqual(self.split(self.spend(500)), [("euro-federe", 500)])
        acceptance.with_user(self.manager_bar).action_end()
        self.assertRefused("asset_not_accepted", self.spend, 500)

    def test_state_of_an_acceptance_is_not_written_by_hand(self):
        acceptance = (
            self.env["tibillet.acceptance"]
            .with_user(self.manager_bar)
            .create({"asset_id": self.euro.id, "company_id": self.bar.id, "state": "active"})
        )
        self.assertEqual(acceptance.state, "proposed")
        with self.assertRaisesRegex(Exception, "buttons"):
            acceptance.state = "active"

    def test_acceptance_runs_from_its_date_to_its_end(self):
        self.load(1000, self.euro)
        acceptance = self.accept(self.euro, self.bar, contract_date="2999-01-01")
        self.assertRefused("asset_not_accepted", self.spend, 500)
        acceptance.contract_date = "2020-01-01"
        self.assertEqual(self.spend(100).state, "posted")
        acceptance.end_date = "2020-12-31"
        self.assertRefused("asset_not_accepted", self.spend, 500)

    def test_an_acceptance_runs_out_with_the_business_day_of_the_place(self):
        """Two in the morning belongs to the evening before: a festival's last night is whole."""
        self.load(1000, self.euro)
        acceptance = self.accept(self.euro, self.bar, contract_date="2020-01-01")
        place = self.env["tibillet.place"]._of_company(self.bar)
        for minutes in range(0, 24 * 60, 97):
            self.wait(97)
            self.env.cr.execute("SELECT tibillet_now(), tibillet_business_day(%s)", [self.bar.id])
            moment, day = self.env.cr.fetchone()
            self.assertEqual(day, place._business_day(moment), minutes)
        acceptance.end_date = day
        self.assertEqual(self.spend(100).state, "posted")
        self.wait(24 * 60)
        self.assertRefused("asset_not_accepted", self.spend, 100)

    def test_restricted_asset_buys_its_categories_only(self):
        food, drinks = self.env["product.category"].create([{"name": "Food"}, {"name": "Drinks"}])
        beers = self.env["product.category"].create({"name": "Beer", "parent_id": drinks.id})
        soup, beer = self.env["product.product"].create(
            [{"name": "Soup", "categ_id": food.id}, {"name": "Beer", "categ_id": beers.id}]
        )
        self.gift.product_category_ids = drinks
        self.load(1000, self.gift, code="gift")
        self.assertRefused("not_for_this", self.spend, 0, lines=[(soup, 500, None)])
        self.load(500)
        op = self.spend(0, lines=[(soup, 400, None), (beer, 600, None)])
        self.assertEqual(self.split(op), [("cadeau", 600), ("jeton", 400)])

    def test_prices_in_an_asset_never_mix_with_money(self):
        self.load(1000)
        self.load(60, self.hours, code="issue")
        refusal = self.assertRefused(
            "insufficient_funds", self.spend, 0, lines=[(None, 90, self.hours)]
        )
        self.assertEqual(refusal.missing_minor, 30)
        op = self.spend(0, lines=[(None, 45, self.hours), (None, 300, None)])
        self.assertEqual(sorted(self.split(op)), [("heures", 45), ("jeton", 300)])
        self.assertRefused("insufficient_funds", self.spend, 800)

    def test_cups_brought_back_lower_the_price(self):
        self.load(1000)
        op = self.spend(0, lines=[(None, 500, None), (None, -200, None)])
        self.assertEqual(op.paid_minor, 300)
        self.assertRefused("invalid", self.spend, 0, lines=[(None, 100, None), (None, -200, None)])

    def test_bad_prices(self):
        self.load(1000)
        for lines in (
            [],
            [(None, 0, None)],
            [(None, 1.5, None)],
            [(None, 2**31, None)],
            [(None, -5, self.hours)],
        ):
            with self.subTest(lines):
                self.assertRefused("invalid", self.spend, 0, lines=lines)

    def test_anonymous_card_pays_at_most_50_euros_per_tap(self):
        self.load(20_000)
        self.assertRefused("limit_exceeded", self.spend, 5_001, card=self.card)
        self.assertEqual(self.spend(5_000, card=self.card).state, "posted")
        person = self.env["tibillet.wallet"].create({"kind": "person"})
        self.load(6_000, wallet=person)
        self.assertEqual(self.spend(5_001, wallet=person).state, "posted")

    def test_frozen_lost_and_blocked(self):
        self.load(1000)
        self.wallet.frozen = True
        self.assertRefused("wallet_frozen", self.spend, 100)
        self.wallet.frozen = False
        self.card.state = "lost"
        self.assertRefused("card_lost", self.spend, 100, card=self.card)
        for state in ("blocked", "replaced", "retired"):
            self.card.state = state
            self.assertRefused("card_blocked", self.spend, 100, card=self.card)

    def test_an_expired_hold_counts_as_free_money(self):
        self.load(1000)
        self.spend(1000, hold_until=self.in_minutes(5))
        self.wait(6)
        self.assertEqual(self.spend(1000).state, "posted")
