"""A place sold at a till that is given on: price, refund and prints follow the new holder."""

from odoo.tests import tagged

from .common import OrdersCase


@tagged("post_install", "-at_install")
class TestTillGiven(OrdersCase):
    def setUp(self):
        super().setUp()
        self.order = self.sync(self.places(2))
        self.line = self.order.lines
        self.first, self.second = self.made(self.order).sorted("id")
        (self.first | self.second)._tibillet_numbered()
        self.after = self.first.sudo()._tibillet_give("Bo", "bo@example.com")
        self.after._tibillet_numbered()
        self.env.flush_all()

    def test_it_costs_what_it_cost(self):
        paid = (self.after | self.second)._tibillet_price_paid()
        self.assertEqual([paid[one][0] for one in (self.after, self.second)], [1000, 1000])
        numbers = self.env["tibillet.ticket.number"].search(
            [("event_id", "=", self.event.id), ("cancelled_at", "=", False)]
        )
        self.assertEqual(numbers.mapped("price_minor"), [1000, 1000])
        self.assertEqual(set(numbers.mapped("channel")), {"till"})

    def test_the_line_has_its_two_places(self):
        self.assertEqual(self.made(self.order).sorted("id"), self.second | self.after)
        self.assertEqual((self.first.state, self.after.state), ("cancel", "open"))
        self.assertEqual(self.left(), 0)

    def test_the_till_prints_the_new_one(self):
        answer = self.session.tibillet_tickets(self.order.uuid)
        self.assertEqual(
            sorted(one["id"] for one in answer["tickets"]), sorted((self.second | self.after).ids)
        )
        self.assertEqual(len({one["price"] for one in answer["tickets"]}), 1)

    def test_the_till_refunds_one_and_then_the_other(self):
        """Odoo counts what is cancelled of a line already: what was given on is not."""
        for number in (1, 2):
            values = [(self.cash, -10.0, False)], [(self.rate.product_id, -1, 10.0)]
            back = self.order_values(*values)
            back["lines"][0][2]["refunded_orderline_id"] = self.line.id
            back["lines"][0][2]["event_ticket_id"] = self.rate.id
            self.sync(back, user=self.till_manager)
            self.env.invalidate_all()
            gone = self.made(self.order).filtered(lambda one: one.state == "cancel")
            self.assertEqual(len(gone), number)

    def test_a_session_that_closes_leaves_it(self):
        self.order.sudo().state = "done"
        self.env.flush_all()
        self.assertEqual((self.first.state, self.after.state), ("cancel", "open"))
