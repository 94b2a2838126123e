"""Tickets as PDF: for the holder, for the buyer of an order, and behind Odoo's own address."""

import json

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request, route
from odoo.tools import consteq

from odoo.addons.event.controllers.main import EventController
from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.prints import pkpass, qr
from ..models.prints.sheet import FORMS
from .tickets import TicketsController

PAGE = "/my/ticket/<int:ticket_id>/<string:token>"
PRINTS = ("event-ticket-pdf", 60, 600)  # of one address in ten minutes
PUBLIC = {"type": "http", "auth": "public", "website": True, "sitemap": False}


def pdf_answer(tickets_sudo, form=None, lang=None):
    """The PDF of tickets, as a download.

    :raises UserError: when none of them can be printed
    """
    data = tickets_sudo._tibillet_pdf(form if form in dict(FORMS) else None, lang)
    headers = [
        ("Content-Type", "application/pdf"),
        ("Content-Length", str(len(data))),
        ("Content-Disposition", content_disposition(tickets_sudo._tibillet_pdf_name())),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex"),
    ]
    return request.make_response(data, headers=headers)


def said_page(sentence, status=409):
    """A sentence instead of a PDF."""
    response = request.render("tibillet_event.ticket_not_printed", {"said": sentence})
    response.status_code = status
    return response


def limited():
    """A sentence when somebody asks for PDFs without end, else an empty text."""
    if request.env["tibillet.rate.limit"]._hit_request(*PRINTS).allowed:
        return ""
    return request.env._("Too many tries from here. Try again in a few minutes.")


class PrintsController(TicketsController):
    @route(f"{PAGE}/pdf", **PUBLIC)
    def ticket_pdf(self, ticket_id, token, form=None, **unused):
        """The holder's own ticket."""
        return self._pdf(self._ticket_sudo(ticket_id, token), form)

    @route(f"{PAGE}/pass", **PUBLIC)
    def ticket_pass(self, ticket_id, token, **unused):
        """The ticket for the application where a phone keeps its cards."""
        ticket_sudo = self._ticket_sudo(ticket_id, token)
        if sentence := limited():
            return said_page(sentence, 429)
        try:
            data = ticket_sudo._tibillet_pass_file()
        except UserError as error:
            return said_page(str(error))
        name = ticket_sudo._tibillet_pdf_name().removesuffix(".pdf") + ".pkpass"
        headers = [
            ("Content-Type", pkpass.MIMETYPE),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
            ("X-Robots-Tag", "noindex"),
        ]
        return request.make_response(data, headers)

    @route(f"{PAGE}/order/pdf", **PUBLIC)
    def order_pdf(self, ticket_id, token, form=None, **unused):
        """All the tickets of who bought them, in one file."""
        order_sudo = self._ticket_sudo(ticket_id, token)._tibillet_buyers_order()
        if not order_sudo:
            raise request.not_found()
        return self._pdf(order_sudo._tibillet_buyers_tickets(), form)

    @route(f"{PAGE}/code.png", **PUBLIC)
    def ticket_code(self, ticket_id, token, **unused):
        """The picture of the code that a mail shows; gone with the ticket."""
        tickets_sudo, _left_out = self._ticket_sudo(ticket_id, token)._tibillet_printable()
        if not tickets_sudo:
            raise request.not_found()
        headers = [
            ("Content-Type", "image/png"),
            ("Cache-Control", "no-store"),
            ("X-Robots-Tag", "noindex"),
        ]
        return request.make_response(qr.png(tickets_sudo[:1].tibillet_ticket_text), headers)

    def _pdf(self, tickets_sudo, form):
        if sentence := limited():
            return said_page(sentence, 429)
        try:
            return pdf_answer(tickets_sudo, form, request.env.lang)
        except UserError as error:
            return said_page(str(error))


class OrderPrintsController(CustomerPortal):
    @route("/my/orders/<int:order_id>/tickets.pdf", **PUBLIC)
    def portal_order_tickets(self, order_id, access_token=None, form=None, **unused):
        """The tickets of an order, for who may open its page."""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            raise request.not_found() from None
        if sentence := limited():
            return said_page(sentence, 429)
        try:
            return pdf_answer(order_sudo._tibillet_buyers_tickets(), form, request.env.lang)
        except UserError as error:
            return said_page(str(error))


class EventPrintsController(EventController):
    @route(website=True, multilang=False, sitemap=False)
    def event_my_tickets(
        self, event_id, registration_ids="", tickets_hash="", badge_mode=False, **unused
    ):
        """Odoo's address of tickets, in its mails and on its pages: ours behind it.

        Badges stay Odoo's where they can be printed.
        """
        report = request.env["ir.actions.report"]
        if badge_mode and report.get_wkhtmltopdf_state() not in ("install", "broken"):
            return super().event_my_tickets(
                event_id, registration_ids, tickets_hash, badge_mode=badge_mode
            )
        tickets_sudo = self._tickets_of(event_id, registration_ids, tickets_hash)
        if sentence := limited():
            return said_page(sentence, 429)
        try:
            return pdf_answer(tickets_sudo, None, request.env.lang)
        except UserError as error:
            return said_page(str(error))

    def _tickets_of(self, event_id, registration_ids, tickets_hash):
        try:
            ids = json.loads(registration_ids or "[]")
        except ValueError:
            ids = []
        # Their signature was made for whoever registered; also for an event not published yet.
        event_sudo = request.env["event.event"].sudo().browse(event_id).exists()
        good = event_sudo and isinstance(ids, list) and all(type(one) is int for one in ids) and ids
        if not good or not consteq(str(tickets_hash), event_sudo._get_tickets_access_hash(ids)):
            raise request.not_found()
        found = request.env["event.registration"].sudo().with_context(active_test=False)
        return found.search([("id", "in", ids), ("event_id", "=", event_sudo.id)], order="id")
