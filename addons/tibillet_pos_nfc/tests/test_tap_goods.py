"""Baskets that cannot be sold as they stand: each has its sentence and loses nothing."""

import time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import TillClosedError
from .common import TillCase


@tagged("post_install", "-at_install")
class TestGoods(TillCase):
    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def line(self, product=None, amount_minor=600, **values):
        return {
            "product_id": (product or self.beer).id,
            "amount_minor": amount_minor,
            "qty": 1,
            "discount": 0,
            **values,
        }

    def refused(self, lines, why, words):
        self.env.flush_all()  # the till's transaction is one of its own
        answer = self.tap(lines=lines)
        self.assertEqual((answer["ok"], answer.get("why")), (False, why), answer)
        self.assertIn(words, answer["message"])
        self.assertIn(
            "Nothing was taken" if why != "price_changed" else "nothing was taken",
            answer["message"],
        )
        self.assertEqual(self.free(), 2000)
        return answer

    def test_price_changed_since_the_basket_began(self):
        line = self.line(seen_price=6.0)
        self.beer.list_price = 6.5
        answer = self.refused([line], "price_changed", "“Beer” costs")
        self.assertEqual(answer["template_ids"], self.beer.product_tmpl_id.ids)
        kept = self.tap(lines=[line], facts={"kept": True})
        self.assertEqual(kept["amount_minor"], 600)

    def test_price_as_it_was_seen(self):
        for seen in (6.0, None):
            answer = self.tap(amount=1.0, lines=[self.line(amount_minor=100, seen_price=seen)])
            self.assertTrue(answer["ok"], answer)

    def test_product_archived(self):
        self.crisps.active = False
        lines = [self.line(), self.line(self.crisps, 250)]
        self.refused(lines, "goods_gone", "“Crisps” is no longer sold")
        self.assertTrue(self.tap(lines=lines[:1])["ok"])

    def test_product_whose_template_is_archived_and_one_that_is_gone(self):
        self.crisps.product_tmpl_id.active = False
        self.refused([self.line(self.crisps, 250)], "goods_gone", "no longer sold")
        self.refused([{"product_id": 2**30, "amount_minor": 250}], "goods_gone", "no longer sold")

    def test_product_of_another_company(self):
        foreign = self.env["product.product"].create(
            {"name": "Cider", "company_id": self.other_company.id}
        )
        self.refused([self.line(foreign)], "goods_gone", "“Cider” belongs to another place")

    def test_a_product_of_every_company(self):
        shared = self.env["product.product"].create({"name": "Water", "company_id": False})
        self.assertTrue(self.tap(lines=[self.line(shared)])["ok"])

    def test_discount_that_makes_a_line_negative(self):
        self.refused([self.line(), self.line(self.crisps, -100)], "price_below_nothing", "“Crisps”")
        self.refused([self.line(discount=120)], "price_below_nothing", "“Beer”")

    def test_goods_brought_back_and_a_discount_on_the_basket(self):
        discount = self.env["product.product"].create({"name": "Discount", "type": "service"})
        lines = [
            self.line(amount_minor=1200, qty=2),
            self.line(self.crisps, -250, qty=-1),
            self.line(discount, -100),
        ]
        self.assertEqual(self.tap(lines=lines)["amount_minor"], 850)

    def test_a_thousand_lines(self):
        started = time.monotonic()
        answer = self.tap(lines=[self.line(amount_minor=1) for _line in range(1000)])
        self.assertEqual(answer["amount_minor"], 1000)
        self.assertLess(time.monotonic() - started, 3)

    def test_a_thousand_and_one_lines(self):
        answer = self.tap(lines=[self.line(amount_minor=1) for _line in range(1001)])
        self.assertEqual(answer["code"], "invalid")
        self.assertIn("1001 lines", answer["message"])
        self.assertEqual(self.free(), 2000)

    def test_numbers_that_are_none(self):
        for value in ("1", float("nan"), float("inf"), [], True):
            for name in ("qty", "discount", "seen_price"):
                if name == "qty" and value is True:
                    continue
                answer = self.tap(lines=[self.line(**{name: value})])
                self.assertEqual(answer["code"], "invalid", (name, value))


@tagged("post_install", "-at_install")
class TestMeanwhile(TillCase):
    """What others do to the till while an order is under way."""

    def setUp(self):
        super().setUp()
        self.pair(self.open_session())

    def test_device_revoked_between_tap_and_order(self):
        """The goods left: the sale is recorded; the next tap is refused with its sentence."""
        self.tap()
        values = self.order_values([(self.method, 6.0, self.key)])
        self.device.with_user(self.till_manager).action_revoke()
        order = self.sync(values)
        self.assertEqual((order.state, self.operation().state), ("paid", "posted"))
        answer = self.tap()
        self.assertTrue(answer["unpaired"])
        self.assertEqual(self.free(), 1400)

    def test_session_closed_before_the_tap(self):
        self.till_session.sudo().action_pos_session_closing_control()
        answer = self.tap()
        self.assertEqual((answer["code"], answer["why"]), ("not_allowed", "till_closed"))
        self.assertIn("Nothing was taken", answer["message"])
        self.assertEqual(self.free(), 2000)

    def test_session_closed_between_tap_and_order(self):
        """Its hold was released at the closing: the order that comes is captured late."""
        self.tap()
        values = self.order_values([(self.method, 6.0, self.key)])
        self.till_session.sudo().action_pos_session_closing_control()
        self.assertEqual(self.operation().state, "voided")
        quiet = mute_logger("odoo.addons.point_of_sale.models.pos_order")
        with quiet, self.assertRaises(TillClosedError):
            self.sync(values)
        closed, self.till_session = self.till_session, self.open_session()
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            order = self.sync(values)
        self.assertEqual(order.state, "paid")
        self.assertNotEqual(order.session_id, closed)
        self.assertEqual(self.free(), 1400)
        late = self.operation(f"{self.key}/late")
        self.assertEqual((late.state, late.paid_minor), ("posted", 600))

    def test_asleep_until_the_hold_ran_out(self):
        """The answer is asked again with its key: it says that the time is over."""
        self.tap()
        self.wait(6)
        again = self.tap(key=self.key, seq=self.seq)
        self.assertEqual(again["code"], "hold_expired", again)
        self.assertEqual(self.free(), 1400)  # a hold that ran out goes back with the next act
        self.assertTrue(self.tap(20.0)["ok"])
