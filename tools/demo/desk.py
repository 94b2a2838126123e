"""What cards do at a till: top-ups sold there, drinks paid with a tap.

Everything goes the way a till goes: an act with its number, an operation with its key, an order
that names both, a session that is closed.
"""

import hashlib
import random

from . import orders, products

SEED = 7


def device(builder, slug):
    """Return the till's paired device, made by the place's manager on first need."""
    name = f"device_{slug}"
    found = builder.find(name)
    if found is not None:
        return found
    manager = builder.find(f"user_{slug}_gerance")
    config = builder.find(f"till_{slug}")
    made = builder.put(
        name, "tibillet.device", {"name": "Caisse du tirage", "config_id": config.id}
    )
    code = made.with_user(manager)._new_code()
    builder.env["tibillet.device"].with_user(manager)._pair_by_code(config, code)
    return made


class Till:
    """One open session of a place's till, with the numbers of its acts."""

    def __init__(self, builder, slug):
        self.builder = builder
        self.slug = slug
        self.env = builder.at(slug)
        self.device = self.env["tibillet.device"].browse(device(builder, slug).id)
        self.seq = self.device.last_seq
        self.dice = random.Random(f"{SEED} {slug}")
        self.session = orders.open_session(builder, slug)

    def close(self):
        """Close the session: nothing stays open behind the demo."""
        orders.close_session(self.session)

    def _next(self):
        self.seq += 1
        return self.seq

    def _send(self, lines, kind, payment=None):
        order = orders.sale(self.builder, self.session, lines, kind, self.dice, payment=payment)
        order["tibillet_device_id"] = self.device.id
        order["tibillet_device_seq"] = self._next()
        self.env["pos.order"].sync_from_ui([order])

    def sell_top_up(self, asset, card, amount):
        """Sell ``amount`` cents of an asset: money in the drawer, value on the card."""
        # known once the addons path is
        from odoo.addons.tibillet_pos_nfc.models.cardpage.tibillet_till_act import Asked

        product = self.session.company_id._tibillet_topup_product().with_env(self.env)
        key = hashlib.sha256(f"{asset.code} {card.uid}".encode()).hexdigest()[:32]
        line = orders.line(product, 1, amount / 100, self.dice)
        line |= {"tibillet_operation_key": key, "tibillet_device_id": self.device.id}
        asked = Asked(self.session, self.device, key, card, {})
        self.env["tibillet.topup"]._promise(asked, asset, amount)
        self._send([line], "cash" if amount <= 2000 and self.dice.random() < 0.7 else "card")

    def tap(self, card, article_key):
        """Pay one article with a card, as a tap does: hold, order, capture."""
        article = next(a for a in products.RANGES[self.slug] if a.key == article_key)
        product = self.env["product.product"].browse(
            self.builder.find(f"product_{self.slug}_{article_key}").id
        )
        key = hashlib.sha256(f"tap {self.seq} {card.uid}".encode()).hexdigest()[:32]
        amount = round(article.price * 100)
        self.env["tibillet.till"]._take(
            self.session.company_id,
            self.device,
            self._act("hold", key),
            key,
            card,
            [{"product_id": product.id, "amount_minor": amount, "asset_id": None}],
            None,
        )
        self._send(
            [orders.line(product, 1, article.price, self.dice)],
            "wallet",
            {"transaction_id": key, "tibillet_device_id": self.device.id},
        )

    def _act(self, kind, key):
        seq = self._next()
        self.env["tibillet.device.act"]._record(self.device, seq, kind, key)
        return seq
