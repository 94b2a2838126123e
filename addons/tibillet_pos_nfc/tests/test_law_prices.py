"""Prices that a card opens: lower than the usual ones, or none."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TourCase
from .test_law_goods import LawCase


class PriceCase(LawCase):
    """Crisps at 2.50; 2.00 with a card, 1.50 for members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card_list, cls.member_list = cls.env["product.pricelist"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "currency_id": cls.company.currency_id.id,
                    "item_ids": [
                        Command.create(
                            {
                                "applied_on": "1_product",
                                "product_tmpl_id": cls.crisps.product_tmpl_id.id,
                                "compute_price": "fixed",
                                "fixed_price": price,
                            }
                        )
                    ],
                }
                for name, price in (("With a card", 2.0), ("Members", 1.5))
            ]
        )
        cls.config.tibillet_card_pricelist_id = cls.card_list
        cls.config.tibillet_member_pricelist_id = cls.member_list


@tagged("post_install", "-at_install")
class TestPrices(PriceCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def ask(self, amount=2.5, pricelist=None, **facts):
        lines = [{"product_id": self.crisps.id, "amount_minor": round(amount * 100)}]
        facts = {"reprice": True, "pricelist_id": pricelist and pricelist.id, **facts}
        return self.tap(lines=lines, facts=facts)

    def assertOpens(self, pricelist):
        answer = self.ask()
        self.assertEqual((answer["ok"], answer["code"]), (False, "other_prices"), answer)
        self.assertEqual(answer["pricelist_id"], pricelist.id)
        self.assertEqual(self.free(), 2000)
        self.assertFalse(self.operation())

    def test_a_card_opens_its_list(self):
        self.assertOpens(self.card_list)
        answer = self.ask(2.0, self.card_list)
        self.assertEqual((answer["code"], answer["amount_minor"]), ("held", 200))

    def test_a_member_opens_theirs(self):
        self.own()
        self.assertOpens(self.card_list)
        self.rights("member")
        self.assertOpens(self.member_list)

    def test_a_basket_that_is_partly_paid_keeps_its_prices(self):
        self.assertEqual(self.ask(reprice=False)["code"], "held")

    def test_no_list_no_question(self):
        self.config.tibillet_card_pricelist_id = False
        self.assertEqual(self.ask()["code"], "held")

    def test_a_list_that_cannot_be(self):
        answer = self.ask(**{"pricelist_id": "all"})
        self.assertEqual(answer["code"], "invalid")

    def test_reserved_prices_in_cash(self):
        lines = [(self.crisps, 1, 1.5)]
        values = self.order_values([(self.cash, 1.5, None)], lines)
        values["pricelist_id"] = self.member_list.id
        with self.assertRaisesRegex(ValidationError, "card holders and members"):
            self.sync(values)

    def test_members_prices_in_cash_for_a_member(self):
        self.rights("member")
        values = self.order_values([(self.cash, 1.5, None)], [(self.crisps, 1, 1.5)])
        values.update(pricelist_id=self.member_list.id, partner_id=self.person.id)
        self.assertEqual(self.sync(values).state, "paid")

    def test_members_prices_paid_by_anybodys_card_are_noted(self):
        self.tap(lines=[{"product_id": self.crisps.id, "amount_minor": 150}])
        values = self.order_values([(self.method, 1.5, self.key)], [(self.crisps, 1, 1.5)])
        values["pricelist_id"] = self.member_list.id
        self.assertIn("Members", self.sync(values).tibillet_law_note)

    def test_cards_prices_paid_by_card(self):
        self.tap(lines=[{"product_id": self.crisps.id, "amount_minor": 200}])
        values = self.order_values([(self.method, 2.0, self.key)], [(self.crisps, 1, 2.0)])
        values.update(pricelist_id=self.card_list.id, tibillet_usual_total=2.5)
        order = self.sync(values)
        self.assertFalse(order.tibillet_law_note)
        self.assertEqual(order.tibillet_usual_total, 2.5)


@tagged("post_install", "-at_install")
class TestNoSurcharge(PriceCase):
    def test_rule_that_raises(self):
        with self.assertRaisesRegex(ValidationError, "never raises"):
            self.card_list.item_ids.fixed_price = 2.6

    def test_list_that_raises(self):
        dear = self.card_list.copy({"name": "Dear"})
        dear.item_ids.fixed_price = 3.0
        with self.assertRaisesRegex(ValidationError, "Dear.*Crisps.*never raises"):
            self.config.tibillet_member_pricelist_id = dear

    def test_price_that_falls_below(self):
        with self.assertRaisesRegex(ValidationError, "never raises"), self.env.cr.savepoint():
            self.crisps.list_price = 1.9
        self.crisps.list_price = 2.0

    def test_usual_list_that_falls_below(self):
        usual = self.env["product.pricelist"].create(
            {"name": "Usual", "company_id": self.company.id}
        )
        usual.currency_id = self.company.currency_id
        self.config.write(
            {
                "use_pricelist": True,
                "available_pricelist_ids": [Command.set(usual.ids)],
                "pricelist_id": usual.id,
            }
        )
        rule = self.card_list.item_ids.copy_data({"pricelist_id": usual.id, "fixed_price": 1.8})
        with self.assertRaisesRegex(ValidationError, "never raises"):
            self.env["product.pricelist.item"].create(rule)

    def test_the_lists_are_a_managers(self):
        with self.assertRaises(AccessError):
            self.config.with_user(self.cashier).tibillet_card_pricelist_id = False
        self.config.with_user(self.till_manager).tibillet_card_pricelist_id = False


@tagged("post_install", "-at_install")
class TestPricesTours(TourCase, PriceCase):
    def test_a_tap_at_the_cards_prices(self):
        self.run_till("tibillet_prices_card")
        order = self.assertSold(200)
        self.assertEqual(order.pricelist_id, self.card_list)
        self.assertEqual((order.amount_total, order.tibillet_usual_total), (2.0, 2.5))
        self.assertFalse(order.tibillet_law_note)

    def test_a_short_card_leaves_the_usual_prices(self):
        self.run_till("tibillet_prices_short")
        self.env.invalidate_all()
        order = self.till_session.order_ids.filtered(lambda order: order.state == "paid")
        self.assertEqual((order.amount_total, order.tibillet_usual_total), (2.5, 0.0))
        self.assertEqual(order.payment_ids.payment_method_id, self.cash)


@tagged("post_install", "-at_install")
class TestFreePrice(LawCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())
        self.crisps.write({"tibillet_free_price": True, "tibillet_price_minimum": 2.0})

    def pay(self, price, discount=0):
        lines = [(self.crisps, 1, price)]
        values = self.order_values([(self.cash, price, None)], lines)
        values["lines"][0][2]["discount"] = discount
        return self.sync(values)

    def test_enough(self):
        self.assertEqual(self.pay(2.0).state, "paid")
        self.assertEqual(self.pay(40.0).state, "paid")

    def test_too_little(self):
        with self.assertRaisesRegex(ValidationError, "from .*2.00.* on"):
            self.pay(1.99)

    def test_less_than_nothing(self):
        with self.assertRaisesRegex(ValidationError, "less than nothing"):
            self.pay(5.0, discount=120)

    def test_a_minimum_that_cannot_be(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.crisps.tibillet_price_minimum = -1
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestFreePriceTour(TourCase, LawCase):
    def test_free_price(self):
        self.crisps.write({"tibillet_free_price": True, "tibillet_price_minimum": 2.0})
        self.run_till("tibillet_free_price")
        self.assertSold(1250)
