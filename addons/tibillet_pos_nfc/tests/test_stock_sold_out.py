from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockSoldOut(StockCase):
    """Sold out is said once and known at every till; it is refused when sold anyway."""

    def out(self):
        return {row["product_tmpl_id"] for row in self.state()["sold_out"]}

    def age(self, minutes=10):
        """What is sold out was so some minutes ago already."""
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env["tibillet.sold.out"].search([]).sudo().since = since
        self.env.flush_all()  # a tap reads it in a transaction of its own

    def test_every_open_till_of_the_stock_hears_it(self):
        other = self.config.copy({"name": "Terrace"})
        closed = self.config.copy({"name": "Closed"})
        elsewhere = self.other_stock()
        for config in other | elsewhere:
            config.with_user(self.till_manager).open_ui()
        heard = self.told(lambda: self.say(self.beer))
        targets = {target for target, _message in heard}
        self.assertEqual(targets, {self.config.access_token, other.access_token})
        self.assertNotIn(closed.access_token, targets)
        [row] = heard[0][1]["out"]
        self.assertEqual(row["product_tmpl_id"], self.beer.product_tmpl_id.id)
        self.assertEqual(row["person"], self.cashier.name)
        heard = self.told(lambda: self.say(self.beer, out=False))
        self.assertEqual(
            {message["back"][0] for _target, message in heard}, {self.beer.product_tmpl_id.id}
        )

    def test_survives_a_reload(self):
        self.say(self.beer)
        loaded = self.till_session.load_data(["pos.config"])["pos.config"][0]
        [row] = loaded["_tibillet_sold_out"]
        self.assertEqual(row["product_tmpl_id"], self.beer.product_tmpl_id.id)
        self.say(self.beer, out=False)
        loaded = self.till_session.load_data(["pos.config"])["pos.config"][0]
        self.assertEqual(loaded["_tibillet_sold_out"], [])

    def test_said_twice_is_said_once(self):
        self.say(self.beer)
        self.assertFalse(self.told(lambda: self.say(self.beer)))
        self.assertEqual(len(self.env["tibillet.sold.out"].search([])), 1)
        self.say(self.beer, out=False)
        self.assertTrue(self.say(self.beer, out=False)["ok"])
        row = self.env["tibillet.sold.out"].search([])
        self.assertEqual((row.ended_by, row.person), (self.cashier.name,) * 2)
        with self.assertRaises(AccessError):
            row.with_user(self.till_manager).ended_by = "x"

    def test_who_says_so(self):
        self.config.with_user(self.till_manager).tibillet_stock_by = "manager"
        self.assertRefused(self.say(self.beer), "not_allowed", "manager")
        self.assertFalse(self.out())
        self.assertTrue(self.say(self.beer, user=self.till_manager)["ok"])
        self.assertRefused(self.say(self.beer, out=False), "not_allowed", "manager")
        with self.assertRaises(AccessError):
            self.config.with_user(self.cashier).tibillet_stock_by = "cashier"
        with self.assertRaises(AccessError):
            self.say(self.beer, user=self.stranger)
        answer = self.till_session.tibillet_sold_out("no such device", 1, True)
        self.assertFalse(answer["ok"])

    def test_what_is_no_product_here(self):
        self.beer.company_id = False
        foreign = self.env["product.template"].create(
            {"name": "Elsewhere", "company_id": self.other_company.id}
        )
        for wrong in (foreign.id, 0, -1, "1", True, None, 10**9):
            answer = self.till_session.tibillet_sold_out(self.credential, wrong, True)
            self.assertRefused(answer, "invalid", "")
        self.assertFalse(self.out())

    # -- sold anyway ---------------------------------------------------------------------

    def test_a_tap_is_refused(self):
        self.say(self.beer)
        self.age()
        answer = self.tap()
        self.assertRefused(answer, "not_for_this", "“Beer” is sold out")
        self.assertEqual(answer["why"], "sold_out")
        self.assertEqual(answer["template_ids"], self.beer.product_tmpl_id.ids)
        self.assertEqual(self.free(), 2000)
        self.say(self.beer, out=False)
        self.assertTrue(self.tap()["ok"])

    def test_ordered_before_it_was_sold_out(self):
        self.say(self.beer)
        self.age(10)
        many = dict.fromkeys(map(str, range(1001)), 1)
        for wrong in ([1], {"x": 1}, {"²": 1}, {"1": "y"}, {"1": float("nan")}, many):
            with self.subTest(wrong=wrong):
                self.assertRefused(self.tap(facts={"ages": wrong}), "invalid", "")
        poured = {"ages": {str(self.beer.id): 30}}
        answer = self.tap(facts=poured)
        self.assertEqual(answer.get("why"), "sold_out", answer)
        served = {"ages": {str(self.beer.id): 1200}}
        answer = self.tap(facts=served)
        self.assertTrue(answer["ok"], answer)
        for ages in (float("inf"), 1e300, 10**400):
            answer = self.tap(1.0, facts={"ages": {str(self.beer.id): ages}})
            self.assertTrue(answer["ok"], answer)

    def test_another_stock_has_it_still(self):
        elsewhere = self.other_stock()
        self.env["tibillet.sold.out"].sudo()._declare(
            self.beer.product_tmpl_id,
            elsewhere._tibillet_stock_location(),
            person="Zoe",
            config=elsewhere,
        )
        self.age()
        self.assertTrue(self.tap()["ok"])
        self.assertFalse(self.out())

    def test_goods_that_cost_nothing_are_sold_out_too(self):
        self.say(self.crisps)
        self.age()
        answer = self.tap(facts={"product_ids": self.crisps.ids})
        self.assertEqual(answer.get("why"), "sold_out", answer)

    def test_a_cup_comes_back_though_sold_out(self):
        cup = self.env["product.product"].create(
            {
                "name": "Cup",
                "available_in_pos": True,
                "type": "consu",
                "list_price": 1.0,
                "taxes_id": [Command.clear()],
                "company_id": self.company.id,
                "tibillet_deposit": True,
            }
        )
        self.say(cup)
        self.age()
        beer = {"product_id": self.beer.id, "amount_minor": 600}
        back = {"product_id": cup.id, "amount_minor": -100}
        answer = self.tap(lines=[beer, back])
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.free(), 1500)

    def test_a_granted_payment_asked_again(self):
        self.assertTrue(self.tap()["ok"])
        key, seq = self.key, self.seq
        self.say(self.beer)
        self.age()
        self.assertTrue(self.tap(key=key, seq=seq)["ok"])

    def test_a_cash_order_is_refused(self):
        self.say(self.beer)
        self.age()
        with self.assertRaisesRegex(ValidationError, "“Beer” is sold out"):
            self.sell_for_cash(self.beer)

    def test_a_cash_order_begun_before(self):
        values = self.order_values([(self.cash, 6.0, False)])
        values["date_order"] = fields.Datetime.to_string(fields.Datetime.now())
        before = fields.Datetime.now() - timedelta(minutes=20)
        values["lines"][0][2]["tibillet_added_at"] = fields.Datetime.to_string(before)
        self.say(self.beer)
        self.age(10)
        self.assertEqual(self.sync(values).state, "paid")

    def test_a_clock_that_is_wrong(self):
        """Added an hour ago by a clock that is an hour slow: just now."""
        now = fields.Datetime.now()
        slow = fields.Datetime.to_string(now - timedelta(hours=1))
        values = self.order_values([(self.cash, 6.0, False)])
        values["date_order"] = fields.Datetime.to_string(now)
        values["tibillet_device_date"] = slow
        values["lines"][0][2]["tibillet_added_at"] = slow
        self.say(self.beer)
        self.age(10)
        with self.assertRaisesRegex(ValidationError, "sold out"):
            self.sync(values)

    def test_what_a_card_has_paid_is_recorded(self):
        self.assertTrue(self.tap()["ok"])
        self.say(self.beer)
        self.age()
        values = self.order_values([(self.method, 6.0, self.key)])
        values["date_order"] = fields.Datetime.to_string(fields.Datetime.now())
        order = self.sync(values)
        self.assertEqual(order.state, "paid")
        self.assertIn("sold out", order.tibillet_law_note)

    def test_given_back_though_sold_out(self):
        order = self.sell_for_cash(self.beer)
        self.say(self.beer)
        self.age()
        self.assertTrue(self.undo(order)["ok"])

    # -- by itself -----------------------------------------------------------------------

    def test_at_zero(self):
        heard = self.told(lambda: self.sell_for_cash(self.bottle, 19))
        self.assertFalse(heard)
        heard = self.told(lambda: self.sell_for_cash(self.bottle, 1))
        self.assertEqual(heard[0][1]["out"][0]["automatic"], True)
        self.assertEqual(self.out(), {self.bottle.product_tmpl_id.id})

    def test_not_unless_set_so(self):
        self.put_in_stock(self.beer, 1)
        self.sell_for_cash(self.beer, 2)
        self.assertFalse(self.out())

    def test_back_by_itself(self):
        order = self.sell_for_cash(self.bottle, 20)
        self.assertTrue(self.out())
        heard = self.told(lambda: self.undo(order))
        self.assertEqual(heard[-1][1]["back"], self.bottle.product_tmpl_id.ids)
        self.assertFalse(self.out())

    def test_a_cashiers_word_stays(self):
        """Said by hand, goods that arrive change nothing; put back by hand, zero does not."""
        order = self.sell_for_cash(self.bottle, 20)
        self.say(self.bottle, out=False)
        self.sell_for_cash(self.bottle)  # found behind the fridge
        self.assertFalse(self.out())
        self.undo(order, user=self.till_manager, reason="test")
        self.say(self.bottle)
        self.arrive(self.bottle, 30)
        self.assertTrue(self.out())

    def arrive(self, product, quantity, where=None):
        """Goods that a supplier brings, or that go back to one."""
        supplier = self.env.ref("stock.stock_location_suppliers")
        here = where or self.location
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": abs(quantity),
                "location_id": (supplier if quantity > 0 else here).id,
                "location_dest_id": (here if quantity > 0 else supplier).id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move.quantity, move.picked = abs(quantity), True
        move._action_done()

    def test_what_a_cashier_took_out_stays_out_when_the_stock_comes_back(self):
        self.say(self.bottle)
        self.arrive(self.bottle, -20)
        self.arrive(self.bottle, 30)
        self.assertTrue(self.out())

    def test_a_shelf_of_the_stock_is_in_it(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.location.id, "company_id": self.company.id}
        )
        self.arrive(self.bottle, -20)
        self.assertTrue(self.out())
        self.arrive(self.bottle, 5, shelf)
        self.assertFalse(self.out())
        self.arrive(self.bottle, -5, shelf)
        self.assertTrue(self.out())

    def test_too_little_left_for_a_glass(self):
        self.half.tibillet_sold_out_auto = True
        self.arrive(self.keg, -59.7)
        self.assertFalse(self.out())  # 0.3 left: one glass
        self.arrive(self.keg, -0.1)
        self.assertEqual(self.out(), {self.half.product_tmpl_id.id})

    def test_a_keg_that_no_longer_fills_a_glass(self):
        self.half.tibillet_sold_out_auto = True
        self.sell_for_cash(self.half, 239)
        self.assertFalse(self.out())  # 0.25 left: one more
        self.sell_for_cash(self.half)
        self.assertEqual(self.out(), {self.half.product_tmpl_id.id})
