"""A printed batch of sixty cards, topped up at the tills, some of it spent."""

import hashlib
import random

from . import desk
from .territory import BAR, COOP

VERSION = 1

BATCH = 60
HOST = "carte.kevrenn.example"
SEED = 60
# Cards by what has happened to them; what is left of the batch is blank.
CLAIMED, ANONYMOUS, LOST, BLOCKED = 12, 34, 1, 1
# What the first cards hold, in cents: a newcomer is offered these, so they show each case.
SHOWN = (2000, 5000, 350, 1200, 8000, 600)
SPENT = 14


def build(builder):
    """Make the cards, load them through the ledger, pay a few drinks with them."""
    cards = _batch(builder)
    handed = cards[: CLAIMED + ANONYMOUS]
    dice = random.Random(SEED)
    amounts = [
        SHOWN[index] if index < len(SHOWN) else 500 * dice.randrange(1, 13)
        for index in range(len(handed))
    ]
    desk.sell_top_ups(builder, COOP, "fed", list(zip(handed, amounts, strict=True)))
    tokens = [(card, 100 * dice.randrange(5, 21)) for card in handed[2::3]]
    desk.sell_top_ups(builder, BAR, "token", tokens)
    _gifts(builder, handed[1::4])
    _time(builder, [card for card in handed if card.state == "claimed"])
    cards[CLAIMED + ANONYMOUS].state = "lost"
    cards[CLAIMED + ANONYMOUS + LOST].state = "blocked"
    return f"{len(cards)} cards, {len(handed)} of them handed out"


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
            values["state"] = "claimed"
            values["wallet_id"] = builder.put(
                f"wallet_{number:02}",
                "tibillet.wallet",
                {"kind": "person", "partner_id": builder.find(f"visitor_{number:02}").id},
            ).id
        elif number <= CLAIMED + ANONYMOUS + LOST + BLOCKED:
            values["state"] = "anonymous"
        cards.append(builder.put(f"card_{number:02}", "tibillet.card", values, company=company))
    return cards


def _gifts(builder, cards):
    """Offer five euros to some: the co-operative's own expense, no money at a till."""
    _issue(builder, "gift", "gift", [(card, 500) for card in cards])


def _time(builder, cards):
    """Credit the hours that members gave at the workshop."""
    _issue(
        builder,
        "time",
        "reward",
        [(card, 60 * (1 + index % 4)) for index, card in enumerate(cards)],
    )


def _issue(builder, asset_key, code, loads):
    asset = builder.find(f"asset_{asset_key}")
    Account = builder.env["tibillet.account"]
    builder.env["tibillet.ledger"]._post(
        [
            {
                "key": f"{code}-{asset.code}-{card.number}",
                "origin": desk.ORIGIN,
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
