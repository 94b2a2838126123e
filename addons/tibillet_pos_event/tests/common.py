"""A concert of two seats at a till, and orders of its places as the till sends them."""

from datetime import timedelta

from odoo import Command, fields

from odoo.addons.tibillet_pos_nfc.tests.common import TillCase


class SeatsCase(TillCase):
    """A till that is open, and a concert."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_concert()

    @classmethod
    def make_concert(cls):
        """An event of two seats with one rate at 10.00."""
        cls.env.user.group_ids |= cls.env.ref("event.group_event_manager")
        product = cls.env["product.product"].create(
            {
                "name": "Place",
                "type": "service",
                "service_tracking": "event",
                "list_price": 10,
                "available_in_pos": True,
            }
        )
        start = fields.Datetime.now() + timedelta(days=2)
        cls.event = cls.env["event.event"].create(
            {
                "name": "Concert",
                "company_id": cls.company.id,
                "date_begin": start,
                "date_end": start + timedelta(hours=3),
                "seats_limited": True,
                "seats_max": 2,
                "event_ticket_ids": [
                    Command.create({"name": "Full", "product_id": product.id, "price": 10})
                ],
            }
        )
        cls.rate = cls.event.event_ticket_ids

    def setUp(self):
        super().setUp()
        self.session = self.open_session()

    def hold(self, line, quantity=1, **more):
        return self.session.tibillet_seats_hold(line, self.rate.id, False, quantity, **more)

    def left(self):
        return self.env["tibillet.seats"]._left(self.event, [(False, self.rate.id)])[0]


class OrdersCase(SeatsCase):
    """Orders with places, as the till sends them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.config.payment_method_ids.filtered("is_cash_count")[:1]

    def setUp(self):
        super().setUp()
        self.till_session = self.session
        self.device = self.env["tibillet.device"]

    def places(self, number, hold=True, **values):
        """Values of an order of places paid in cash; its seats put aside before."""
        product = self.rate.product_id
        sent = self.order_values(
            [(self.cash, 10.0 * number, False)], [(product, number, 10.0)], **values
        )
        line = sent["lines"][0][2]
        line["event_ticket_id"] = self.rate.id
        line["event_registration_ids"] = [
            Command.create(
                {"event_id": self.event.id, "event_ticket_id": self.rate.id, "name": "Anna"}
            )
            for _place in range(number)
        ]
        if hold:
            answer = self.hold(line["uuid"], number)
            self.assertTrue(answer["ok"], answer)
        return sent

    def made(self, order):
        return order.lines.event_registration_ids
