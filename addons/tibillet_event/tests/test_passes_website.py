"""A pass on the website: chosen, held everywhere, paid in one basket."""

from odoo import Command
from odoo.tests import tagged

from .test_seats_website import SeatsHttpCase


@tagged("post_install", "-at_install")
class TestPassesWebsite(SeatsHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = {"company_id": cls.company.id, "website_id": cls.website.id}
        cls.friday = cls.make_event("Friday", 3, [("Seat", 0)], **own)
        cls.saturday = cls.make_event("Saturday", 2, [("Seat", 0)], **own)
        cls.concert.write({"seats_limited": False, "seats_max": 0})
        cls.paid.tibillet_pass_event_ids = [Command.set((cls.friday | cls.saturday).ids)]

    def counts(self):
        return self.used(self.friday), self.used(self.saturday)

    def test_held_everywhere_then_bought(self):
        page = self.choose(2)
        self.assertIn("held for you", page)
        self.assertEqual(self.counts(), (2, 2))
        answer = self.confirm(2)
        self.assertIn("/shop/", answer.headers["Location"])
        self.assertEqual(self.counts(), (2, 2))
        order = self.basket()
        self.assertEqual(order.amount_total, 24)
        self.assertEqual(len(order.tibillet_registration_ids), 6)
        self.assertTrue(all(order.tibillet_registration_ids.mapped("tibillet_hold_until")))
        order.action_confirm()
        self.assertEqual(set(order.tibillet_registration_ids.mapped("state")), {"open"})
        self.assertEqual(self.counts(), (2, 2))
        self.assertCounted()

    def test_the_last_one_elsewhere_is_said(self):
        self.register(2, self.saturday.event_ticket_ids)
        page = self.choose(1)
        self.assertIn("Saturday", page)
        self.assertIn("Not enough seats", page)
        self.assertEqual(self.counts(), (0, 2))

    def test_taken_out_of_the_basket(self):
        self.choose(1)
        self.confirm(1)
        order = self.basket()
        order._cart_update_line_quantity(order.order_line.id, 0)
        self.env.invalidate_all()
        self.assertEqual(self.counts(), (0, 0))

    def test_paid_late_when_one_evening_is_full(self):
        """The pass is refused as a whole, and the money goes back."""
        self.choose(1)
        self.confirm(1)
        order = self.basket()
        self.env.flush_all()
        self.clock("30 minutes")
        self.env.cr.execute("SELECT tibillet_seat_release(NULL, 500)")
        self.env.invalidate_all()
        self.register(2, self.saturday.event_ticket_ids)
        provider = self.env["payment.provider"].create(
            {
                "name": "Test",
                "code": "none",
                "state": "test",
                "company_id": self.company.id,
                "payment_method_ids": [
                    Command.set(self.env.ref("payment.payment_method_unknown").ids)
                ],
            }
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": "LATE-PASS",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )
        transaction._check_amount_and_confirm_order()
        self.assertTrue(transaction.tibillet_too_late)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.counts(), (0, 2))
        self.assertCounted()

    def test_the_page_says_what_it_opens(self):
        page = self.url_open(f"/event/{self.concert.id}").text
        self.assertIn("A seat in each: Friday, Saturday.", page)
