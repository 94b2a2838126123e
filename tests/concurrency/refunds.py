"""A ticket that is paid back and, at the same moment, paid back again or scanned."""

import random
import secrets
import time

from .seats import RETRIED, concert


def _ticket(env, places=2):
    """An order of so many places at 10.00, paid online: (order id, ids of its tickets)."""
    event, rate = concert(env, 10)
    rate = env["event.event.ticket"].browse(rate)
    rate.product_id = env["product.product"].create(
        {"name": "Place", "type": "service", "service_tracking": "event", "taxes_id": False}
    )
    order = env["sale.order"].create(
        {
            "partner_id": env["res.partner"].create({"name": "Anna"}).id,
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": rate.product_id.id,
                        "product_uom_qty": places,
                        "event_id": event,
                        "event_ticket_id": rate.id,
                        "price_unit": 10,
                        "tax_ids": [(5, 0, 0)],
                    },
                )
            ],
        }
    )
    order.action_confirm()
    tickets = order.tibillet_registration_ids.sorted("id")
    tickets.action_confirm()
    provider = env["payment.provider"].search([("code", "=", "demo")], limit=1)
    provider.state = "test"
    env["payment.transaction"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": env["payment.method"].search([("code", "=", "demo")], limit=1).id,
            "amount": order.amount_total,
            "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id,
            "reference": secrets.token_hex(8),
            "sale_order_ids": [(6, 0, order.ids)],
            "operation": "online_direct",
            "state": "done",
        }
    )
    return order.id, tickets.ids


def ticket_refund_race(stage, rival="again", guarded=True):
    """The first ticket of an order is cancelled while a rival wants it too.

    ``rival``: ``again`` (somebody cancels the whole order) or ``scan`` (it is let in).
    ``guarded``: without, nobody takes turns and PostgreSQL looks anew at each statement, as most
    programs have it.
    """
    order, tickets = stage.alone(_ticket)

    def refund(stage, meet):
        return _act(stage, meet, guarded, tickets, lambda env: _cancel(env, tickets[:1]))

    def other(stage, meet):
        act = _scan if rival == "scan" else _cancel
        return _act(stage, meet, guarded, tickets, lambda env: act(env, tickets))

    answers = stage.race([refund, other])
    return {**stage.alone(lambda env: _found(env, order, tickets)), "answers": answers}


def _act(stage, meet, guarded, tickets, act):
    from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

    from odoo.exceptions import UserError

    met = False
    while True:
        try:
            with stage.registry.cursor() as cr:
                if not guarded:
                    cr._cnx.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
                env = stage.env(cr)
                if not guarded:
                    type(env["tibillet.ticket.refund"])._take_turn = lambda *_args: None
                env["event.registration"].browse(tickets).mapped("state")  # the snapshot
                if not met:
                    met = True
                    meet()
                return act(env)
        except UserError as refusal:
            return f"refused: {refusal}"
        except RETRIED:
            time.sleep(random.uniform(0, 0.05))


def _cancel(env, tickets):
    env["tibillet.ticket.refund"]._cancel_tickets(
        env["event.registration"].browse(tickets), "full", "staff"
    )
    return "ok"


def _scan(env, tickets):
    ticket = env["event.registration"].browse(tickets[0])
    answer = ticket.register_attendee(ticket.barcode, ticket.event_id.id)
    return "ok" if answer["status"] == "confirmed_registration" else answer["status"]


def _found(env, order, tickets):
    first = env["event.registration"].browse(tickets[0])
    lines = env["tibillet.ticket.refund.line"].search([("registration_id", "=", first.id)])
    children = env["sale.order"].browse(order).transaction_ids.child_transaction_ids
    return {
        "times": len(lines),
        "back": -sum(children.mapped("amount")),
        "state": first.state,
        "tickets": [one.state for one in env["event.registration"].browse(tickets)],
    }
