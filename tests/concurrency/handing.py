"""A ticket that is given on and, at the same moment, given to another, scanned or cancelled."""

from .refunds import _act, _cancel, _scan, _ticket


def ticket_given_race(stage, rival="again", guarded=True):
    """The first ticket of an order is given on while a rival wants it too.

    ``rival``: ``again`` (given to somebody else), ``same`` (the same form twice), ``scan`` (it is
    let in) or ``cancel`` (it is paid back). ``guarded``: as :func:`ticket_refund_race`.
    """
    order, tickets = stage.alone(_ticket)

    def give(stage, meet):
        return _act(stage, meet, guarded, tickets, lambda env: _give(env, tickets, "bo"))

    def other(stage, meet):
        act = {
            "again": lambda env: _give(env, tickets, "cy"),
            "same": lambda env: _give(env, tickets, "bo"),
            "scan": lambda env: _scan(env, tickets),
            "cancel": lambda env: _cancel(env, tickets[:1]),
        }[rival]
        return _act(stage, meet, guarded, tickets, act)

    answers = stage.race([give, other])
    return {**stage.alone(lambda env: _found(env, order, tickets)), "answers": answers}


def _give(env, tickets, who):
    env["event.registration"].browse(tickets[0])._tibillet_give(who, f"{who}@example.com")
    return "ok"


def _found(env, order, tickets):
    first = env["event.registration"].browse(tickets[0])
    event = first.event_id
    heirs = first.search([("tibillet_first_id", "=", first.id)])
    [(used,)] = env.execute_query(_used(event.id))
    places = env["sale.order"].browse(order).order_line.registration_ids
    return {
        "state": first.state,
        "heirs": len(heirs),
        "valid": len((first | heirs).filtered(lambda one: one.state in ("open", "done"))),
        "seats": used,
        "live": len(places.filtered(lambda one: one.state != "cancel")),
    }


def _used(event):
    from odoo.tools import SQL

    return SQL(
        "SELECT used FROM tibillet_seat_counter WHERE event_id = %s AND slot_id IS NULL"
        " AND ticket_id IS NULL AND quota_id IS NULL",
        event,
    )
