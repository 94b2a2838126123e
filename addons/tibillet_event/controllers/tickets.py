from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..models.refunds.shares import to_amount

LOOKS = ("event-ticket", 120, 600)  # pages of tickets opened by one address in ten minutes
ACTS = ("event-ticket-act", 20, 600)


class TicketsController(Controller):
    """What the holder of a ticket can do by themselves; the signed address is the key."""

    def _ticket_sudo(self, ticket_id, token):
        # Whoever has the address holds the ticket, and sees nothing but it.
        tickets_sudo = request.env["event.registration"].sudo()
        allowed = request.env["tibillet.rate.limit"]._hit_request(*LOOKS).allowed
        ticket_sudo = tickets_sudo.browse(ticket_id).exists()
        if not allowed or not ticket_sudo or not ticket_sudo._tibillet_page(token):
            raise request.not_found()
        return ticket_sudo

    def _too_often(self):
        if request.env["tibillet.rate.limit"]._hit_request(*ACTS).allowed:
            return ""
        return request.env._("Too many tries from here. Try again in a few minutes.")

    @route(
        "/my/ticket/<int:ticket_id>/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def ticket(self, ticket_id, token, **post):
        return self._page(self._ticket_sudo(ticket_id, token))

    @route(
        "/my/ticket/<int:ticket_id>/<string:token>/cancel",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def cancel(self, ticket_id, token, back="", **post):
        """Cancel one ticket for what the page said; answered twice it is once."""
        ticket_sudo = self._ticket_sudo(ticket_id, token)
        if ticket_sudo.state == "cancel" and ticket_sudo.tibillet_refund_line_ids:
            return self._page(ticket_sudo)
        sentence = self._too_often() or ticket_sudo._tibillet_visitor_cannot()
        lines = [] if sentence else self._refunds()._reckon(ticket_sudo, "rule")
        if not sentence and back != str(sum(line["amount"] for line in lines)):
            sentence = request.env._(
                "What comes back has changed meanwhile. Look at the amount and decide again."
            )
        if not sentence:
            try:
                with request.env.cr.savepoint():
                    self._refunds()._cancel_tickets(ticket_sudo, "rule", "visitor")
            except UserError as error:
                sentence = str(error)
        if sentence:
            return self._page(ticket_sudo, said=sentence)
        return request.redirect(ticket_sudo._tibillet_page_url())

    @route(
        "/my/ticket/<int:ticket_id>/<string:token>/give",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def give(self, ticket_id, token, name="", email="", **post):
        """Give the ticket to somebody else; what was typed stays when it cannot be."""
        ticket_sudo = self._ticket_sudo(ticket_id, token)
        after_sudo = ticket_sudo
        sentence = self._too_often()
        if not sentence:
            try:
                with request.env.cr.savepoint():
                    after_sudo = ticket_sudo._tibillet_give(name, email, request.env.lang)
            except UserError as error:
                sentence = str(error)
        if sentence:
            return self._page(ticket_sudo, said=sentence, typed_name=name, typed_email=email)
        if after_sudo == ticket_sudo:
            return request.redirect(ticket_sudo._tibillet_page_url())
        return request.render(
            "tibillet_event.ticket_given_page",
            {
                "event": ticket_sudo.event_id,
                "given": request.env._(
                    "The ticket now belongs to %(name)s. It is on its way to %(email)s.",
                    name=after_sudo.name,
                    email=after_sudo.email,
                ),
            },
        )

    def _refunds(self):
        return request.env["tibillet.ticket.refund"].sudo()  # of the ticket whose page it is

    def _page(self, ticket_sudo, **values):
        cannot_cancel = ticket_sudo._tibillet_visitor_cannot()
        lines = [] if cannot_cancel else self._refunds()._reckon(ticket_sudo, "rule")
        back = sum(line["amount"] for line in lines)
        paid = sum(line["price"] for line in lines)
        currency = ticket_sudo.sale_order_id.currency_id or request.env.company.currency_id
        refund_sudo = ticket_sudo.tibillet_refund_line_ids.refund_id
        gone = sum(ticket_sudo.tibillet_refund_line_ids.mapped("amount"))
        return request.render(
            "tibillet_event.ticket_page",
            {
                "ticket": ticket_sudo,
                "event": ticket_sudo.event_id,
                "begin": ticket_sudo.event_slot_id.start_datetime
                or ticket_sudo.event_id.date_begin,
                "rules": ticket_sudo.event_id._tibillet_refund_rules(),
                "cannot_cancel": cannot_cancel,
                "cannot_give": ticket_sudo._tibillet_cannot_change(),
                "back_minor": back,
                "back": currency.format(to_amount(back, currency)) if back else "",
                "kept": currency.format(to_amount(paid - back, currency)) if paid > back else "",
                "refund": refund_sudo,
                "whole_order": ticket_sudo._tibillet_buyers_order(),
                "gone": request.env._("%s comes back.", currency.format(gone)) if gone else "",
                **values,
            },
        )
