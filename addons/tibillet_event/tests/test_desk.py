"""Odoo's own desk of registrations: our tickets are read, and no void one is let in."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_refunds_page import TicketPageCase


@tagged("post_install", "-at_install")
class TestDesk(TicketPageCase):
    def setUp(self):
        super().setUp()
        self.ticket, self.second = self.tickets(self.order(2))

    def text(self, ticket):
        return ticket._tibillet_tickets_ensure().tibillet_ticket_text

    def scan(self, code):
        self.env.flush_all()
        return self.env["event.registration"].register_attendee(code, self.concert.id)

    def test_the_text_of_a_ticket_beside_the_barcode(self):
        text = self.text(self.ticket)
        self.assertEqual(self.scan(text)["status"], "confirmed_registration")
        self.assertEqual(self.scan(text)["status"], "already_registered")
        self.assertEqual(self.scan(self.ticket.barcode)["status"], "already_registered")
        self.assertEqual(self.scan(self.second.barcode)["status"], "confirmed_registration")

    def test_another_event_is_asked(self):
        text = self.text(self.ticket)
        other = self.concert.copy()
        desk = self.env["event.registration"]
        self.assertEqual(
            desk.register_attendee(text, other.id)["status"], "need_manual_confirmation"
        )
        self.assertEqual(self.ticket.state, "open")

    def test_no_ticket(self):
        text = self.text(self.ticket)
        for wrong in (text[:-3], text[:-3] + "AAA", "TBT1:", "TBT1:HELLO", text.lower(), "x"):
            self.assertEqual(self.scan(wrong), {"error": "invalid_ticket"}, wrong)
        self.assertEqual(self.ticket.state, "open")

    def test_lespass_bug_cancelled_refunded_and_given_on_tickets_passed_by_signature(self):
        texts = [self.text(self.ticket), self.text(self.second)]
        after = self.ticket._tibillet_give("Bo", "bo@example.com")
        self.cancel(self.second)
        for text in texts:
            self.assertEqual(self.scan(text)["status"], "canceled_registration")
        self.assertEqual(self.scan(self.text(after))["status"], "confirmed_registration")

    def test_lespass_bug_unpaid_tickets_were_let_in(self):
        unpaid = self.tickets(self.order(1, paid=False))
        self.assertEqual(self.scan(unpaid.barcode)["status"], "unconfirmed_registration")
        with self.assertRaisesRegex(UserError, "is not paid"):
            unpaid.action_set_done()
        self.assertEqual(unpaid.state, "draft")

    def test_no_button_lets_a_void_one_in(self):
        self.second.action_cancel()
        with self.assertRaisesRegex(UserError, "was cancelled: it lets nobody in"):
            self.second.action_set_done()
        self.ticket._tibillet_give("Bo", "bo@example.com")
        with self.assertRaisesRegex(UserError, "was given on"):
            self.ticket.action_set_done()

    def test_lespass_defect_lists_returned_the_payload_of_every_qr(self):
        """Who stands at the desk reads names, and no code that would open the gate."""
        self.text(self.ticket)
        read = self.scan(self.ticket.barcode)
        said = str(read)
        self.assertNotIn("TBT1:", said)
        self.assertNotIn(self.ticket.barcode, said)
