"""The last use of a code, the last place of a guest list, the last places of one person.

Each is asked by two at once; with ``broken`` nothing moves the row that both have to move.
"""

from datetime import datetime, timedelta

from .bar import outcome, request_then, value


def last_ones(stage, broken=False):
    known = stage.alone(_evening)
    return {
        "code": _race(stage, broken, known["orders"], _take_code)
        | {
            "uses": value(
                stage,
                "SELECT count(*) FROM tibillet_code_use WHERE code_id = %s AND state = 'held'",
                known["code"],
            )
        },
        "guests": _race(stage, broken, [known["list"]] * 2, _invite)
        | {
            "places": value(
                stage,
                "SELECT count(*) FROM event_registration WHERE tibillet_guest_list_id = %s",
                known["list"],
            )
        },
        "person": _race(stage, broken, [known["event"]] * 2, _two_tabs)
        | {
            "places": value(
                stage,
                "SELECT count(*) FROM event_registration WHERE email = %s",
                "tabs@example.com",
            )
        },
    }


def _race(stage, broken, records, act):
    def one(number, record):
        def work(stage, meet):
            if broken:
                _without_moving()
            return request_then(stage, meet, lambda env: act(env, record, number))

        return work

    return outcome(stage.race([one(number, record) for number, record in enumerate(records)]))


def _evening(env):
    """A code with one use, a list with one place, a rate of two places per person."""
    begin = datetime.now() + timedelta(days=9)
    event = env["event.event"].create(
        {"name": "Rush", "date_begin": begin, "date_end": begin + timedelta(hours=3)}
    )
    rates = env["event.event.ticket"].create(
        [
            {"name": "Full", "event_id": event.id, "price": 10, "tibillet_limit_per_person": 2},
            {"name": "Guest", "event_id": event.id, "price": 0, "tibillet_invitation": True},
        ]
    )
    buyers = env["res.partner"].create([{"name": "A"}, {"name": "B"}])
    website = env["website"].search([("company_id", "=", env.company.id)], limit=1)
    orders = env["sale.order"].create(
        [{"partner_id": one.id, "website_id": website.id} for one in buyers]
    )
    for order in orders:
        order._cart_add(product_id=rates[0].product_id.id, quantity=1, event_ticket_id=rates[0].id)
    code = env["tibillet.code"].create({"name": "LAST", "percent": 50, "limit_uses": 1})
    guests = env["tibillet.guest.list"].create(
        {
            "event_id": event.id,
            "ticket_id": rates[1].id,
            "partner_id": buyers[0].id,
            "quota": 1,
        }
    )
    # Its mails' counters would make two registrations collide.
    event.event_mail_ids.unlink()
    # The guard of the seats does so too: here it is out of the way.
    env.cr.execute("ALTER TABLE event_registration DISABLE TRIGGER USER")
    return {"event": event.id, "orders": orders.ids, "code": code.id, "list": guests.id}


def _take_code(env, order_id, number):
    sentence = env["sale.order"].browse(order_id)._tibillet_add_code("LAST")
    return {"ok": not sentence, "message": sentence}


def _invite(env, list_id, number):
    guests = env["tibillet.guest.list"].browse(list_id)
    return guests._invite(f"Guest {number}", f"guest{number}@example.com").id


def _two_tabs(env, event_id, number):
    """Two places in each of two tabs, for one person who may hold two."""
    event = env["event.event"].browse(event_id)
    rate = event.event_ticket_ids.filtered("tibillet_limit_per_person")
    email, nobody = "tabs@example.com", env["res.partner"]
    sentences = event._tibillet_over_limits([(rate, email)] * 2, nobody, touch=True)
    if not sentences:
        place = {"event_id": event.id, "event_ticket_id": rate.id, "name": "T", "email": email}
        env["event.registration"].create([dict(place), dict(place)])
    return {"ok": not sentences, "message": " ".join(sentences)}


def _without_moving():
    """Count as before, but on rows that nobody moves: what most shops do."""
    from odoo.exceptions import ValidationError

    from odoo.addons.tibillet_event.models.rates import (
        tibillet_code,
        tibillet_guest_list,
        tibillet_rate_person,
    )

    def only_counted(lists):
        for one in lists:
            if one.used_count > one.quota:
                raise ValidationError("full")

    tibillet_code.TibilletCode._touch = lambda codes: None
    tibillet_rate_person.TibilletRatePerson._touch = lambda rows, event, emails: None
    tibillet_guest_list.TibilletGuestList._check_not_over = only_counted
