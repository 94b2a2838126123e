"""A visitor cancels by their own page: what it says comes back is what comes back, once."""

import re
from unittest.mock import patch

from odoo import Command, http
from odoo.tests import tagged

from ..controllers import tickets
from .refunds_common import RefundsCase


class TicketPageCase(RefundsCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def page(self, ticket, token=None):
        self.env.flush_all()
        return self.url_open(f"/my/ticket/{ticket.id}/{token or ticket._tibillet_token()}")

    def post(self, ticket, act, **form):
        self.env.flush_all()
        answer = self.url_open(
            f"{ticket._tibillet_page_url()}/{act}",
            data={"csrf_token": http.Request.csrf_token(self), **form},
        )
        self.env.invalidate_all()
        return answer


@tagged("post_install", "-at_install")
class TestRefundsPage(TicketPageCase):
    def cancel_page(self, ticket):
        shown = re.search(r'name="back" value="(\d+)"', self.page(ticket).text)
        return self.post(ticket, "cancel", back=shown[1] if shown else "")

    def test_seen_before_and_then_done(self):
        self.begins_in(5)
        order = self.order(2)
        ticket = self.tickets(order)[0]
        page = self.page(ticket).text
        self.assertIn("Comes back now", page)
        self.assertRegex(page, r"\D5\.00")
        answer = self.cancel_page(ticket)
        self.assertIn("Cancelled: this ticket is not valid any more", answer.text)
        self.assertEqual(self.tickets(order).mapped("state"), ["cancel", "open"])
        self.assertEqual(order.tibillet_refund_ids.amount, 5)

    def test_answered_twice_is_once(self):
        order = self.order(1)
        ticket = self.tickets(order)
        for _twice in range(2):
            answer = self.post(ticket, "cancel", back="1000")
            self.assertEqual(answer.status_code, 200)
            self.assertIn("not valid any more", answer.text)
        self.assertEqual(len(order.tibillet_refund_ids), 1)

    def test_what_comes_back_changed_meanwhile(self):
        ticket = self.tickets(self.order(1))
        self.begins_in(5)
        for wrong in ("1000", "-1", "", "x"):
            answer = self.post(ticket, "cancel", back=wrong)
            self.assertIn("has changed meanwhile", answer.text)
        self.assertEqual(ticket.state, "open")

    def test_sentences(self):
        def said(days=None, **values):
            ticket = self.tickets(self.order(1))
            if values:
                ticket.write(values)
            if days is not None:
                self.begins_in(days)
            return self.post(ticket, "cancel", back="0").text

        self.assertIn("scanned at the entrance", said(state="done"))
        self.assertIn("cancelled already", said(state="cancel"))
        self.assertIn("can no longer be cancelled", said(days=0.5))
        self.assertIn("It has begun", said(days=-0.1))

    def test_an_archived_and_a_cancelled_event(self):
        first, second = self.tickets(self.order(1)), self.tickets(self.order(1))
        self.concert.active = False
        self.assertIn("put away", self.post(first, "cancel", back="1000").text)
        self.concert.active = True
        self.concert.write({"kanban_state": "cancel", "tibillet_cancel_reason": "Ill."})
        self.assertIn("comes back by itself", self.post(second, "cancel", back="1000").text)
        self.assertEqual((first + second).mapped("state"), ["open", "open"])

    def test_a_free_ticket_is_given_back(self):
        self.concert.tibillet_refund_rule_ids = [Command.clear()]
        ticket = self.env["event.registration"].create(
            {"event_id": self.concert.id, "event_ticket_id": self.free.id, "name": "Bo"}
        )
        self.assertIn("not valid any more", self.cancel_page(ticket).text)
        self.assertEqual(ticket.state, "cancel")

    def test_only_the_signed_address(self):
        ticket, other = self.tickets(self.order(2))
        for token in (other._tibillet_token(), "x", "%C3%A9"):
            self.assertEqual(self.page(ticket, token).status_code, 404)
        self.assertEqual(self.url_open("/my/ticket/999999999/x").status_code, 404)
        page = self.page(ticket).text
        self.assertNotIn(other.name, page)

    def test_a_robot_is_slowed_down(self):
        ticket = self.tickets(self.order(1))
        with patch.object(tickets, "ACTS", ("event-ticket-act", 1, 600)):
            self.post(ticket, "cancel", back="x")
            self.assertIn("Too many tries", self.post(ticket, "cancel", back="1000").text)
        self.assertEqual(ticket.state, "open")

    def test_the_order_leads_to_its_tickets(self):
        order = self.order(2)
        first, second = self.tickets(order)
        second.tibillet_transferred_at = order.date_order
        page = self.url_open(order.get_portal_url()).text
        self.assertIn(first._tibillet_page_url(), page)
        self.assertNotIn(second._tibillet_page_url(), page)
