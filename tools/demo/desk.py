"""Top-ups sold at a till: money in the drawer, value on the card, the same key on both."""

import hashlib
import random

from . import orders

ORIGIN = "demo:desk"
SEED = 7


def sell_top_ups(builder, place, asset_key, loads):
    """Sell ``loads`` (card, amount in cents) in one session of the place's till, closed after.

    The till's line goes to the clearing account, the ledger's operation has the line's key.
    """
    env = builder.at(place.slug)
    asset = builder.find(f"asset_{asset_key}")
    dice = random.Random(f"{SEED} {asset_key}")
    session = orders.open_session(builder, place.slug)
    product = env["product.product"].browse(session.company_id._tibillet_topup_product().id)
    has_key = "tibillet_operation_key" in env["pos.order.line"]._fields
    sales, requests = [], []
    Account = env["tibillet.account"]
    for card, amount in loads:
        key = hashlib.sha256(f"{asset.code} {card.uid}".encode()).hexdigest()[:32]
        line = orders.line(product, 1, amount / 100, dice)
        if has_key:
            line["tibillet_operation_key"] = key
        kind = "cash" if amount <= 2000 and dice.random() < 0.7 else "card"
        sales.append(orders.sale(builder, session, [line], kind, dice))
        requests.append(
            {
                "key": key,
                "origin": ORIGIN,
                "code": "topup",
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
        )
    env["pos.order"].sync_from_ui(sales)
    env["tibillet.ledger"]._post(requests)
    orders.close_session(session)
