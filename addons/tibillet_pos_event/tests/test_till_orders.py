from odoo.tests import tagged

from .common import OrdersCase


@tagged("post_install", "-at_install")
class TestTillOrders(OrdersCase):
    def test_sold_once_however_often_it_is_sent(self):
        sent = self.places(2)
        order = self.sync(sent)
        again = self.sync(sent)
        self.assertEqual(order, again)
        self.assertEqual(self.made(order).mapped("state"), ["open", "open"])
        self.assertEqual(self.left(), 0)

    def test_number_price_and_channel(self):
        order = self.sync(self.places(2))
        self.made(order)._tibillet_numbered()
        rows = self.env["tibillet.ticket.number"].search(
            [("registration_id", "in", self.made(order).ids)]
        )
        self.assertEqual(rows.mapped("price_minor"), [1000, 1000])
        self.assertEqual(set(rows.mapped("channel")), {"till"})

    def test_paid_too_late_for_a_seat(self):
        """The hold ran out on the way and the room is full: the order is taken, and told of."""
        sent = self.places(1)
        self.env.cr.execute("SELECT tibillet_seat_drop(key) FROM tibillet_seat_hold")
        self.env["event.registration"].create(
            [{"event_id": self.event.id, "event_ticket_id": self.rate.id, "name": "Bo"}] * 2
        )
        order = self.sync(sent)
        self.assertEqual(order.state, "paid")
        place = self.made(order)
        self.assertEqual((place.state, place.tibillet_no_seat), ("cancel", True))
        self.assertIn("hand the money back", place.activity_ids.summary)
        self.assertEqual(self.left(), 0)
        self.assertEqual(self.sync(sent), order)
        self.assertEqual(len(place.activity_ids), 1)

    def test_late_and_a_seat_is_left(self):
        sent = self.places(1)
        self.env.cr.execute("SELECT tibillet_seat_drop(key) FROM tibillet_seat_hold")
        order = self.sync(sent)
        self.assertEqual(self.made(order).state, "open")
        self.assertEqual(self.left(), 1)

    def test_what_was_scanned_or_cancelled_stays_so_at_closing(self):
        """Odoo opens every place of an order again when its session is closed."""
        order = self.sync(self.places(2))
        scanned, cancelled = self.made(order)
        scanned.action_set_done()
        cancelled.action_cancel()
        order.sudo().state = "done"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((scanned.state, cancelled.state), ("done", "cancel"))
        self.assertEqual(self.left(), 1)

    def test_brought_back(self):
        """A refund at the till gives the seats back, and the numbers are cancelled."""
        order = self.sync(self.places(2))
        self.made(order)._tibillet_numbered()
        line = order.lines
        back = self.order_values([(self.cash, -10.0, False)], [(self.rate.product_id, -1, 10.0)])
        back["lines"][0][2]["refunded_orderline_id"] = line.id
        back["lines"][0][2]["event_ticket_id"] = self.rate.id
        self.sync(back, user=self.till_manager)
        self.assertEqual(sorted(self.made(order).mapped("state")), ["cancel", "open"])
        self.assertEqual(self.left(), 1)
        numbers = self.env["tibillet.ticket.number"].search([("event_id", "=", self.event.id)])
        self.assertEqual(len(numbers.filtered("cancelled_at")), 1)

    def test_a_cashier_says_no_more_than_a_place_needs(self):
        sent = self.places(1)
        sent["lines"][0][2]["event_registration_ids"][0][2].update(
            {"state": "done", "tibillet_number": "A-000999", "tibillet_guest_list_id": 1}
        )
        place = self.made(self.sync(sent))
        self.assertEqual((place.state, place.tibillet_number), ("open", False))
        self.assertFalse(place.tibillet_guest_list_id)

    def test_an_open_order_waits(self):
        sent = self.places(1, state="draft")
        sent["payment_ids"] = []
        sent["amount_paid"] = 0
        order = self.sync(sent)
        place = self.made(order)
        self.assertEqual(place.state, "draft")
        self.assertTrue(place.tibillet_hold_until)
        self.assertEqual(self.left(), 1)
