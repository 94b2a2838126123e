"""A printed batch of sixty cards and the bar's own, topped up at the tills, some of it drunk."""

import hashlib
import random

from . import desk

VERSION = 1

BATCH = 60
HOST = "carte.kevrenn.example"
SEED = 60
# Cards handed out, with a name and without; what is left of the batch is blank.
CLAIMED, ANONYMOUS = 12, 34
# The bar printed some for itself: a venue's manager lists the cards that the venue handed out,
# never those of the co-operative, which work there all the same.
HOUSE_BATCH, HOUSE_ANONYMOUS = 16, 10
# Two of the first twelve, which the simulated reader offers, show a refusal.
LOST, BLOCKED = 10, 11
# What the first cards hold, in cents: a newcomer is offered these, so they show each case.
SHOWN = (2000, 5000, 350, 1200, 8000, 600)
# place, article, how many cards in a row pay one
HOUSE_TAPS = ("blonde", 3)
TAPS = (("bar", "blonde", 9), ("bar", "cidre", 4), ("festival", "saucisse", 3))


def build(builder):
    """Make the cards, load them through the ledger, pay a few drinks with them, book it all."""
    for place in builder.places:
        builder.find(f"till_{place.slug}")._tibillet_ensure_payment_method()
    cards = _batch(builder)
    house = _house_batch(builder)
    handed = cards[: CLAIMED + ANONYMOUS]
    dice = random.Random(SEED)
    _federated(builder, handed, dice)
    _tokens_and_taps(builder, handed, house[:HOUSE_ANONYMOUS], dice)
    _issue(builder, "gift", "gift", [(card, 500) for card in handed[1::4]])
    members = [card for card in handed if card.state == "claimed"]
    hours = [(card, 60 * (1 + index % 4)) for index, card in enumerate(members)]
    _issue(builder, "time", "reward", hours)
    handed[LOST].state = "lost"
    handed[BLOCKED].state = "blocked"
    companies = builder.env["res.company"].browse(
        builder.company(place.slug).id for place in builder.places
    )
    builder.env["tibillet.books"]._write_pending(companies, include_today=True)
    taps = sum(count for _slug, _article, count in TAPS) + HOUSE_TAPS[1]
    given = len(handed) + HOUSE_ANONYMOUS
    return f"{len(cards) + len(house)} cards, {given} handed out, {taps} taps"


def chip(number):
    """Return a made-up chip number of seven bytes, always the same for a card."""
    return "04" + hashlib.sha256(f"kevrenn {number}".encode()).hexdigest()[:12].upper()


def _batch(builder):
    company = builder.company("coop")
    batch = builder.put(
        "batch_first",
        "tibillet.card.batch",
        {"name": "Premier tirage", "company_id": company.id, "host": HOST, "medium": "card"},
        company=company,
    )
    cards = []
    for number in range(1, BATCH + 1):
        values = {"uid": chip(number), "batch_id": batch.id, "company_id": company.id}
        if number <= CLAIMED:
            visitor = builder.find(f"visitor_{number:02}")
            values["state"] = "claimed"
            values["wallet_id"] = builder.put(
                f"wallet_{number:02}",
                "tibillet.wallet",
                {"kind": "person", "partner_id": visitor.id},
            ).id
        elif number <= CLAIMED + ANONYMOUS:
            values["state"] = "anonymous"
        cards.append(builder.put(f"card_{number:02}", "tibillet.card", values, company=company))
    return cards


def _house_batch(builder):
    company = builder.company("bar")
    batch = builder.put(
        "batch_bar",
        "tibillet.card.batch",
        {"name": "Cartes de L'Amarre", "company_id": company.id, "host": HOST, "medium": "card"},
        company=company,
    )
    return [
        builder.put(
            f"card_{number:02}",
            "tibillet.card",
            {
                "uid": chip(number),
                "batch_id": batch.id,
                "company_id": company.id,
                "state": "anonymous" if number <= BATCH + HOUSE_ANONYMOUS else "blank",
            },
            company=company,
        )
        for number in range(BATCH + 1, BATCH + HOUSE_BATCH + 1)
    ]


def _federated(builder, cards, dice):
    till = desk.Till(builder, "coop")
    asset = builder.find("asset_fed")
    for index, card in enumerate(cards):
        amount = SHOWN[index] if index < len(SHOWN) else 500 * dice.randrange(1, 13)
        till.sell_top_up(asset, card, amount)
    till.close()


def _tokens_and_taps(builder, cards, house, dice):
    tills = {slug: desk.Till(builder, slug) for slug in ("bar", "festival")}
    token = builder.find("asset_token")
    for card in cards[8::3]:
        tills["bar"].sell_top_up(token, card, 100 * dice.randrange(5, 21))
    # From the sixth card on: what the first ones hold is told to the newcomer.
    payers = iter(cards[6:])
    for slug, article, count in TAPS:
        for _turn in range(count):
            tills[slug].tap(next(payers), article)
    article, count = HOUSE_TAPS
    for index, card in enumerate(house):
        tills["bar"].sell_top_up(token, card, 1000 + 500 * (index % 3))
        if index < count:
            tills["bar"].tap(card, article)
    for till in tills.values():
        till.close()


def _issue(builder, asset_key, code, loads):
    asset = builder.find(f"asset_{asset_key}")
    Account = builder.env["tibillet.account"]
    builder.env["tibillet.ledger"]._post(
        [
            {
                "key": f"{code}-{asset.code}-{card.number}",
                "origin": "demo:desk",
                "code": code,
                "transfers": [
                    (
                        Account._get(asset.issuer_wallet_id, asset).id,
                        Account._get(card.wallet_id, asset).id,
                        amount,
                    )
                ],
                "card_id": card.id,
                "company_id": asset.company_id.id,
            }
            for card, amount in loads
        ]
    )
