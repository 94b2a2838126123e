"""Cashiers over HTTP who sell the seats of a rush: put aside first, then the order in cash."""

import json
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime

from .rush import TIMEOUT_S, patiently, rush_concert

PRICE = 12.0


def rush_with_till(env, seats):
    """The concert of a rush, and a till of its company with an open session."""
    facts = rush_concert(env, seats)
    company = env["event.event"].browse(facts["event"]).company_id
    env = env(context={"allowed_company_ids": company.ids})
    journal = env["account.journal"].create(
        {"name": "Rush cash", "type": "cash", "code": "RUSH", "company_id": company.id}
    )
    cash = env["pos.payment.method"].create(
        {"name": "Rush cash", "journal_id": journal.id, "company_id": company.id}
    )
    config = env["pos.config"].create(
        {
            "name": "Door",
            "company_id": company.id,
            "module_pos_restaurant": False,
            "module_pos_hr": False,
            "payment_method_ids": [(6, 0, cash.ids)],
        }
    )
    admin = env.ref("base.user_admin")
    admin.group_ids |= env.ref("point_of_sale.group_pos_manager")
    config.with_user(admin).open_ui()
    config.current_session_id.with_user(admin).set_opening_control(0, "")
    product = env["event.event.ticket"].browse(facts["rate"]).product_id
    product.available_in_pos = True
    till = {
        "session": config.current_session_id.id,
        "company": company.id,
        "cashier": admin.id,
        "pricelist": config.pricelist_id.id,
        "cash": cash.id,
        "product": product.id,
    }
    return facts | {"till": till}


def sell(url, facts, hold=True):
    """One seat for cash; answers what became of it: ``sold``, or the refusal's code.

    :param hold: without, the order comes straight away, as from a till that never asked
    """
    till, line = facts["till"], str(uuid.uuid4())
    if hold:
        answer = _call(
            url,
            facts["key"],
            "pos.session/tibillet_seats_hold",
            ids=[till["session"]],
            line=line,
            ticket=facts["rate"],
            slot=False,
            quantity=1,
        )
        if not answer["ok"]:
            return answer["code"]
    _call(url, facts["key"], "pos.order/sync_from_ui", orders=[_order(facts, line)])
    return "sold"


def _order(facts, line):
    till = facts["till"]
    place = {"event_id": facts["event"], "event_ticket_id": facts["rate"], "name": "At the door"}
    return {
        "uuid": str(uuid.uuid4()),
        "name": "Door",
        "session_id": till["session"],
        "company_id": till["company"],
        "user_id": till["cashier"],
        "pricelist_id": till["pricelist"],
        "fiscal_position_id": False,
        "partner_id": False,
        "sequence_number": 1,
        "state": "paid",
        "to_invoice": False,
        "date_order": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "amount_total": PRICE,
        "amount_tax": 0,
        "amount_paid": PRICE,
        "amount_return": 0,
        "last_order_preparation_change": "{}",
        "lines": [
            (
                0,
                0,
                {
                    "uuid": line,
                    "product_id": till["product"],
                    "qty": 1,
                    "price_unit": PRICE,
                    "discount": 0,
                    "tax_ids": [(6, 0, [])],
                    "price_subtotal": PRICE,
                    "price_subtotal_incl": PRICE,
                    "event_ticket_id": facts["rate"],
                    "event_registration_ids": [(0, 0, place)],
                },
            )
        ],
        "payment_ids": [
            (
                0,
                0,
                {
                    "uuid": str(uuid.uuid4()),
                    "payment_method_id": till["cash"],
                    "amount": PRICE,
                },
            )
        ],
    }


def _call(url, key, path, **values):
    request = urllib.request.Request(
        f"{url}/json/2/{path}",
        json.dumps(values).encode(),
        {"Content-Type": "application/json", "Authorization": f"bearer {key}"},
    )

    def ask():
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()[:2000]) from error

    return patiently(ask)


def seat_concert_with_till(stage, seats):
    """The concert of a rush over HTTP, with a till."""
    return stage.alone(lambda env: rush_with_till(env, seats))
