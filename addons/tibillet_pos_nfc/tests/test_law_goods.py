"""The law of the goods: at the tap nothing is taken, on the order nothing passes."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


class LawCase(TillCase):
    """The bar, its beer a drink of group 3, rum of group 5, a lemonade of group 1."""

    @classmethod
    def _set_goods_up(cls):
        result = super()._set_goods_up()
        cls.beer.tibillet_alcohol_group = "3"
        cls.rum, cls.lemonade = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "available_in_pos": True,
                    "list_price": price,
                    "taxes_id": [Command.set(cls.beer.taxes_id.ids)],
                    "company_id": cls.company.id,
                    "tibillet_alcohol_group": group,
                }
                for name, price, group in (("Rum", 7.0, "5"), ("Lemonade", 3.0, "1"))
            ]
        )
        return result

    @classmethod
    def _set_cards_up(cls):
        result = super()._set_cards_up()
        cls.person = cls.env["res.partner"].create({"name": "Ada"})
        return result

    def own(self, birth_date=None):
        """The card is Ada's from now on."""
        self.person.tibillet_birth_date = birth_date
        self.card._claim(self.person, self.card._draw_claim_code(), self.company)

    def rights(self, *codes):
        partners = type(self.env["res.partner"])
        patched = patch.object(
            partners, "_tibillet_rights", lambda partner, company, at=None: frozenset(codes)
        )
        patched.start()
        self.addCleanup(patched.stop)

    def tap(self, *args, **values):
        self.env.flush_all()  # a tap looks from a transaction of its own
        return super().tap(*args, **values)

    def basket(self, *products):
        return [
            {"product_id": product.id, "amount_minor": round(product.list_price * 100)}
            for product in products
        ]


@tagged("post_install", "-at_install")
class TestLawAtTheTap(LawCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def assertRefused(self, code, words, *products, **values):
        answer = self.tap(lines=self.basket(*products), **values)
        self.assertEqual((answer["ok"], answer["code"]), (False, code), answer)
        self.assertIn(words, answer["message"])
        self.assertEqual(self.free(), 2000)
        self.assertFalse(self.operation())

    def assertGranted(self, *products, **values):
        answer = self.tap(lines=self.basket(*products), **values)
        self.assertTrue(answer["ok"], answer)

    def test_age_unknown(self):
        self.assertRefused("age_needed", "“Beer” is sold from 18 on", self.beer)

    def test_age_seen(self):
        self.assertGranted(self.beer, facts={"age_seen": True})

    def test_nothing_to_see(self):
        self.assertGranted(self.lemonade, self.crisps)

    def test_age_known(self):
        self.own(date(1980, 5, 1))
        self.assertGranted(self.beer)

    def test_minor_whatever_the_cashier_touches(self):
        self.own(date(2010, 5, 1))
        self.assertRefused("not_for_this", "younger", self.beer, facts={"age_seen": True})
        self.assertGranted(self.lemonade)

    def test_birthday(self):
        law = type(self.env["tibillet.law"])
        self.own(date(2008, 11, 22))
        with patch.object(law, "_today", lambda law: date(2026, 11, 21)):
            self.assertRefused("not_for_this", "younger", self.beer)
        with patch.object(law, "_today", lambda law: date(2026, 11, 22)):
            self.assertGranted(self.beer)

    def test_other_age(self):
        self.crisps.tibillet_minimum_age = 16
        self.assertRefused("age_needed", "from 16 on", self.crisps)
        self.own(date(2009, 1, 1))
        self.assertGranted(self.crisps)

    def test_free_goods_are_looked_at(self):
        self.assertRefused("age_needed", "Beer", self.crisps, facts={"product_ids": [self.beer.id]})

    def test_licence(self):
        self.config.tibillet_licence = "3"
        seen = {"age_seen": True}
        self.assertRefused("not_for_this", "group 5", self.beer, self.rum, facts=seen)
        self.rum.tibillet_alcohol_group = False
        self.assertRefused("not_for_this", "no group of drinks", self.rum, facts=seen)
        self.assertGranted(self.beer, facts=seen)

    def test_no_licence(self):
        self.config.tibillet_licence = "none"
        self.assertRefused("not_for_this", "no licence", self.beer, facts={"age_seen": True})
        self.assertGranted(self.lemonade)

    def test_members_club(self):
        self.config.tibillet_members_only = True
        seen = {"age_seen": True}
        self.assertRefused("not_for_this", "members only", self.beer, facts=seen)
        self.own()
        self.assertRefused("not_for_this", "members only", self.beer, facts=seen)
        self.rights("member")
        self.assertGranted(self.beer, self.crisps, facts=seen)

    def test_article_for_members(self):
        self.crisps.tibillet_right_code = "gold"
        self.own()
        self.rights("member")
        self.assertRefused("not_for_this", "“gold”", self.crisps)
        self.rights("member", "gold")
        self.assertGranted(self.crisps)

    def test_asked_again_after_the_rules_changed(self):
        seq = self.next_seq()
        first = self.tap(lines=self.basket(self.beer), seq=seq, facts={"age_seen": True})
        self.config.tibillet_licence = "none"
        again = self.tap(
            lines=self.basket(self.beer), seq=seq, key=self.key, facts={"age_seen": True}
        )
        self.assertEqual(again["code"], "held")
        self.assertEqual(first["amount_minor"], again["amount_minor"])

    def test_facts_that_cannot_be(self):
        for facts in ("yes", [1], {"product_ids": "all"}, {"product_ids": [True]}):
            with self.subTest(facts=facts):
                answer = self.tap(lines=self.basket(self.crisps), facts=facts)
                self.assertEqual(answer["code"], "invalid")


@tagged("post_install", "-at_install")
class TestLawOnTheOrder(LawCase):
    def setUp(self):
        super().setUp()
        self.slate = self.env["pos.payment.method"].create(
            {"name": "Slate", "split_transactions": True, "company_id": self.company.id}
        )
        self.config.payment_method_ids |= self.slate
        self.pair(self.open_session())

    def pay(self, *products, method=None, partner=None, **values):
        lines = [(product, 1, product.list_price) for product in products]
        total = sum(price for _product, _qty, price in lines)
        payments = [(method or self.cash, total, None)]
        values["partner_id"] = partner.id if partner else False
        return self.sync(self.order_values(payments, lines, **values))

    def assertRefused(self, words, *products, **values):
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            self.pay(*products, **values)

    def test_age(self):
        self.assertRefused("from 18 on", self.beer)
        order = self.pay(self.beer, tibillet_age_seen=True)
        self.assertEqual(order.state, "paid")
        self.assertFalse(order.tibillet_law_note)

    def test_minor_is_the_customer(self):
        self.person.tibillet_birth_date = date(2010, 1, 1)
        self.assertRefused("younger", self.beer, partner=self.person, tibillet_age_seen=True)

    def test_licence(self):
        self.config.tibillet_licence = "3"
        self.assertRefused("group 5", self.rum, tibillet_age_seen=True)

    def test_members(self):
        self.config.tibillet_members_only = True
        self.assertRefused("members only", self.beer, tibillet_age_seen=True)
        self.rights("member")
        self.pay(self.beer, partner=self.person, tibillet_age_seen=True)

    def test_credit(self):
        self.assertRefused(
            "never sold on credit",
            self.crisps,
            self.beer,
            method=self.slate,
            partner=self.person,
            tibillet_age_seen=True,
        )
        order = self.pay(self.crisps, method=self.slate, partner=self.person)
        self.assertEqual(order.state, "paid")

    def test_a_slate_added_by_hand(self):
        order = self.sync(
            self.order_values([], [(self.beer, 1, 6.0)], state="draft", amount_paid=0)
        )
        with self.assertRaisesRegex(ValidationError, "never sold on credit"):
            self.env["pos.payment"].with_user(self.cashier).create(
                {"pos_order_id": order.id, "payment_method_id": self.slate.id, "amount": 6.0}
            )

    def test_line_added_to_a_paid_order(self):
        order = self.pay(self.crisps)
        with self.assertRaisesRegex(ValidationError, "from 18 on"):
            order.lines.copy({"order_id": order.id, "product_id": self.beer.id})

    def test_goods_that_come_back(self):
        order = self.pay(self.beer, tibillet_age_seen=True)
        back = self.order_values([(self.cash, -6.0, None)], [(self.beer, -1, 6.0)])
        back["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        self.assertEqual(self.sync(back).state, "paid")

    def test_what_a_card_paid_is_recorded_whatever_it_was(self):
        self.tap(lines=self.basket(self.crisps))  # the browser asked for crisps, and sold a beer
        lines = [(self.beer, 1, 2.5)]
        order = self.sync(self.order_values([(self.method, 2.5, self.key)], lines))
        self.assertEqual(order.state, "paid")
        self.assertIn("from 18 on", order.tibillet_law_note)

    def test_known_age_counts_on_the_order(self):
        self.own(date(1980, 1, 1))
        self.tap(lines=self.basket(self.beer))
        order = self.sync(self.order_values([(self.method, 6.0, self.key)]))
        self.assertFalse(order.tibillet_law_note)

    def test_nobody_writes_the_note(self):
        order = self.pay(self.crisps, tibillet_law_note="written by the browser")
        self.assertFalse(order.tibillet_law_note)

    def test_the_licence_is_a_managers(self):
        with self.assertRaises(AccessError):
            self.config.with_user(self.cashier).tibillet_licence = "none"
        self.config.with_user(self.till_manager).tibillet_licence = "3"
        with self.assertRaises(AccessError):
            self.person.with_user(self.cashier).read(["tibillet_birth_date"])


@tagged("post_install", "-at_install")
class TestLawOfTheRange(LawCase):
    """What a manager configures: groups, flat rates, happy hours."""

    def test_group_says_alcohol(self):
        self.assertTrue(self.rum.tibillet_alcohol)
        self.assertFalse(self.lemonade.tibillet_alcohol)
        with self.assertRaisesRegex(ValidationError, "groups 2 to 5"):
            self.lemonade.tibillet_alcohol = True

    def test_flat_rate(self):
        with self.assertRaisesRegex(ValidationError, "never sold at a flat rate"):
            self.beer.tibillet_flat_rate = True
        self.lemonade.tibillet_flat_rate = True

    def _included(self, product, **values):
        combo = self.env["product.combo"].create(
            {
                "name": "Drinks",
                "company_id": self.company.id,
                "combo_item_ids": [Command.create({"product_id": product.id})],
            }
        )
        return combo, self.env["product.template"].create(
            {
                "name": "Drinks included",
                "type": "combo",
                "company_id": self.company.id,
                "combo_ids": [Command.set(combo.ids)],
                "tibillet_flat_rate": True,
                **values,
            }
        )

    def test_drinks_included(self):
        with self.assertRaisesRegex(ValidationError, "flat rate"), self.env.cr.savepoint():
            self._included(self.rum)
        combo, _offer = self._included(self.lemonade)
        with self.assertRaisesRegex(ValidationError, "flat rate"), self.env.cr.savepoint():
            combo.combo_item_ids = [Command.create({"product_id": self.beer.id})]
        with self.assertRaisesRegex(ValidationError, "flat rate"):
            self.lemonade.tibillet_alcohol_group = "3"

    def test_menu_with_a_glass(self):
        _combo, menu = self._included(self.beer, tibillet_flat_rate=False)
        self.assertTrue(menu)

    # -- happy hour ------------------------------------------------------------------------

    def rule(self, product, percent, start="2026-11-21 17:00:00", end="2026-11-21 19:00:00"):
        return Command.create(
            {
                "applied_on": "1_product",
                "product_tmpl_id": product.product_tmpl_id.id,
                "compute_price": "percentage",
                "percent_price": percent,
                "date_start": start,
                "date_end": end,
            }
        )

    def happy_hour(self, *rules):
        return self.env["product.pricelist"].create(
            {"name": "Happy hour", "item_ids": list(rules), "company_id": self.company.id}
        )

    def assertUnequal(self, *rules):
        with self.assertRaisesRegex(ValidationError, "without alcohol"), self.env.cr.savepoint():
            self.happy_hour(*rules)

    def test_happy_hour_alone(self):
        self.assertUnequal(self.rule(self.rum, 50))

    def test_happy_hour_with_a_smaller_discount(self):
        self.assertUnequal(self.rule(self.rum, 50), self.rule(self.lemonade, 20))

    def test_happy_hour_at_other_hours(self):
        self.assertUnequal(
            self.rule(self.rum, 50), self.rule(self.lemonade, 50, end="2026-11-21 18:00:00")
        )

    def test_crisps_are_no_soft_drink(self):
        self.assertUnequal(self.rule(self.rum, 50), self.rule(self.crisps, 50))

    def test_equal_happy_hour(self):
        pricelist = self.happy_hour(self.rule(self.rum, 50), self.rule(self.lemonade, 50))
        soft = pricelist.item_ids.filtered(
            lambda item: item.product_tmpl_id == self.lemonade.product_tmpl_id
        )
        with self.assertRaisesRegex(ValidationError, "without alcohol"), self.env.cr.savepoint():
            soft.unlink()
        with self.assertRaisesRegex(ValidationError, "without alcohol"), self.env.cr.savepoint():
            soft.percent_price = 10
        with self.assertRaisesRegex(ValidationError, "without alcohol"):
            self.lemonade.tibillet_alcohol_group = False

    def test_everything_lowered(self):
        everything = Command.create(
            {
                "applied_on": "3_global",
                "compute_price": "percentage",
                "percent_price": 30,
                "date_end": "2026-11-21 19:00:00",
            }
        )
        self.assertTrue(self.happy_hour(everything))

    def test_fixed_price(self):
        fixed = self.rule(self.rum, 0)
        fixed[2].update(compute_price="fixed", fixed_price=3.5)
        self.assertUnequal(fixed, self.rule(self.lemonade, 40))
        self.assertTrue(self.happy_hour(fixed, self.rule(self.lemonade, 50)))

    def test_no_window_no_happy_hour(self):
        self.assertTrue(self.happy_hour(self.rule(self.rum, 50, start=False, end=False)))

    # -- the person ------------------------------------------------------------------------

    def test_birth_date_is_handed_out_and_erased(self):
        self.person.tibillet_birth_date = date(2000, 1, 2)
        self.assertEqual(self.person._tibillet_export()["birth_date"], "2000-01-02")
        self.person._tibillet_erase()
        self.assertFalse(self.person.tibillet_birth_date)
