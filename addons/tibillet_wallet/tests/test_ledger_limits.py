"""Ceilings of cards without a name, overdrafts, alcohol, and prices that are no money."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..gift_shares import Gift, Good, largest_remainder, share_out
from .common import WalletCase


@tagged("post_install", "-at_install")
class TestCeilings(WalletCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fresh = cls.env["res.company"].create(
            {"name": "Neuf", "currency_id": cls.env.ref("base.EUR").id}
        )
        cls.defaults = (
            fresh.tibillet_stored_limit_minor,
            fresh.tibillet_spent_limit_minor,
            fresh.tibillet_tap_limit_minor,
            cls.make_asset("neuf", "local", fresh).load_cap_minor,
        )
        cls.bar.tibillet_stored_limit_minor = cls.bar.tibillet_spent_limit_minor = 15_000
        cls.bar.tibillet_tap_limit_minor = 5_000
        cls.second = cls.make_asset("second", "local", cls.bar)
        cls.person = cls.env["tibillet.wallet"].create({"kind": "person"})

    def test_the_defaults_are_those_of_the_house(self):
        self.assertEqual(self.defaults, (15_000, 15_000, 5_000, 25_000))

    def test_ceilings_are_set_in_the_currency_and_kept_in_its_smallest_unit(self):
        settings = self.env["res.config.settings"].with_company(self.bar).create({})
        settings.write({"tibillet_tap_limit": 19.99, "tibillet_spent_limit": 0.29})
        settings.execute()
        self.assertEqual(self.bar.tibillet_tap_limit_minor, 1_999)
        self.assertEqual(self.bar.tibillet_spent_limit_minor, 29)
        self.assertEqual(self.bar.tibillet_stored_limit_minor, 15_000, "the others stay")

    def test_an_anonymous_card_stores_150_euros_of_all_its_money_together(self):
        self.load(10_000)
        refusal = self.assertRefused("limit_exceeded", self.load, 5_001, self.second)
        self.assertIn("150.00", str(refusal))
        self.assertIn("50.00", str(refusal), "what may still be loaded")
        self.load(5_000, self.second)
        self.assertRefused("limit_exceeded", self.load, 1)

    def test_gifts_and_minutes_are_not_stored_money(self):
        self.load(15_000)
        self.load(500, self.gift, code="gift")
        self.load(600, self.hours, code="issue")
        given = self.request(
            "gift", (self.issuer(self.token), self.account(self.wallet, self.token), 1)
        )
        self.assertRefused("limit_exceeded", self.ledger._post, [given])

    def test_a_person_stores_more_up_to_the_cap_of_each_asset(self):
        self.load(25_000, wallet=self.person)
        self.load(25_000, self.second, self.person)
        refusal = self.assertRefused("limit_exceeded", self.load, 1, wallet=self.person)
        self.assertIn("250.00", str(refusal))

    def test_a_topup_on_its_way_counts(self):
        def topup(amount, **values):
            mine = self.account(self.wallet, self.token)
            return self.post("topup", (self.issuer(self.token), mine, amount), **values)

        first = topup(10_000, hold_until=self.in_minutes(10))
        self.assertRefused("limit_exceeded", topup, 5_001, hold_until=self.in_minutes(10))
        second = topup(5_000, hold_until=self.in_minutes(10))
        self.ledger._void(second)
        topup(5_000)
        self.ledger._capture(first)
        self.assertEqual(self.balance(), 15_000)

    def test_money_that_comes_back_is_never_refused(self):
        self.load(15_000)
        sale = self.spend(4_000)
        self.load(4_000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        self.post("undo", (till, mine, 4_000), names_id=sale.id)
        self.assertEqual(self.balance(), 19_000)

    def test_an_anonymous_card_pays_150_euros_in_thirty_days(self):
        self.load(15_000)
        for _tap in range(2):
            self.spend(5_000)
        held = self.spend(4_000, hold_until=self.in_minutes(5))
        self.load(4_000)
        refusal = self.assertRefused("limit_exceeded", self.spend, 1_001)
        self.assertIn("150.00", str(refusal))
        self.assertIn("10.00", str(refusal), "what is left")
        self.spend(1_000)
        self.ledger._void(held)
        self.spend(4_000)
        self.wait(31 * 24 * 60)
        self.assertEqual(self.spend(3_000).state, "posted")

    def test_a_sale_undone_is_not_spent(self):
        self.load(15_000)
        sale = self.spend(5_000)
        self.spend(5_000)
        mine, till = self.account(self.wallet, self.token), self.place(self.bar, self.token)
        self.post("undo", (till, mine, 5_000), names_id=sale.id)
        self.spend(5_000)
        self.spend(5_000)
        self.load(2_000)
        self.assertRefused("limit_exceeded", self.spend, 1)

    def test_gifts_are_not_spent_money(self):
        self.load(15_000)
        self.load(1_000, self.gift, code="gift")
        self.assertEqual(self.spend(1_000).transfer_ids.asset_id, self.gift)
        for _tap in range(3):
            self.spend(5_000)

    def test_a_person_spends_without_these_ceilings(self):
        self.load(25_000, wallet=self.person)
        self.assertEqual(self.spend(20_000, wallet=self.person).state, "posted")

    def test_two_taps_at_once_collide_on_the_whole_wallet(self):
        """What the race tests prove, in one glance: a tap touches every account of the card."""
        self.load(5_000)
        self.load(5_000, self.second)
        before = self._versions()
        self.spend(1_000)
        changed = [ctid for ctid in self._versions() if ctid not in before]
        self.assertEqual(len(changed), 2)

    def _versions(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, ctid::text FROM tibillet_account WHERE wallet_id = %s", [self.wallet.id]
        )
        return self.env.cr.fetchall()


@tagged("post_install", "-at_install")
class TestOverdraft(WalletCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["tibillet.wallet"].create({"kind": "person"})
        cls.beer, cls.soup = cls.env["product.product"].create(
            [{"name": "Beer", "tibillet_alcohol": True}, {"name": "Soup"}]
        )

    def setUp(self):
        super().setUp()
        self.load(500, wallet=self.person)
        self.purse = self.account(self.person, self.token)
        self.purse._set_floor(-1_000)

    def pay(self, *lines, **values):
        return self.spend(0, wallet=self.person, lines=[(*line, None) for line in lines], **values)

    def test_a_person_goes_below_zero_as_far_as_agreed(self):
        self.pay((self.soup, 1_500))
        self.assertEqual(self.purse.balance_minor, -1_000)
        refusal = self.assertRefused("insufficient_funds", self.pay, (self.soup, 1))
        self.assertEqual(refusal.missing_minor, 1)
        self.assertEqual(self.ledger._audit(), {})

    def test_alcohol_is_never_paid_on_credit(self):
        refusal = self.assertRefused("insufficient_funds", self.pay, (self.beer, 501))
        self.assertIn("Alcohol is not sold on credit", str(refusal))
        self.assertEqual(refusal.missing_minor, 1)
        self.pay((self.soup, 600))
        self.assertRefused("insufficient_funds", self.pay, (self.beer, 1))

    def test_own_money_pays_the_alcohol_and_credit_the_rest(self):
        op = self.pay((self.soup, 900), (self.beer, 500))
        self.assertEqual(op.paid_minor, 1_400)
        self.assertEqual(self.purse.balance_minor, -900)

    def test_nothing_is_taken_late_from_an_overdraft(self):
        op = self.pay((self.soup, 1_200), hold_until=self.in_minutes(5))
        self.wait(6)
        done = self.ledger._record_sale(op)
        self.assertEqual(
            [(o.code, o.paid_minor) for o in done], [("sale", 500), ("shortfall", 700)]
        )

    def test_who_may_owe_and_how_much(self):
        card = self.account(self.wallet, self.token)
        self.assertRefused("not_allowed", card._set_floor, -100)
        self.assertRefused("invalid", self.purse._set_floor, 100)
        self.assertRefused("invalid", self.purse._set_floor, -1.5)
        self.assertRefused("invalid", self.purse._set_floor, -(2**31))
        self.pay((self.soup, 1_000))
        self.assertRefused("not_allowed", self.purse._set_floor, -499)
        self.purse._set_floor(-500)
        self.assertRefused("insufficient_funds", self.pay, (self.soup, 1))


@tagged("post_install", "-at_install")
class TestPricesInAnAsset(WalletCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.make_asset("points", "points", cls.bar)
        cls.workshop, cls.shirt, cls.beer = cls.env["product.product"].create(
            [
                {
                    "name": "Workshop",
                    "list_price": 0,
                    "tibillet_price_asset_id": cls.hours.id,
                    "tibillet_price_minor": 45,
                },
                {
                    "name": "Shirt",
                    "list_price": 0,
                    "tibillet_price_asset_id": cls.points.id,
                    "tibillet_price_minor": 30,
                },
                {"name": "Beer", "tibillet_alcohol": True},
            ]
        )

    def test_each_is_paid_in_its_asset_and_the_rest_in_money(self):
        self.load(1_000)
        self.load(60, self.hours, code="issue")
        self.load(30, self.points, code="reward")
        op = self.spend(
            0,
            lines=[
                (self.workshop, 45, self.hours),
                (self.shirt, 30, self.points),
                (self.beer, 400, None),
            ],
        )
        moved = {line.asset_id: line.amount_minor for line in op.transfer_ids}
        self.assertEqual(moved, {self.token: 400, self.hours: 45, self.points: 30})

    def test_money_does_not_pay_it_and_it_does_not_pay_for_money(self):
        self.load(4_000)
        self.load(60, self.hours, code="issue")
        for lines in (
            [(self.workshop, 4_500, None)],
            [(self.workshop, 45, self.points)],
            [(self.beer, 10, self.hours)],
        ):
            self.assertRefused("not_for_this", self.spend, 0, lines=lines)
        self.assertRefused("insufficient_funds", self.spend, 4_001)

    def test_short_of_minutes_says_minutes(self):
        self.load(10_000)
        self.load(20, self.hours, code="issue")
        refusal = self.assertRefused(
            "insufficient_funds", self.spend, 0, lines=[(self.workshop, 45, self.hours)]
        )
        self.assertIn("25\N{NO-BREAK SPACE}min", str(refusal))

    def test_alcohol_in_time_is_refused_whatever_the_price_list_says(self):
        self.load(60, self.hours, code="issue")
        refusal = self.assertRefused(
            "not_for_this", self.spend, 0, lines=[(self.beer, 10, self.hours)]
        )
        self.assertTrue(str(refusal))
        with self.assertRaisesRegex(ValidationError, "never paid in time"):
            self.workshop.tibillet_alcohol = True

    def test_an_article_has_one_price(self):
        with self.assertRaisesRegex(ValidationError, "to zero"):
            self.workshop.list_price = 5
        with self.assertRaisesRegex(ValidationError, "is money"):
            self.shirt.tibillet_price_asset_id = self.token


@tagged("post_install", "-at_install")
class TestGiftDiscount(WalletCase):
    def discounts(self, lines, **values):
        op = self.spend(0, lines=lines, **values)
        gifts = self.ledger._gifts_spent(op)
        shares, left_over = self.ledger._gift_discounts(gifts, lines)
        self.assertFalse(left_over)
        return op, shares

    def test_a_gift_spent_where_it_was_given_is_a_discount_on_every_line(self):
        self.load(500, self.gift, code="gift")
        self.load(1_000)
        lines = [(None, 333, None), (None, 333, None), (None, 334, None)]
        _op, discounts = self.discounts(lines)
        self.assertEqual(discounts, [167, 166, 167])
        self.assertEqual(sum(discounts), 500)

    def test_the_answer_is_the_same_on_hold_posted_and_asked_again(self):
        self.load(500, self.gift, code="gift")
        self.load(1_000)
        lines = [(None, 700, None), (None, 300, None)]
        op, first = self.discounts(lines, hold_until=self.in_minutes(5))
        self.ledger._capture(op)
        gifts = self.ledger._gifts_spent(op)
        self.assertEqual(self.ledger._gift_discounts(gifts, lines), (first, 0))
        self.assertEqual(first, [350, 150])

    def test_a_gift_that_buys_drinks_lowers_drinks_only(self):
        drinks, food = self.env["product.category"].create([{"name": "Drinks"}, {"name": "Food"}])
        tea, soup = self.env["product.product"].create(
            [{"name": "Tea", "categ_id": drinks.id}, {"name": "Soup", "categ_id": food.id}]
        )
        self.gift.product_category_ids = [Command.set(drinks.ids)]
        self.load(200, self.gift, code="gift")
        self.load(1_000)
        _op, discounts = self.discounts([(soup, 400, None), (tea, 300, None), (tea, -100, None)])
        self.assertEqual(discounts, [0, 200, 0])

    def test_another_giver_pays_and_gives_no_discount(self):
        other = self.make_asset("sponsor", "gift", self.coop)
        acceptance = self.env["tibillet.acceptance"].create(
            {"asset_id": other.id, "company_id": self.bar.id}
        )
        acceptance.with_user(self.manager_coop).with_company(self.coop).action_countersign()
        self.load(500, other, code="gift")
        op, discounts = self.discounts([(None, 500, None)])
        self.assertEqual(op.transfer_ids.asset_id, other)
        self.assertEqual(discounts, [0])

    def test_two_cards_and_what_finds_no_place(self):
        drinks = Gift(200, frozenset([7]))
        goods = [Good(250, frozenset([7])), Good(250, frozenset())]
        self.assertEqual(share_out([Gift(100, frozenset()), drinks], goods), ([217, 83], 0))
        # the other card's gift stands on the drink already: it was given all the same
        self.assertEqual(share_out([drinks, drinks], goods), ([250, 150], 0))
        self.assertEqual(share_out([Gift(600, frozenset())], goods), ([250, 250], 100))
        self.assertEqual(share_out([Gift(120, frozenset())], goods, [0, 100]), ([13, 107], 0))

    def test_largest_remainder(self):
        self.assertEqual(largest_remainder(100, [1, 1, 98]), [1, 1, 98])
        self.assertEqual(largest_remainder(10, [33, 33, 34]), [3, 3, 4])
        self.assertEqual(largest_remainder(2, [1, 1, 1]), [1, 1, 0])
        self.assertEqual(largest_remainder(0, [5]), [0])
        with self.assertRaises(ValueError):
            largest_remainder(6, [5])
