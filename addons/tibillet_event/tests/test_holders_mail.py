"""Odoo's mail that confirms a place leads to the ticket's page, in the language of the mail."""

import re

from odoo import fields
from odoo.tests import tagged

from .test_refunds_page import TicketPageCase


@tagged("post_install", "-at_install")
class TestHoldersMail(TicketPageCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.concert.event_mail_ids.unlink()
        self.concert.event_mail_ids = [
            fields.Command.create(
                {
                    "interval_unit": "now",
                    "interval_type": "after_sub",
                    "template_ref": f"mail.template,{self.env.ref('event.event_subscription').id}",
                }
            ),
        ]

    def confirmed(self, order, scheduler=None):
        """Links of the mails that confirm the tickets of an order."""
        before = self.env["mail.mail"].search([])
        (scheduler or self.concert.event_mail_ids).execute()
        mails = self.env["mail.mail"].search([]) - before
        mails = mails.filtered(lambda one: one.model == "event.registration")
        return {
            one.res_id: re.findall(r'href="([^"]*/my/ticket/[^"]*)"[^>]*>([^<]*)<', one.body_html)
            for one in mails
        }

    def test_each_ticket_its_own_page_in_both_languages(self):
        for lang, words in (
            ("en_US", "Ticket of Guest 0: see, give or cancel"),
            ("fr_FR", "Billet de Guest 0 : voir, donner ou annuler"),
        ):
            self.buyer.lang = lang
            order = self.order(2)
            tickets = self.tickets(order)
            links = self.confirmed(order)
            self.assertEqual(sorted(links), tickets.ids)
            for ticket in tickets:
                [(url, said)] = links[ticket.id]
                self.assertEqual(url, ticket._tibillet_page_link())
                self.assertIn(ticket.name, said)
            self.assertEqual(links[tickets[0].id][0][1], words)

    def test_it_opens_the_page_and_names_nobody(self):
        order = self.order(1)
        ticket = self.tickets(order)
        [(url, _said)] = self.confirmed(order)[ticket.id]
        path = url.removeprefix(self.concert.get_base_url())
        self.assertRegex(path, rf"^/my/ticket/{ticket.id}/[0-9a-f]{{40}}$")
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Download the ticket", answer.text)

    def test_reminders_and_seats_of_a_pass_have_none(self):
        reminder = self.env["event.mail"].create(
            {
                "event_id": self.concert.id,
                "interval_unit": "days",
                "interval_nbr": 60,
                "interval_type": "before_event",
                "template_ref": f"mail.template,{self.env.ref('event.event_reminder').id}",
            }
        )
        order = self.order(1)
        links = self.confirmed(order, reminder)
        self.assertEqual(links, {self.tickets(order).id: []})
