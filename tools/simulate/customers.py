"""What customers ask of a till: each kind of act, and what is done when a card is short."""

import math
from uuid import NAMESPACE_URL, uuid5

from . import basket
from .basket import Line, Paid, total
from .till import TillRefused
from .venue import Article
from .wire import Gone

POOR_LOAD_MINOR = 200
CARD_LOADS_MINOR = (6000, 8000, 10000)


class Customers:
    """Serves the steps of one till. Every method answers in one word how it ended."""

    def __init__(self, till):
        self.till, self.venue, self.place = till, till.venue, till.place

    def serve(self, step):
        """One act; its outcome (``done``, a refusal's code, ``gone``)."""
        self.till.dice = step.dice
        try:
            return getattr(self, f"_{step.kind}")(step) or "done"
        except TillRefused as refusal:
            self.till.refused[refusal.code] += 1
            return refusal.code
        except Gone:
            return "gone"

    def load(self, uid, minor, bank=False):
        """A first top-up, at the door."""
        self.till.dice = None
        self._top_up(uid, minor, bank)

    # -- baskets -------------------------------------------------------------------------------

    def _lines(self, step):
        return [Line(self.venue.articles[key], qty) for key, qty in step.basket]

    def _uid(self, step, number=0):
        return self.venue.cards[step.cards[number]]

    def _tap(self, uid, lines, paid, most):
        """Add to ``paid`` what the card pays, at most ``most``: all it has when it is short."""
        up_to = None if most == total(lines) else most
        try:
            paid.append(self.till.hold(uid, lines, up_to, paid))
        except TillRefused as refusal:
            if refusal.code != "insufficient_funds":
                self._give_back(paid)
                raise
            there = most - refusal.answer["missing_minor"]
            if there > 0:
                self._tap_what_is_there(uid, lines, paid, there)

    def _tap_what_is_there(self, uid, lines, paid, there):
        try:
            paid.append(self.till.hold(uid, lines, there, paid))
        except TillRefused as refusal:
            if refusal.code != "insufficient_funds":  # another till was faster: cash pays
                self._give_back(paid)
                raise

    def _give_back(self, paid):
        held = [(0, one.key) for one in paid if one.key]
        if held:
            self.till.give_up(held)

    def _rest(self, lines, paid, method):
        """Money for what no card paid."""
        rest = total(lines) - sum(one.minor for one in paid)
        if rest:
            paid.append(Paid(method, rest))

    def _sold(self, lines, uid):
        """Goods on one card; cash for what it has not."""
        paid = []
        try:
            self._tap(uid, lines, paid, total(lines))
        except Gone:
            paid = []
        self._rest(lines, paid, self.place.cash)
        return self.till.sell(lines, paid)

    # -- sales ---------------------------------------------------------------------------------

    def _sale(self, step):
        lines = self._lines(step)
        if step.variant == "card":
            self._sold(lines, self._uid(step))
        elif step.variant == "bank":
            self.till.sell(lines, [Paid(self.place.bank, total(lines))])
        else:
            given = math.ceil(total(lines) / 500) * 500
            change = given - total(lines)
            self.till.sell(lines, [Paid(self.place.cash, given)], change)

    def _completed(self, step):
        lines, paid = self._lines(step), []
        amount = total(lines)
        if step.variant == "typed":
            part = amount // 3
            for number in range(3):
                most = part if number < 2 else amount - sum(one.minor for one in paid)
                self._tap(self._uid(step, number), lines, paid, most)
        elif step.variant == "card_and_bank":
            self._tap(self._uid(step), lines, paid, amount // 2)
            self._rest(lines, paid, self.place.bank)
        else:
            self._tap(self.venue.poor[step.poor], lines, paid, amount)
            rest = amount - sum(one.minor for one in paid)
            if step.variant == "short_then_card" and rest:
                self._tap(self._uid(step), lines, paid, rest)
        self._rest(lines, paid, self.place.cash)
        self.till.sell(lines, paid)

    def _deposit(self, step):
        if step.variant == "with_beers":
            beers = [Line(self.venue.articles["beer"], 3)]
            self._sold([*beers, Line(self.venue.cup, 3), Line(self.venue.cup, -2)], self._uid(step))
            return
        back = [Line(self.venue.cup, -(1 + step.number % 4))]
        if step.variant == "back_in_cash":
            self.till.sell(back, [Paid(self.place.cash, total(back))])
        else:
            self.till.sell(back, [self.till.hold(self._uid(step), back)])

    # -- top-ups -------------------------------------------------------------------------------

    def _topup(self, step):
        if step.variant == "with_goods":
            self._sell_and_top_up(step)
        else:
            self._top_up(self._uid(step), step.amount_minor, step.variant == "bank")

    def _promise(self, uid, minor):
        values = {"asset_id": self.venue.asset, "price_minor": minor, "beside": []}
        promise = self.till.card_act(uid, "topup", values)
        article = Article("topup", promise["product_id"], promise["price_minor"], 0.0, ())
        return Line(article, 1, key=promise["key"])

    def _top_up(self, uid, minor, bank):
        line = self._promise(uid, minor)
        self.till.sell([line], [Paid(self.place.bank if bank else self.place.cash, minor)])
        self.till.moved[uid] += minor

    def _sell_and_top_up(self, step):
        """One payment for everything: the card pays the goods, cash what goes on the card."""
        uid, goods = self._uid(step), self._lines(step)
        line = self._promise(uid, step.amount_minor)
        paid = []
        self._tap(uid, goods, paid, total(goods))
        self._rest([*goods, line], paid, self.place.cash)
        order = self.till.sell([*goods, line], paid)
        self.till.moved[uid] += step.amount_minor
        return order

    # -- back ----------------------------------------------------------------------------------

    def _refund(self, step):
        return getattr(self, f"_refund_{step.variant}")(step)

    def _refund_page(self, step):
        """Money back from the card's page: looked at, asked what may be paid, paid."""
        uid, till = self._uid(step), self.till
        till.surely("tibillet_card_page", till.credential, uid)
        ways = till.surely("tibillet_card_ways", till.credential, uid)
        if not ways["ok"]:
            raise TillRefused(ways)
        rows = [row for row in ways["assets"] if row["asset_id"] == self.venue.asset]
        for means, method in (("cash", self.place.cash), ("bank_card", self.place.bank)):
            minor = min([step.amount_minor, *(row[means] for row in rows)]) if rows else 0
            if not minor:
                continue
            answer = till.card_act(
                uid,
                "refund",
                {
                    "asset_id": self.venue.asset,
                    "price_minor": minor,
                    "means": means,
                    "identity": "CNI 0123, as on the card",
                    "employee_id": False,
                },
            )
            name = f"tibillet:{till.device}:{answer['key']}"
            till.remember(str(uuid5(NAMESPACE_URL, name)), [], [Paid(method, -minor)])
            till.moved[uid] -= minor
            return None
        return "nothing_to_pay_back"

    def _refund_undo(self, step):
        """A sale, and at once the other way round."""
        if step.number % 3 == 0:
            order = self._sell_and_top_up(step)
            self.till.undo(order)
            self.till.moved[self._uid(step)] -= step.amount_minor
        else:
            self.till.undo(self._sold(self._lines(step), self._uid(step)))

    def _refund_order(self, step):
        """One article of an order taken back in Odoo's way, to the card that paid it."""
        self.till.send_all()
        order = self._of_one_card() or self._of_one_card(self._sold_again(step))
        if not order:
            return "nothing_to_refund"
        line, uid = order.lines[0], order.payments[0].uid
        back = [Line(line.article, -1, refunds=self.till.ids[line.uuid])]
        paid = self.till.hold(uid, back)
        order.undone = True  # once is enough
        self.till.sell(back, [paid])
        return None

    def _sold_again(self, step):
        self._sold(self._lines(step), self._uid(step))
        self.till.send_all()

    def _of_one_card(self, _again=None):
        for order in self.till.orders.values():
            [paid, *others] = order.payments
            plain = all(not line.key and not line.refunds for line in order.lines)
            if not others and paid.uid and paid.minor > 0 and plain and not order.undone:
                if order.lines and order.lines[0].uuid in self.till.ids and len(order.lines) == 1:
                    return order
        return None

    # -- the drawer ----------------------------------------------------------------------------

    def _desk(self, step):
        till, number = self.till, self.place.number
        if step.variant == "hand_over":
            till.hand_over(f"Second cashier {number}")
        elif step.variant == "bag":
            till.bag(2000, f"B{self.venue.company}-{number}")
        elif step.variant == "change_in":
            till.change_in(5000)
        else:  # a coin too much was given back: the next count finds it
            till.drawer_minor -= 100
            till.wrong_minor -= 100

    # -- nothing comes of it -------------------------------------------------------------------

    def _cancelled(self, step):
        lines, till = self._lines(step), self.till
        if step.variant == "never_answered":
            self._leave_a_slow_server(step, lines)
            return
        held = [till.hold(self._uid(step), lines, max(1, total(lines) // 2))]
        if step.variant == "two_cards":
            rest = total(lines) - held[0].minor
            self._tap(self._uid(step, 1), lines, held, rest)
        if step.variant == "page_closed":
            till.left_behind += [one.key for one in held]
        else:
            self._give_back(held)

    def _leave_a_slow_server(self, step, lines):
        till = self.till
        seq, key = next(till.seq), str(uuid5(NAMESPACE_URL, f"{till.device} {step.number}"))
        content = (basket.as_tapped(lines), None, basket.facts(lines))
        args = (till.credential, seq, key, self._uid(step), *content)
        try:
            till.wire.hopeless("pos.session", "tibillet_hold", [[self.place.session], *args])
        except Gone:
            till.give_up([(seq, key)], told=True)
