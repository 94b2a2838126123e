"""Tickets that were paid online, on the website's company."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase

DAY = timedelta(days=1)


class RefundsCase(HttpCase):
    """A concert in thirty days; orders of it that are paid by the demo provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].get_current_website()
        cls.company = cls.website.company_id
        cls.provider = cls.env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.provider.state = "test"
        cls.product = cls.service("Place", service_tracking="event")
        cls.meal = cls.service("Meal")
        cls.fee = cls.service("Booking fee", tibillet_booking_fee=True)
        cls.concert = cls.env["event.event"].create(
            {
                "name": "Concert",
                "date_begin": fields.Datetime.now() + 30 * DAY,
                "date_end": fields.Datetime.now() + 30.2 * DAY,
                "date_tz": "Europe/Paris",
                "website_published": True,
                "company_id": cls.company.id,
                "seats_limited": True,
                "seats_max": 100,
                "tibillet_refund_rule_ids": [
                    Command.create({"days_before": 7, "method": "percent", "percent": 100}),
                    Command.create({"days_before": 2, "method": "percent", "percent": 50}),
                    Command.create({"days_before": 1, "method": "fee", "fee": 3}),
                ],
                "event_ticket_ids": [
                    Command.create({"name": "Full", "price": 10, "product_id": cls.product.id}),
                    Command.create({"name": "Guest", "price": 0, "product_id": cls.product.id}),
                ],
            }
        )
        cls.rate, cls.free = cls.concert.event_ticket_ids
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Anna", "email": "anna@example.com", "lang": "en_US"}
        )
        cls.refunds = cls.env["tibillet.ticket.refund"]

    @classmethod
    def service(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 0,
                "invoice_policy": "order",
                "taxes_id": False,
                "company_id": cls.company.id,
                **values,
            }
        )

    def order(self, places=2, price=None, paid=True, more=(), **line):
        """A confirmed order of so many places, paid online to the cent."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": places,
                            "event_id": self.concert.id,
                            "event_ticket_id": self.rate.id,
                            **line,
                        }
                    ),
                    *[Command.create(values) for values in more],
                ],
            }
        )
        if price is not None:
            order.order_line[0].price_unit = price
        self.env["event.registration"].create(
            [
                {
                    "sale_order_line_id": order.order_line[0].id,
                    "sale_order_id": order.id,
                    "name": f"Guest {number}",
                }
                for number in range(places)
            ]
        )
        if paid:
            transaction = self.transaction(order)
            transaction._set_done()
            transaction._post_process()
            self.assertEqual(order.state, "sale")
        return order

    def transaction(self, order, amount=None):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env["payment.method"]
                .search([("code", "=", "demo")], limit=1)
                .id,
                "amount": order.amount_total if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"{order.name}-{self.env['payment.transaction'].search_count([])}",
                "sale_order_ids": [Command.set(order.ids)],
                "operation": "online_direct",
            }
        )

    def tickets(self, order):
        return order.tibillet_registration_ids.sorted("id")

    def cancel(self, tickets, how="rule", why="visitor"):
        return self.refunds._cancel_tickets(tickets, how, why)

    def send(self):
        """What the outbox does with what is waiting."""
        for row in self.env["tibillet.outbox"].search(
            [("kind", "=", "ticket_refund"), ("state", "=", "pending")]
        ):
            self.env["tibillet.ticket.refund.part"]._send(row.key, row.payload, 5)

    def gone_back(self, order):
        """What the provider has paid back of an order."""
        children = order.transaction_ids.child_transaction_ids
        return -sum(children.filtered(lambda one: one.state == "done").mapped("amount"))

    def begins_in(self, days):
        begin = fields.Datetime.now() + timedelta(days=days, minutes=5)
        self.concert.write({"date_begin": begin, "date_end": begin + timedelta(hours=3)})
