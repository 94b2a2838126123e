"""What cards do at a till: top-ups sold there, drinks paid with a tap.

Everything goes the way a till goes: an act with its number, an operation with its key, an order
that names both, a session that is closed.
"""

import hashlib
import random

from . import orders, products

SEED = 7


def device(builder, slug, till=None):
    """Return the till's paired device, made by the place's manager on first need.

    :param till: another till of the place than its first
    """
    name = f"device_{till or slug}"
    found = builder.find(name)
    if found is not None:
        return found
    manager = builder.find(f"user_{slug}_gerance")
    config = builder.find(f"till_{till or slug}")
    made = builder.put(
        name, "tibillet.device", {"name": "Caisse du tirage", "config_id": config.id}
    )
    code = made.with_user(manager)._new_code()
    builder.env["tibillet.device"].with_user(manager)._pair_by_code(config, code)
    return made


class Till:
    """One open session of a place's till, with the numbers of its acts.

    :param part: sets the draws of a part of the demo apart from those of another
    :param till: another till of the place than its first
    """

    def __init__(self, builder, slug, part="", till=None):
        self.builder = builder
        self.slug = slug
        self.env = builder.at(slug)
        self.device = self.env["tibillet.device"].browse(device(builder, slug, till).id)
        self.seq = self.device.last_seq
        self.dice = random.Random(f"{SEED} {slug}{part}")
        self.session = orders.open_session(builder, slug, till)

    def close(self, short=0):
        """Close the session: nothing stays open behind the demo.

        :param short: what the drawer lacks
        """
        orders.close_session(self.session, short)

    def count(self, cashier, more):
        """Have a cashier take the drawer over, count it, and answer for the difference.

        :param more: what she counts beside what should be there
        """
        session = self.session.with_user(cashier)
        session._tibillet_accept(cashier.name, None, None)
        shift = session._tibillet_shift()
        key = hashlib.sha256(f"count {shift.number} {session.name}".encode()).hexdigest()[:32]
        counted = session.currency_id.round(shift._expected() + more)
        session._tibillet_compare(session._tibillet_take(key, {}, counted, self.device.id))

    def _next(self):
        self.seq += 1
        return self.seq

    def _send(self, lines, kind, payment=None):
        order = orders.sale(self.builder, self.session, lines, kind, self.dice, payment=payment)
        order["tibillet_device_id"] = self.device.id
        order["tibillet_device_seq"] = self._next()
        read = self.env["pos.order"].sync_from_ui([order])
        return self.env["pos.order"].browse(read["pos.order"][0]["id"])

    def sell_goods(self, product, count, kind, payment=None):
        """Sell some of one article for money.

        :param payment: what the till says of the payment beside its amount
        """
        line = orders.line(product, count, product.lst_price, self.dice)
        return self._send([line], kind, payment)

    def sell_top_up(self, asset, card, amount, kind=None, again=""):
        """Sell ``amount`` cents of an asset: money in the drawer, value on the card.

        :param kind: how it is paid; drawn when not said
        :param again: sets a further top-up of a card apart from its first
        """
        # known once the addons path is
        from odoo.addons.tibillet_pos_nfc.models.cardpage.tibillet_till_act import Asked

        product = self.session.company_id._tibillet_topup_product_of(asset).with_env(self.env)
        key = hashlib.sha256(f"{asset.code} {card.uid}{again}{kind or ''}".encode()).hexdigest()[
            :32
        ]
        line = orders.line(product, 1, amount / 100, self.dice)
        line |= {"tibillet_operation_key": key, "tibillet_device_id": self.device.id}
        asked = Asked(self.session, self.device, key, card, {})
        self.env["tibillet.topup"]._promise(asked, asset, amount)
        drawn = "cash" if amount <= 2000 and self.dice.random() < 0.7 else "card"
        self._send([line], kind or drawn)

    def tap(self, card, article_key):
        """Pay one article with a card, as a tap does: hold, order, capture."""
        return self.paid(self.hold(card, article_key))

    def hold(self, card, article_key):
        """Ask for the price of one article, as a tap does; its order may come later."""
        article = next(a for a in products.RANGES[self.slug] if a.key == article_key)
        product = self.env["product.product"].browse(
            self.builder.find(f"product_{self.slug}_{article_key}").id
        )
        return self.hold_for(card, product, article.price)

    def hold_for(self, card, product, price):
        """As :meth:`hold`, for an article that no shelf of the demo has."""
        key = hashlib.sha256(f"tap {self.seq} {card.uid}".encode()).hexdigest()[:32]
        return self._hold(card, product, 1, price, key)

    def cups_back(self, card, cup, count):
        """Put the money of cups that came back on a card."""
        key = hashlib.sha256(f"cups {self.seq} {card.uid}".encode()).hexdigest()[:32]
        return self.paid(self._hold(card, cup, -count, cup.lst_price, key))

    def _hold(self, card, product, count, price, key):
        amount = round(count * price * 100)
        till = self.env["tibillet.till"]
        tap = till._read_tap(
            self.device,
            card.uid,
            None,
            self.env["tibillet.operation"],
            seq=self._act("hold", key),
            key=key,
            lines=till._check_lines([{"product_id": product.id, "amount_minor": amount}]),
            up_to=None,
            how=till._check_how(None),
        )
        till._take(tap, tap.lines)
        return orders.line(product, count, price, self.dice), key

    def paid(self, held):
        """Send the order of what was held: it is captured, or what is missing is owed."""
        line, key = held
        return self._send(
            [line], "wallet", {"transaction_id": key, "tibillet_device_id": self.device.id}
        )

    def act(self, name, card, values):
        """Do one act of the card page; a refusal is an error here."""
        from odoo.addons.tibillet_pos_nfc.models.cardpage.tibillet_till_act import Asked

        key = hashlib.sha256(f"{name} {self.seq} {card.uid}".encode()).hexdigest()[:32]
        self._act("card", key)
        acts = self.env["tibillet.till.acts"]
        return acts._acts()[name](Asked(self.session, self.device, key, card, values))

    def undo(self, order):
        """Take a sale back, whole."""
        key = hashlib.sha256(f"undo {self.seq} {order.uuid}".encode()).hexdigest()[:32]
        seq = self._act("undo", key)
        undo = self.env["tibillet.undo"]
        return undo._undo(self.session, self.device, seq, key, order.uuid, "Erreur de panier")

    def _act(self, kind, key):
        seq = self._next()
        self.env["tibillet.device.act"]._record(self.device, seq, kind, key)
        return seq
