from collections import Counter

from odoo.exceptions import UserError
from odoo.http import request, route

from ..models.refunds.shares import to_amount
from .tickets import TicketsController

PAGE = "/my/ticket/<int:ticket_id>/<string:token>/order"


class OrdersController(TicketsController):
    """Who bought several tickets cancels them at once, from the page of one of their own."""

    @route(PAGE, type="http", auth="public", website=True, sitemap=False)
    def order(self, ticket_id, token, **post):
        """What of the order can be cancelled, what comes back, and what cannot be and why."""
        ticket_sudo = self._ticket_sudo(ticket_id, token)
        return self._order_page(ticket_sudo, self._order_sudo(ticket_sudo))

    @route(
        f"{PAGE}/cancel", type="http", auth="public", methods=["POST"], website=True, sitemap=False
    )
    def order_cancel(self, ticket_id, token, back="", which="", **post):
        """Cancel exactly the tickets that the page showed, for what it said; twice is once."""
        ticket_sudo = self._ticket_sudo(ticket_id, token)
        order_sudo = self._order_sudo(ticket_sudo)
        choice = order_sudo._tibillet_visitor_choice()
        if not choice["tickets"]:
            return self._order_page(ticket_sudo, order_sudo)
        sentence = self._too_often()
        if not sentence and (back, which) != (str(choice["back"]), choice["key"]):
            sentence = request.env._(
                "What comes back has changed meanwhile. Look at the amount and decide again."
            )
        if not sentence:
            try:
                with request.env.cr.savepoint():
                    self._refunds()._cancel_tickets(choice["tickets"], "rule", "visitor")
            except UserError as error:
                sentence = str(error)
        if sentence:
            return self._order_page(ticket_sudo, order_sudo, said=sentence)
        return request.redirect(f"{ticket_sudo._tibillet_page_url()}/order")

    def _order_sudo(self, ticket_sudo):
        # The buyer's own order, by the signed address of a ticket that is theirs.
        order_sudo = ticket_sudo._tibillet_buyers_order()
        if not order_sudo:
            raise request.not_found()
        return order_sudo

    def _order_page(self, ticket_sudo, order_sudo, **values):
        choice = order_sudo._tibillet_visitor_choice()
        currency = order_sudo.currency_id
        sums = {
            name: currency.format(to_amount(choice[name], currency)) if choice[name] else ""
            for name in ("price", "back", "kept", "fees")
        }
        gone_sudo = order_sudo.tibillet_refund_ids
        gone = sum(gone_sudo.mapped("amount"))
        cancelled = order_sudo._tibillet_tickets().filtered(lambda one: one.state == "cancel")
        return request.render(
            "tibillet_event.order_cancel_page",
            {
                "ticket": ticket_sudo,
                "order": order_sudo,
                "count": len(choice["tickets"]),
                "kinds": _kinds(choice["tickets"]),
                "cannot": [
                    (sentence, _kinds(tickets_sudo)) for sentence, tickets_sudo in choice["cannot"]
                ],
                "cancelled": _kinds(cancelled),
                "gone": request.env._("%s comes back.", currency.format(gone)) if gone else "",
                "refund": gone_sudo[:1],
                "rules": choice["tickets"].event_id[:1]._tibillet_refund_rules()
                if choice["price"] and len(choice["tickets"].event_id) == 1
                else (),
                "back_minor": choice["back"],
                "which": choice["key"],
                "sums": sums,
                **values,
            },
        )


def _kinds(tickets_sudo):
    """Tickets counted by event and rate, as texts; names of people stay on their own pages."""
    counted = Counter(
        (one.event_id.name, one.event_ticket_id.name or "") for one in tickets_sudo.sorted("id")
    )
    return [
        f"{count} × {event} · {rate}" if rate else f"{count} × {event}"
        for (event, rate), count in counted.items()
    ]
