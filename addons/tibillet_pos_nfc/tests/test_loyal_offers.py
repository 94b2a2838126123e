"""Offers by habit: to whom, how often, how far, and what is kept of it."""

from psycopg2 import errors as pg_errors

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.tibillet_device import digest
from .cardpage_common import CardActs
from .common import OTHER_UID, UID, TourCase
from .test_undo_rules import UndoCase


class OfferGoods:
    """An offer for those who had two beers in a month, and a person with a card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("SELECT tibillet_business_day(%s)", [cls.company.id])
        cls.today = cls.env.cr.fetchone()[0]
        cls.person = cls.env["res.partner"].create({"name": "Ada", "email": "ada@example.com"})
        cls.card.sudo()._give_to(cls.person, cls.company)
        cls.offer = cls.env["tibillet.offer"].create(
            {
                "name": "A free drink",
                "company_id": cls.company.id,
                "habit": "bought",
                "product_ids": cls.beer.ids,
                "habit_count": 2,
                "habit_days": 30,
                "asset_id": cls.gift.id,
                "gift": 3.0,
                "start_date": cls.today,
                "end_date": cls.today,
                "budget_count": 2,
                "budget": 7.0,
            }
        )


@tagged("post_install", "-at_install")
class TestLoyalOffers(OfferGoods, CardActs, UndoCase):
    def page(self, uid=UID, user=None):
        session = self.till_session.with_user(user) if user else self.till_session
        return session.tibillet_card_page(self.credential, uid)

    def offers(self, uid=UID):
        answer = self.page(uid)
        self.assertTrue(answer["ok"], answer)
        return [offer["offer_id"] for offer in answer["offers"]]

    def agree(self, agrees=True, uid=UID):
        return self.act("consent", {"agrees": agrees}, uid=uid)

    def take(self, offer=None, **how):
        return self.act("offer", {"offer_id": (offer or self.offer).id}, **how)

    def assertNothingGiven(self, answer, words):
        self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"), answer)
        self.assertIn(words, answer["message"])
        self.offer.invalidate_recordset()
        self.assertEqual((self.offer.used_count, self.offer.used_minor), (0, 0))
        self.assertEqual(self.free(asset=self.gift), 0)

    def regular(self):
        """What Ada's card has done: two beers, and her word."""
        for _time in range(2):
            self.sale()
        self.assertTrue(self.agree()["ok"])

    # -- given ------------------------------------------------------------------------------

    def test_one_touch_gives_it_once(self):
        self.regular()
        self.assertEqual(self.offers(), self.offer.ids)
        answer = self.take()
        self.assertTrue(answer["ok"], answer)
        gift = self.operation()
        self.assertEqual(
            (gift.code, gift.state, gift.memo), ("gift", "posted", "Offer: A free drink")
        )
        self.assertEqual(self.free(asset=self.gift), 300)
        self.assertEqual(answer["receipt"]["note"], "A free drink")
        again = self.take(key=self.key, seq=self.seq)  # the same touch, sent again
        self.assertEqual((again["ok"], self.free(asset=self.gift)), (True, 300))
        other = self.take()
        self.assertEqual((other["ok"], other["code"]), (False, "not_allowed"))
        self.assertIn("used by this holder before", other["message"])
        self.offer.invalidate_recordset()
        self.assertEqual((self.offer.used_count, self.offer.used), (1, 3.0))
        self.assertEqual((self.offers(), self.free(asset=self.gift)), ([], 300))
        self.assertEqual(self.ledger._audit(), {})

    def test_the_key_of_a_sale_gives_no_offer(self):
        self.regular()
        self.tap(1.0)
        answer = self.take(key=self.key, seq=self.next_seq())
        self.assertEqual((answer["ok"], answer["code"]), (False, "key_conflict"))
        self.assertEqual(self.free(asset=self.gift), 0)

    def test_told_at_the_tap_that_pays(self):
        self.regular()
        answer = self.tap(6.0)
        self.assertEqual([offer["name"] for offer in answer["offers"]], ["A free drink"])
        self.assertNotIn("offers", self.tap(1.0, uid=OTHER_UID))

    def test_where_no_offer_runs_a_tap_asks_for_nothing_more(self):
        self.offer.unlink()
        self.env["tibillet.offer"]._ids_of(self.company.id)
        with self.assertQueryCount(0):
            self.assertFalse(self.env["tibillet.offer"]._open_to(self.card, self.company))

    # -- to whom ------------------------------------------------------------------------------

    def test_only_to_those_who_agreed_and_no_longer_when_they_do_not(self):
        for _time in range(2):
            self.sale()
        self.assertEqual((self.offers(), self.page()["consent"]), ([], False))
        self.assertNothingGiven(self.take(), "for those who agreed")
        self.agree()
        self.agree()  # the same word again
        self.assertEqual((self.offers(), self.page()["consent"]), (self.offer.ids, True))
        self.agree(False)
        self.assertNothingGiven(self.take(), "for those who agreed")
        rows = self.env["tibillet.offer.consent"].sudo().search([])
        self.assertEqual((len(rows), bool(rows.given_at), bool(rows.withdrawn_at)), (1, True, True))
        self.agree()
        self.assertEqual(len(rows.search([])), 2)

    def test_a_word_given_at_one_place_is_no_word_at_another(self):
        for _time in range(2):
            self.sale()
        consents = self.env["tibillet.offer.consent"]
        wallet = self.card.wallet_id._surviving()
        consents._note(wallet, self.other_company, True)
        self.assertEqual((self.offers(), self.page()["consent"]), ([], False))
        self.assertNothingGiven(self.take(), "for those who agreed")
        self.agree()
        self.agree(False)
        self.assertTrue(consents._is_given(wallet, self.other_company))
        self.assertFalse(consents._is_given(wallet, self.company))

    def test_an_offer_of_another_place_is_not_given_here(self):
        self.regular()
        gift = self.env["tibillet.asset"].create(
            {"name": "G", "code": "gift-2", "kind": "gift", "company_id": self.other_company.id}
        )
        values = {"company_id": self.other_company.id, "asset_id": gift.id, "habit": "away"}
        theirs = self.offer.copy(values)
        self.assertEqual(self.offers(), self.offer.ids)
        self.assertNothingGiven(self.take(theirs), "over")
        self.assertFalse(theirs.used_count)

    def test_what_was_bought_before_the_card_had_a_name_counts(self):
        self.load(self.other_card, 2000)
        for _time in range(2):
            self.sell(6.0, uid=OTHER_UID)
        self.agree()
        self.assertEqual(self.offers(), [])
        self.other_card.sudo()._give_to(self.person, self.company)
        self.assertEqual(self.offers(), self.offer.ids)

    def test_the_card_by_its_number_is_offered_nothing(self):
        """Who takes an offer is there with the card."""
        self.regular()
        typed = f"number:{self.card.number}"
        page = self.page(typed, self.till_manager)
        self.assertEqual((page["ok"], page["offers"], page["consent"]), (True, [], None))
        for act, values in (("offer", {"offer_id": self.offer.id}), ("consent", {"agrees": False})):
            answer = self.act(act, values, uid=typed, user=self.till_manager)
            self.assertIn("on the reader", answer["message"])
        self.assertEqual((self.free(asset=self.gift), self.page()["consent"]), (0, True))

    def test_never_to_a_card_without_a_name(self):
        self.load(self.other_card, 2000)
        self.offer.habit_count = 1
        self.sell(6.0, uid=OTHER_UID)
        page = self.page(OTHER_UID)
        self.assertEqual((page["offers"], page["consent"]), ([], None))
        refused = self.agree(uid=OTHER_UID)
        self.assertEqual((refused["ok"], refused["code"]), (False, "not_allowed"))
        self.assertFalse(self.env["tibillet.offer.consent"].sudo().search([]))
        self.assertNothingGiven(self.take(uid=OTHER_UID), "for those who agreed")

    def test_a_blocked_card_takes_nothing(self):
        self.regular()
        self.env.cr.execute(
            "UPDATE tibillet_card SET state = 'blocked' WHERE id = %s", self.card.ids
        )
        self.env.invalidate_all()
        self.assertEqual(self.page()["offers"], [])
        answer = self.take()
        self.assertEqual((answer["ok"], self.free(asset=self.gift)), (False, 0))
        self.assertFalse(self.agree(False)["ok"])
        wallet = self.card.wallet_id._surviving()
        self.assertTrue(self.env["tibillet.offer.consent"]._is_given(wallet, self.company))

    def test_what_is_bought_makes_the_habit(self):
        self.agree()
        self.sale()
        self.assertEqual(self.offers(), [])
        self.assertNothingGiven(self.take(), "not for this card today")
        second = self.sale()
        self.assertEqual(self.offers(), self.offer.ids)
        self.assertTrue(self.undo(second)["ok"])  # given back whole: no habit
        self.assertEqual(self.offers(), [])
        self.sale()
        self.assertEqual(self.offers(), self.offer.ids)
        self.offer.product_ids = self.crisps
        self.assertEqual(self.offers(), [])

    def test_a_category_and_those_below_it(self):
        top = self.env["product.category"].create({"name": "Drinks"})
        self.beer.categ_id = self.env["product.category"].create(
            {"name": "Beers", "parent_id": top.id}
        )
        self.offer.write({"product_ids": False, "category_ids": top.ids})
        self.regular()
        self.assertEqual(self.offers(), self.offer.ids)

    def test_days_are_counted_back_from_now(self):
        self.regular()
        self.offer.write({"end_date": "2027-12-31"})
        self.wait(60 * 24 * 29)
        self.assertEqual(self.offers(), self.offer.ids)
        self.wait(60 * 24 * 2)
        self.assertEqual(self.offers(), [])

    def test_money_spent_of_ones_own_and_less_what_came_back(self):
        self.offer.write({"habit": "spent", "habit_amount": 10.0})
        self.agree()
        self.sale()
        self.assertEqual(self.offers(), [])  # 6.00
        second = self.sale()
        self.assertEqual(self.offers(), self.offer.ids)  # 12.00
        self.undo(second)
        self.assertEqual(self.offers(), [])

    def test_money_spent_long_ago_makes_no_habit(self):
        self.offer.write({"habit": "spent", "habit_amount": 10.0, "end_date": "2027-12-31"})
        self.regular()
        self.wait(60 * 24 * 29)
        self.assertEqual(self.offers(), self.offer.ids)
        self.wait(60 * 24 * 2)
        self.assertEqual(self.offers(), [])

    def test_a_gift_that_was_spent_is_no_habit_of_spending(self):
        self.offer.write({"habit": "spent", "habit_amount": 10.0})
        self.load(self.card, 900, asset=self.gift)
        self.agree()
        for _time in range(2):
            self.sale()  # 12.00, of which 9.00 the house gave
        self.assertEqual(self.offers(), [])

    def test_those_who_have_not_come_for_a_while(self):
        self.offer.write({"habit": "away", "habit_days": 20, "end_date": "2027-12-31"})
        self.agree()
        self.assertEqual(self.offers(), [])  # never came
        self.sale()
        self.assertEqual(self.offers(), [])
        self.wait(60 * 24 * 21)
        self.assertEqual(self.offers(), self.offer.ids)

    # -- how far ------------------------------------------------------------------------------

    def test_the_budget_and_the_end_are_kept(self):
        self.regular()
        for values in (
            {"start_date": "2020-01-01", "end_date": "2020-01-02"},
            {"start_date": "2027-12-30", "end_date": "2027-12-31"},
            {"active": False},
        ):
            with self.subTest(**values), self.env.cr.savepoint() as point:
                self.offer.write(values)
                self.assertEqual(self.offers(), [])
                answer = self.take()
                self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"))
                self.assertIn("over", answer["message"])
                self.assertEqual(self.free(asset=self.gift), 0)
                point.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache()

    def test_two_holders_do_not_take_one_gift_too_many(self):
        """Money for two, number for one: the second holder is told, nothing is written."""
        self.regular()
        self.offer.budget_count = 1
        other = self.env["res.partner"].create({"name": "Bob"})
        self.load(self.other_card, 2000)
        self.other_card.sudo()._give_to(other, self.company)
        self.env.flush_all()  # a tap has a cursor of its own
        for _time in range(2):
            self.sell(6.0, uid=OTHER_UID)
        self.agree(uid=OTHER_UID)
        self.assertEqual(self.offers(OTHER_UID), self.offer.ids)
        self.assertTrue(self.take()["ok"])
        self.assertEqual(self.offers(OTHER_UID), [])
        answer = self.take(uid=OTHER_UID)
        self.assertIn("budget is spent", answer["message"])
        self.assertEqual(len(self.env["tibillet.offer.use"].sudo().search([])), 1)
        self.assertEqual(self.free(self.other_card, self.gift), 0)

    def test_money_for_less_than_a_gift_is_none(self):
        self.regular()
        self.env.cr.execute(
            "UPDATE tibillet_offer SET used_minor = budget_minor - gift_minor + 1 WHERE id = %s",
            self.offer.ids,
        )
        self.offer.invalidate_recordset()
        self.assertEqual(self.offers(), [])
        answer = self.take()
        self.assertEqual((answer["ok"], answer["code"]), (False, "not_allowed"), answer)
        self.assertIn("budget is spent", answer["message"])
        self.assertEqual(self.free(asset=self.gift), 0)
        self.assertFalse(self.env["tibillet.offer.use"].sudo().search([]))

    def test_the_database_keeps_the_budget(self):
        for column, amount in (("used_count", 3), ("used_minor", 701), ("used_count", -1)):
            with (
                self.subTest(column),
                mute_logger("odoo.sql_db"),
                self.assertRaises(pg_errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    {
                        "used_count": "UPDATE tibillet_offer SET used_count = %s WHERE id = %s",
                        "used_minor": "UPDATE tibillet_offer SET used_minor = %s WHERE id = %s",
                    }[column],
                    [amount, self.offer.id],
                )

    # -- who decides, and what is kept -----------------------------------------------------------

    def test_a_manager_writes_offers_and_nobody_what_they_gave(self):
        offer = self.offer.with_user(self.till_manager)
        offer.write({"name": "Two free drinks", "used_count": 2, "used_minor": 0, "budget": 60.0})
        self.assertEqual((offer.used_count, offer.budget_minor), (0, 6000))
        for name in ("tibillet.offer", "tibillet.offer.use", "tibillet.offer.consent"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.env[name].with_user(self.cashier).search_read([], ["id"])
        with self.assertRaises(AccessError):
            self.env["tibillet.offer.use"].with_user(self.till_manager).search_read([], ["id"])
        for name in ("tibillet.offer.use", "tibillet.offer.consent"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.env[name].sudo().create({})

    def test_an_offer_that_cannot_be_is_refused_in_a_sentence(self):
        for words, values in (
            ("no gift of this place", {"asset_id": self.token.id}),
            ("articles or categories", {"product_ids": False}),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.offer.write(values)
            self.offer.invalidate_recordset()
        for values in ({"gift": 0}, {"budget": 2.0}, {"end_date": "2020-01-01"}):
            with (
                self.subTest(**values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(pg_errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.offer.write(values)
                self.offer.flush_recordset()

    def test_bad_input(self):
        self.regular()
        for act, values in (
            ("offer", {"offer_id": "1"}),
            ("offer", {"offer_id": 2**31 - 1}),
            ("consent", {"agrees": "yes"}),
            ("consent", {}),
        ):
            with self.subTest(act, **values):
                self.assertFalse(self.act(act, values)["ok"])
        self.assertEqual(self.free(asset=self.gift), 0)

    def test_a_person_gets_it_all_and_can_be_forgotten(self):
        self.regular()
        self.take()
        export = self.person._tibillet_export()
        self.assertEqual([row["offer"] for row in export["offers_used"]], ["A free drink"])
        self.assertEqual(len(export["offer_consents"]), 1)
        self.person._tibillet_forget(self.card.wallet_id)
        for name in ("tibillet.offer.use", "tibillet.offer.consent"):
            self.assertFalse(self.env[name].sudo().search([]), name)


@tagged("post_install", "-at_install")
class TestLoyalOfferTour(OfferGoods, TourCase):
    def test_offer(self):
        self.offer.habit_count = 1
        device = self.env["tibillet.device"].create({"name": "x", "config_id": self.config.id})
        device.with_user(self.till_manager)._new_code()
        device.sudo().code_hash = digest("ABCDEFGH12")
        self.run_till("tibillet_loyal_offer", user=self.cashier)
        self.env.invalidate_all()
        self.assertEqual((self.offer.used_count, self.free(asset=self.gift)), (1, 300))
