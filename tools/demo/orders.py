"""About 400 past sales over a month, through real sessions that are all closed."""

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
    "bar": ((1, 2, 3, 4, 5, 6), 17, 7, 230),
    "festival": ((4, 5), 18, 7, 70),
    "coop": ((0, 1, 2, 3, 4, 5), 9, 9, 100),
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


def _evening(builder, dice, clock, slug, opening, hours, number):
    env = builder.at(slug)
    config = env["pos.config"].browse(builder.find(f"till_{slug}").id)
    cashier = builder.find(f"user_{slug}_caisse")
    session = env["pos.session"].create({"config_id": config.id, "user_id": cashier.id})
    session.set_opening_control(FLOAT_IN_DRAWER, "")
    # Ten minutes after opening at the earliest, in the order in which they were rung up.
    moments = sorted(10 + dice.randrange(0, hours * 60 - 20) for _ in range(number))
    sales = [
        _sale(builder, env, dice, slug, session, opening + datetime.timedelta(minutes=minutes))
        for minutes in moments
    ]
    for first in range(0, len(sales), BATCH):
        batch = sales[first : first + BATCH]
        clock.move_to(batch[-1]["date_order"])
        env["pos.order"].sync_from_ui(batch)
    clock.move_to(opening + datetime.timedelta(hours=hours))
    counted = FLOAT_IN_DRAWER + sum(
        payment.amount
        for payment in session.order_ids.payment_ids
        if payment.payment_method_id.is_cash_count
    )
    session.post_closing_cash_details(counted)
    answer = session.close_session_from_ui()
    if not answer.get("successful") or session.state != "closed":
        raise RuntimeError(f"the session {session.name} does not close: {answer}")
    return number


def _sale(builder, env, dice, slug, session, moment):
    """Return what the till would have sent for one sale."""
    shelf = products.RANGES[slug]
    wanted = dice.choices(
        shelf, [THIRST[article.category] for article in shelf], k=dice.choice((1, 1, 2, 2, 3))
    )
    lines = []
    total = tax_total = 0.0
    for article in dict.fromkeys(wanted):
        product = env["product.product"].browse(builder.find(f"product_{slug}_{article.key}").id)
        quantity = dice.choice((1, 1, 1, 2, 2, 3)) if article.price < 10 else 1
        taxes = product.taxes_id
        amounts = taxes.compute_all(product.lst_price, session.currency_id, quantity, product)
        total += amounts["total_included"]
        tax_total += amounts["total_included"] - amounts["total_excluded"]
        lines.append(
            (
                0,
                0,
                {
                    "product_id": product.id,
                    "full_product_name": product.display_name,
                    "qty": quantity,
                    "price_unit": product.lst_price,
                    "price_subtotal": amounts["total_excluded"],
                    "price_subtotal_incl": amounts["total_included"],
                    "tax_ids": [(6, 0, taxes.ids)],
                    "discount": 0.0,
                    "pack_lot_ids": [],
                    "uuid": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                },
            )
        )
    total, tax_total = round(total, 2), round(tax_total, 2)
    kind = "cash" if dice.random() < (0.5 if total < 10 else 0.25) else "card"
    when = moment.strftime("%Y-%m-%d %H:%M:%S")
    regular = dice.random() < 0.15
    return {
        "uuid": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "access_token": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "session_id": session.id,
        "company_id": session.company_id.id,
        "user_id": session.user_id.id,
        "partner_id": builder.find(f"visitor_{dice.randrange(1, 25):02}").id if regular else False,
        "pricelist_id": session.config_id.pricelist_id.id,
        "fiscal_position_id": False,
        "date_order": when,
        "amount_total": total,
        "amount_paid": total,
        "amount_tax": tax_total,
        "amount_return": 0.0,
        "state": "paid",
        "to_invoice": False,
        "lines": lines,
        "payment_ids": [
            (
                0,
                0,
                {
                    "name": when,
                    "amount": total,
                    "payment_method_id": builder.find(f"method_{kind}_{slug}").id,
                    "uuid": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                },
            )
        ],
    }
