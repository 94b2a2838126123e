from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SeatsCase


@tagged("post_install", "-at_install")
class TestTillSeats(SeatsCase):
    """Seats are put aside before the money; the order finds them where they were put."""

    def test_seats_are_put_aside_once_and_given_back(self):
        self.assertTrue(self.hold("a", 2)["ok"])
        self.assertTrue(self.hold("a", 2)["ok"], "asked again: the same seats")
        self.assertEqual(self.left(), 0)
        refusal = self.hold("b")
        self.assertEqual((refusal["ok"], refusal["code"]), (False, "sold_out"))
        self.session.tibillet_seats_drop(["a"])
        self.assertEqual(self.left(), 2)
        self.assertEqual(self.session.tibillet_seats_keep(["a"])["code"], "hold_expired")

    def test_rates_bind_at_the_till(self):
        self.rate.tibillet_min_per_order = 2
        self.assertIn("from 2 places", self.hold("a")["message"])
        self.rate.end_sale_datetime = fields.Datetime.now() - timedelta(hours=1)
        self.assertIn("ended", self.hold("a", 2)["message"])
        self.assertEqual(self.left(), 2)

    def test_bad_input_is_answered(self):
        for quantity in (0, -1, "2", 1.5, True, None):
            self.assertFalse(self.hold("a", quantity)["ok"], quantity)
        self.assertFalse(self.hold("é")["ok"])
        self.assertEqual(self.left(), 2)

    def test_only_a_cashier(self):
        stranger = new_test_user(self.env, "stranger-seats", "base.group_user")
        with self.assertRaises(AccessError):
            self.session.with_user(stranger).tibillet_seats_hold("a", self.rate.id, False, 1)

    def test_the_order_finds_its_seats(self):
        order = self.env["pos.order"].create(
            {
                "session_id": self.session.id,
                "company_id": self.company.id,
                "amount_tax": 0,
                "amount_total": 20,
                "amount_paid": 0,
                "amount_return": 0,
                "lines": [
                    Command.create(
                        {
                            "uuid": "c-line",
                            "name": "Full",
                            "product_id": self.rate.product_id.id,
                            "qty": 2,
                            "price_unit": 10,
                            "price_subtotal": 20,
                            "price_subtotal_incl": 20,
                            "event_ticket_id": self.rate.id,
                        }
                    )
                ],
            }
        )
        self.assertTrue(self.hold("c-line", 2)["ok"])
        self.assertEqual(self.left(), 0)
        places = self.env["event.registration"].create(
            [
                {
                    "event_id": self.event.id,
                    "event_ticket_id": self.rate.id,
                    "pos_order_line_id": order.lines.id,
                }
            ]
            * 2
        )
        self.assertEqual(places.mapped("tibillet_seated"), [True, True])
        self.assertEqual(self.left(), 0)
        self.assertTrue(self.session.tibillet_seats_keep(["c-line"])["ok"], "sent: theirs")
        self.assertTrue(self.session.tibillet_seats_drop(["c-line"])["ok"])
        self.assertEqual(self.left(), 0, "what is registered stays")
        places.write({"state": "cancel"})
        self.assertEqual(self.left(), 2)
