"""A pass at the till: a seat in each of its events before the money, or none and a sentence."""

from odoo import Command
from odoo.tests import tagged

from .common import OrdersCase


@tagged("post_install", "-at_install")
class TestTillPasses(OrdersCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"seats_limited": True, "seats_max": 2, "event_ticket_ids": False}
        cls.days = cls.event.copy(values) | cls.event.copy(values)
        cls.days[0].name, cls.days[1].name = "Friday", "Saturday"
        cls.event.seats_max = 10
        cls.rate.tibillet_pass_event_ids = [Command.set(cls.days.ids)]

    def left_each(self):
        seats = self.env["tibillet.seats"]
        return [seats._left(day, [(False, False)])[0] for day in self.days]

    def test_held_in_each_and_sold(self):
        sent = self.places(2)
        self.assertEqual(self.left_each(), [0, 0])
        order = self.sync(sent)
        seats = self.made(order).tibillet_pass_seat_ids
        self.assertEqual(seats.mapped("state"), ["open"] * 4)
        self.assertEqual(seats.event_id, self.days)
        self.assertEqual(self.left_each(), [0, 0])
        self.assertEqual(self.sync(sent), order)
        self.assertEqual(len(self.made(order).tibillet_pass_seat_ids), 4)

    def test_one_full_day_refuses_it_before_the_money(self):
        self.env["event.registration"].create(
            [{"event_id": self.days[1].id, "name": "Bo"}] * 2,
        )
        refusal = self.hold("a")
        self.assertEqual((refusal["ok"], refusal["code"]), (False, "sold_out"))
        self.assertIn("Saturday", refusal["message"])
        self.assertEqual(self.left_each(), [2, 0], "nothing is kept in the other")

    def test_given_back_with_the_line(self):
        self.assertTrue(self.hold("a", 2)["ok"])
        self.session.tibillet_seats_drop(["a"])
        self.assertEqual(self.left_each(), [2, 2])

    def test_brought_back(self):
        order = self.sync(self.places(1))
        back = self.order_values([(self.cash, -10.0, False)], [(self.rate.product_id, -1, 10.0)])
        back["lines"][0][2]["refunded_orderline_id"] = order.lines.id
        self.sync(back, user=self.till_manager)
        seats = self.made(order).tibillet_pass_seat_ids
        self.assertEqual(seats.mapped("state"), ["cancel", "cancel"])
        self.assertEqual(self.left_each(), [2, 2])
