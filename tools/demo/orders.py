"""A month of past sales, through real sessions that are all closed."""

import datetime
import random
import uuid

from freezegun import freeze_time

from . import products

VERSION = 1

SEED = 2026
MONTH_DAYS = 31
FLOAT_IN_DRAWER = 150.0
# A till sends what it holds when the network comes back: a few sales at once.
BATCH = 4
TAPE = {
    # place: weekdays it opens (Monday = 0), local opening hour, hours open, orders in the month
    "bar": ((1, 2, 3, 4, 5, 6), 17, 7, 200),
    "festival": ((4, 5), 18, 7, 55),
    "coop": ((0, 1, 2, 3, 4, 5), 9, 9, 85),
}
# How often a category is asked for, beside the others of the same place.
THIRST = {
    "beer": 9,
    "wine": 3,
    "soft": 4,
    "hot": 5,
    "food": 4,
    "grocery": 3,
    "shop": 1,
    "workshop": 2,
}


class Refused(Exception):
    """What somebody of the demo was to do was refused: the demo is wrong."""


def build(builder):
    """Sell for a month, with time frozen at each sale, and close every session."""
    dice = random.Random(SEED)
    today = datetime.datetime.now().replace(microsecond=0)
    evenings = []
    for slug, (weekdays, hour, hours, count) in TAPE.items():
        days = [
            day
            for day in (today - datetime.timedelta(days=back) for back in range(MONTH_DAYS, 0, -1))
            if day.weekday() in weekdays
        ]
        share = _shares(dice, days, count)
        for day, number in zip(days, share, strict=True):
            opening = day.replace(hour=hour - 1, minute=dice.randrange(0, 20), second=0)
            evenings.append((opening, slug, hours, number))
    sold = 0
    with freeze_time(min(evenings)[0], ignore=["psycopg2", "logging"]) as clock:
        for opening, slug, hours, number in sorted(evenings):
            clock.move_to(opening)
            sold += _evening(builder, dice, clock, slug, opening, hours, number)
    return f"{sold} sales in {len(evenings)} sessions"


def _shares(dice, days, count):
    """Cut ``count`` sales into days, more at the end of the week, at least one a day."""
    weights = [1 + (day.weekday() in (4, 5)) * 1.2 + dice.random() * 0.6 for day in days]
    shares = [max(1, round(count * weight / sum(weights))) for weight in weights]
    shares[-1] = max(1, shares[-1] + count - sum(shares))
    return shares


def open_session(builder, slug, till=None):
    """Open the place's till with its float, in its first cashier's name.

    :param till: another till of the place than its first
    """
    env = builder.at(slug)
    cashier = builder.find(f"user_{till or slug}_caisse")
    session = env["pos.session"].create(
        {"config_id": builder.find(f"till_{till or slug}").id, "user_id": cashier.id}
    )
    # The drawer is hers from the first minute: her name stands on the count.
    session.with_user(cashier).sudo().set_opening_control(FLOAT_IN_DRAWER, "")
    return session


def close_session(session, short=0):
    """Count the drawer and close; a session that stays open is an error.

    :param short: what the drawer lacks
    """
    counted = (
        FLOAT_IN_DRAWER
        - short
        + sum(
            payment.amount
            for payment in session.order_ids.payment_ids
            if payment.payment_method_id.is_cash_count
        )
    )
    session.post_closing_cash_details(counted)
    answer = session.close_session_from_ui()
    if not answer.get("successful") or session.state != "closed":
        raise RuntimeError(f"the session {session.name} does not close: {answer}")


def _evening(builder, dice, clock, slug, opening, hours, number):
    env = builder.at(slug)
    session = open_session(builder, slug)
    # Ten minutes after opening at the earliest, in the order in which they were rung up.
    moments = sorted(10 + dice.randrange(0, hours * 60 - 20) for _ in range(number))
    sales = []
    for minutes in moments:
        clock.move_to(opening + datetime.timedelta(minutes=minutes))
        sales.append(_round(builder, env, dice, slug, session))
    for first in range(0, len(sales), BATCH):
        batch = sales[first : first + BATCH]
        clock.move_to(batch[-1]["date_order"])
        env["pos.order"].sync_from_ui(batch)
    clock.move_to(opening + datetime.timedelta(hours=hours))
    close_session(session)
    return number


def _round(builder, env, dice, slug, session):
    """Return what somebody asked for, as the till would have sent it."""
    shelf = products.RANGES[slug]
    wanted = dice.choices(
        shelf, [THIRST[article.category] for article in shelf], k=dice.choice((1, 1, 2, 2, 3))
    )
    lines = []
    for article in dict.fromkeys(wanted):
        product = env["product.product"].browse(builder.find(f"product_{slug}_{article.key}").id)
        quantity = dice.choice((1, 1, 1, 2, 2, 3)) if article.price < 10 else 1
        lines.append(line(product, quantity, product.lst_price, dice))
    total = sum(values["price_subtotal_incl"] for values in lines)
    kind = "cash" if dice.random() < (0.5 if total < 10 else 0.25) else "card"
    regular = builder.find(f"visitor_{dice.randrange(1, 25):02}") if dice.random() < 0.15 else None
    return sale(builder, session, lines, kind, dice, partner=regular)


def line(product, quantity, price, dice):
    """Return one line of an order as a till sends it; ``price`` includes the tax."""
    company = product.env.company
    amounts = product.taxes_id.compute_all(price, company.currency_id, quantity, product)
    return {
        "product_id": product.id,
        "full_product_name": product.display_name,
        "qty": quantity,
        "price_unit": price,
        "price_subtotal": amounts["total_excluded"],
        "price_subtotal_incl": amounts["total_included"],
        "tax_ids": [(6, 0, product.taxes_id.ids)],
        "discount": 0.0,
        "pack_lot_ids": [],
        "uuid": _uuid(dice),
    }


def sale(builder, session, lines, kind, dice, *, partner=None, payment=None):
    """Return one paid order as a till sends it, rung up now."""
    total = round(sum(values["price_subtotal_incl"] for values in lines), 2)
    tax = round(total - sum(values["price_subtotal"] for values in lines), 2)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")
    slug = next(
        place.slug for place in builder.places if builder.company(place.slug) == session.company_id
    )
    if kind == "wallet":
        method = session.config_id._tibillet_methods()
    else:
        method = builder.find(f"method_{kind}_{slug}")
    return {
        "uuid": _uuid(dice),
        "access_token": _uuid(dice),
        "session_id": session.id,
        "company_id": session.company_id.id,
        "user_id": session.user_id.id,
        "partner_id": partner.id if partner else False,
        "pricelist_id": session.config_id.pricelist_id.id,
        "fiscal_position_id": False,
        "date_order": now,
        "amount_total": total,
        "amount_paid": total,
        "amount_tax": tax,
        "amount_return": 0.0,
        "state": "paid",
        "to_invoice": False,
        "lines": [(0, 0, values) for values in lines],
        "payment_ids": [
            (
                0,
                0,
                {
                    "name": now,
                    "amount": total,
                    "payment_method_id": method.id,
                    "uuid": _uuid(dice),
                    **(payment or {}),
                },
            )
        ],
    }


def _uuid(dice):
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))
