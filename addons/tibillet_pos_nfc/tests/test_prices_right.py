"""Percent and sums off by right or tag: at the card's tap, never dearer, never below zero."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TourCase
from .test_law_prices import PriceCase


class RightCase(PriceCase):
    """Crisps at 2.50, 2.00 with a card; half price for helpers, 0.70 off for neighbours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.tibillet_member_pricelist_id = False
        cls.food = cls.env["product.category"].create({"name": "Food"})
        cls.crisps.categ_id = cls.food
        cls.half = cls.make_list("Helpers", compute_price="percentage", percent_price=50)
        cls.less = cls.make_list("Neighbours", compute_price="formula", price_surcharge=-0.7)
        cls.neighbour = cls.env["res.partner.category"].create({"name": "Neighbour"})
        cls.by_right, cls.by_tag = cls.env["tibillet.price.right"].create(
            [
                {
                    "company_id": cls.company.id,
                    "right_code": "helper",
                    "pricelist_id": cls.half.id,
                },
                {
                    "company_id": cls.company.id,
                    "tag_ids": [Command.link(cls.neighbour.id)],
                    "pricelist_id": cls.less.id,
                },
            ]
        )

    @classmethod
    def make_list(cls, name, **rule):
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "2_product_category",
                            "categ_id": cls.food.id,
                            "base": "list_price",
                            **rule,
                        }
                    )
                ],
            }
        )


@tagged("post_install", "-at_install")
class TestPricesByRight(RightCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def opened(self, pricelist=None):
        answer = self.tap(
            lines=[{"product_id": self.crisps.id, "amount_minor": 250}],
            facts={"reprice": True, "pricelist_id": pricelist and pricelist.id},
        )
        self.assertEqual(self.free(), 2000 - (250 if answer["ok"] else 0))
        return self.env["product.pricelist"].browse(answer.get("pricelist_ids") or [])

    def test_nobody_knows_the_holder(self):
        self.rights("helper")
        self.person.category_id = self.neighbour
        self.assertEqual(self.opened(), self.card_list)

    def test_by_right(self):
        self.own()
        self.rights("helper")
        self.assertEqual(self.opened(), self.card_list | self.half)

    def test_by_tag_and_by_right(self):
        self.own()
        self.rights("helper")
        self.person.category_id = self.neighbour
        self.assertEqual(self.opened(), self.card_list | self.half | self.less)
        self.by_right.active = False
        self.assertEqual(self.opened(), self.card_list | self.less)

    def test_at_another_till(self):
        self.own()
        self.rights("helper")
        self.by_right.config_ids = self.config.copy({"name": "Terrace"})
        self.assertEqual(self.opened(), self.card_list)

    def test_the_persons_own_list(self):
        self.own()
        usual = self.make_list("Usual", compute_price="percentage", percent_price=0)
        self.config.write(
            {
                "use_pricelist": True,
                "available_pricelist_ids": [Command.set((usual | self.less).ids)],
                "pricelist_id": usual.id,
            }
        )
        self.assertEqual(self.opened(), self.card_list)
        self.person.with_company(self.company).specific_property_product_pricelist = self.less
        self.assertEqual(self.opened(), self.card_list | self.less)
        self.person.with_company(self.company).specific_property_product_pricelist = self.half
        self.assertEqual(self.opened(), self.card_list, "that list is not sold by here")
        self.person.with_company(self.company).specific_property_product_pricelist = self.less
        self.config.use_pricelist = False
        self.assertEqual(self.opened(), self.card_list)

    def test_a_right_at_another_place(self):
        self.own()
        self.rights("helper")
        theirs = self.half.copy({"name": "Theirs", "company_id": self.other_company.id})
        self.by_right.copy({"company_id": self.other_company.id, "pricelist_id": theirs.id})
        self.assertEqual(self.opened(), self.card_list | self.half)

    def pay(self, pricelist, price, partner=None):
        values = self.order_values([(self.cash, price, None)], [(self.crisps, 1, price)])
        values.update(pricelist_id=pricelist.id, partner_id=partner and partner.id)
        return self.sync(values)

    def test_reserved_for_who_has_it(self):
        with self.assertRaisesRegex(ValidationError, "“Helpers” are for card holders"):
            self.pay(self.half, 1.25)
        self.person.category_id = self.neighbour
        self.assertEqual(self.pay(self.less, 1.8, self.person).state, "paid")

    def test_a_line_below_nothing(self):
        with self.assertRaisesRegex(ValidationError, "less than nothing"):
            self.pay(self.card_list.browse(), -0.5)

    def test_the_till_loads_the_lists(self):
        lists = self.env["product.pricelist"]
        found = lists.search(lists._load_pos_data_domain({"pos.preset": []}, self.config))
        self.assertLessEqual(self.half | self.less, found)


@tagged("post_install", "-at_install")
class TestPricesByRightRules(RightCase):
    def test_for_nobody(self):
        with self.assertRaisesRegex(ValidationError, "for which right or tag"):
            self.by_right.right_code = " "

    def test_dearer(self):
        with self.assertRaisesRegex(ValidationError, "“Neighbours” sells “Crisps”.*never raises"):
            self.less.item_ids.price_surcharge = 0.1

    def test_below_nothing(self):
        with self.assertRaisesRegex(ValidationError, "“Crisps” for less than nothing, .*0.50"):
            self.less.item_ids.price_surcharge = -3

    def test_a_price_that_falls_below_what_is_taken_off(self):
        self.config.tibillet_card_pricelist_id = False
        with self.assertRaisesRegex(ValidationError, "“Neighbours”.* less than nothing"):
            self.crisps.list_price = 0.5

    def test_a_list_that_raises_is_not_opened(self):
        dear = self.make_list("Dear", compute_price="fixed", fixed_price=3)
        with self.assertRaisesRegex(ValidationError, "“Dear”.*never raises"):
            self.by_right.pricelist_id = dear


@tagged("post_install", "-at_install")
class TestPricesByRightTour(TourCase, RightCase):
    def test_the_lowest_of_what_the_card_opens(self):
        self.own()
        self.rights("helper")
        self.person.category_id = self.neighbour
        self.run_till("tibillet_prices_right")
        order = self.assertSold(125)
        self.assertEqual(order.pricelist_id, self.half)
        self.assertEqual((order.amount_total, order.tibillet_usual_total), (1.25, 2.5))
        self.assertFalse(order.tibillet_law_note)
