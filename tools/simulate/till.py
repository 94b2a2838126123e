"""One till as its browser is: numbered acts, keys that are repeated, orders that go behind."""

import itertools
import time
import uuid
from collections import Counter
from dataclasses import dataclass

from tests.support.rpc import RpcError

from . import basket
from .basket import Paid
from .venue import FLOAT_MINOR, PASSWORD
from .wire import RETRY_S, Gone, Wire, passes

TRIES = 30
NOTES_MINOR = (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)


@dataclass
class Kept:
    """An order as the till's customers know it."""

    minor: int
    by_method: dict
    lines: list
    payments: list
    undone: bool = False


class TillRefused(Exception):
    """The server refused an act in words: the customer pays otherwise, or goes."""

    def __init__(self, answer):
        self.code = answer.get("code")
        self.answer = answer
        super().__init__(f"{self.code}: {answer.get('message')}")


class Till:
    """What one till does and what it remembers, apart from the server, to compare afterwards."""

    def __init__(self, venue, place, server, loss):
        self.venue, self.place, self.loss = venue, place, loss
        self.wire = Wire(server, place.login, PASSWORD)
        self.dice = None
        self.device, self.credential = 0, ""
        self.seq = itertools.count(1)
        self.numbers = itertools.count(1)
        self.orders, self.unsent, self.ids = {}, [], {}
        self.drawer_minor, self.wrong_minor, self.wrong_before_minor = FLOAT_MINOR, 0, 0
        self.moved = Counter()  # uid → what its card gained or lost here
        self.left_behind = []
        self.refused = Counter()
        self.errors = []

    # -- asking --------------------------------------------------------------------------------

    def ask(self, method, *args):
        """One RPC of the session, on the bad network."""
        return self.wire.ask(
            "pos.session", method, [[self.place.session], *args], self.dice, self.loss
        )

    def surely(self, method, *args):
        """Asked until it is heard: nothing of it is left to chance."""
        for _try in range(TRIES):
            try:
                answer = self.ask(method, *args)
            except Gone:
                continue
            except RpcError as error:
                if not passes(error):
                    raise
                self.wire.sent_again[method] += 1
            else:
                if not isinstance(answer, dict) or answer.get("code") != "rate_limited":
                    return answer
                self.refused["rate_limited"] += 1
            time.sleep(RETRY_S)
        raise Gone(method)

    def open(self):
        """Count the float, pair the machine with the manager's code."""
        session = [self.place.session]
        self.wire.ask("pos.session", "set_opening_control", [session, FLOAT_MINOR / 100, ""])
        answer = self.wire.ask("pos.session", "tibillet_pair", [session, self.place.code, False])
        if not answer["ok"]:
            raise TillRefused(answer)
        self.device, self.credential = answer["device"]["id"], answer["credential"]

    # -- cards ---------------------------------------------------------------------------------

    def hold(self, uid, lines, up_to=None, paid=()):
        """A tap: what the card pays of these lines, as a payment of the order.

        :param paid: what pays the same order already
        :raises TillRefused: in the server's words
        :raises Gone: nobody answered; it was given up
        """
        seq, key = next(self.seq), str(uuid.uuid4())
        also = [one.key for one in paid if one.key]
        elsewhere = sum(one.minor for one in paid if not one.key)
        content = (basket.as_tapped(lines), up_to, basket.facts(lines, also, elsewhere))
        for _try in range(TRIES):
            try:
                answer = self.ask("tibillet_hold", self.credential, seq, key, uid, *content)
            except Gone:
                self.give_up([(seq, key)], told=True)
                raise
            if answer.get("code") != "rate_limited":
                break
            # refused before it was numbered: the cashier waits, the same tap goes again
            self.refused["rate_limited"] += 1
            time.sleep(RETRY_S)
        if not answer["ok"]:
            raise TillRefused(answer)
        return Paid(self.place.wallet, answer["amount_minor"], key, uid)

    def give_up(self, holds, told=False):
        """Give back what these taps set aside; what never arrived is told afterwards."""
        acts = [{"seq": next(self.seq), "key": key} for _seq, key in holds]
        answer = self.surely("tibillet_release", self.credential, acts)
        if not answer["ok"] or answer["kept"]:
            self.errors.append(f"give up: {answer}")
        if told:
            for seq, key in holds:
                self.surely("tibillet_hold", self.credential, seq, key, "", [], None)

    def card_act(self, uid, act, values):
        """An act of the card's page, done once."""
        seq, key = next(self.seq), uuid.uuid4().hex[:16].upper()
        args = (self.credential, seq, key, uid, act, values)
        answer = self.surely("tibillet_card_act", *args)
        if not answer["ok"]:
            raise TillRefused(answer)
        return answer | {"key": key}

    # -- orders --------------------------------------------------------------------------------

    def sell(self, lines, payments, change_minor=0):
        """The order is paid: remembered, then sent behind the next customer."""
        order = basket.as_order(
            self.place,
            self.device,
            next(self.seq),
            next(self.numbers),
            lines,
            payments,
            change_minor,
        )
        order["company_id"] = self.venue.company
        self.remember(order["uuid"], lines, payments, change_minor)
        self.unsent.append(order)
        self.send()
        return order["uuid"]

    def remember(self, order_uuid, lines, payments, change_minor=0):
        by_method = Counter()
        for paid in payments:
            by_method[paid.method] += paid.minor
            if paid.uid:
                self.moved[paid.uid] -= paid.minor
        if change_minor:
            by_method[self.place.cash] -= change_minor
        self.drawer_minor += by_method[self.place.cash]
        minor = sum(by_method.values())
        self.orders[order_uuid] = Kept(minor, dict(by_method), list(lines), list(payments))

    def send(self):
        """Send what waits, in its order; what does not arrive goes with the next."""
        while self.unsent:
            order = self.unsent[0]
            try:
                read = self.wire.ask(
                    "pos.order",
                    "sync_from_ui",
                    [[order]],
                    self.dice,
                    self.loss,
                    {"context": {"device_identifier": str(self.device)}},
                )
            except Gone:
                return
            except RpcError as error:
                if passes(error):
                    self.wire.sent_again["sync_from_ui"] += 1
                    return
                self.errors.append(f"order refused: {error.name}: {error}")
            else:
                for row in read["pos.order.line"]:
                    self.ids[row["uuid"]] = row["id"]
            self.unsent.pop(0)

    def send_all(self):
        """Nothing waits any more: asked before a count, an undo and the closing."""
        for _try in range(TRIES):
            self.send()
            if not self.unsent:
                return
            time.sleep(RETRY_S)
        self.errors.append(f"{len(self.unsent)} orders could not be sent")

    def undo(self, order_uuid):
        """Take the last sale back, whole."""
        self.send_all()
        seq, key = next(self.seq), str(uuid.uuid4())
        args = (self.credential, seq, key, order_uuid, False)
        answer = self.surely("tibillet_undo", *args)
        if not answer["ok"]:
            raise TillRefused(answer)
        sale = self.orders[order_uuid]
        sale.undone = True
        payments = [Paid(paid.method, -paid.minor, "", paid.uid) for paid in sale.payments]
        change = sale.by_method.get(self.place.cash, 0) - sum(
            paid.minor for paid in sale.payments if paid.method == self.place.cash
        )
        self.remember(key, sale.lines, payments, change)
        if answer["amount_minor"] != sale.minor:
            self.errors.append(f"undone {answer['amount_minor']} of {sale.minor}")

    # -- the drawer ----------------------------------------------------------------------------

    def count(self):
        """A blind count of what really lies in the drawer; answers the server's difference."""
        self.send_all()
        left, coins = self.drawer_minor, {}
        for value in NOTES_MINOR[:6]:
            coins[str(value)], left = divmod(left, value)
        key = str(uuid.uuid4())
        answer = self.surely("tibillet_cash_count", key, coins, left / 100)
        if not answer["ok"]:
            raise TillRefused(answer)
        found = round(100 * answer["difference"])
        if found != self.wrong_minor:
            self.errors.append(f"count off by {found}, {self.wrong_minor} were lost")
        self.wrong_before_minor += self.wrong_minor
        self.wrong_minor = 0

    def hand_over(self, person):
        """Who leaves counts, who comes takes the drawer over."""
        self.count()
        answer = self.surely("tibillet_cash_accept", person)
        if not answer["ok"] or answer["person"] != person:
            raise TillRefused(answer)

    def bag(self, minor, number):
        """A bag for the safe."""
        key = str(uuid.uuid4())
        args = (key, f"{minor // 100},{minor % 100:02}", number, "Anne", "Bilal")
        answer = self.surely("tibillet_cash_drop", *args)
        if not answer["ok"]:
            raise TillRefused(answer)
        self.drawer_minor -= minor

    def change_in(self, minor):
        """Change money from the safe; Odoo's own act has no key, so it is sent once."""
        args = [[self.place.session], "in", minor / 100, "Change", False, {"translatedType": "in"}]
        self.wire.ask("pos.session", "try_cash_in_out", args)
        self.drawer_minor += minor

    def close(self):
        """Count, then close as the browser does."""
        self.dice = None
        self.send_all()
        drawer = self.surely("tibillet_cash")
        if drawer["missing"]:
            self.errors.append(f"acts are missing: {drawer['missing']}")
        if drawer["to_count"]:
            self.count()
        session = [self.place.session]
        data = self._closing("get_closing_control_data", session)
        counted = data["default_cash_details"]["tibillet_counted"]
        if round(100 * counted) != self.drawer_minor:
            self.errors.append(f"the drawer holds {self.drawer_minor}, not {counted}")
        for method, args in (
            ("post_closing_cash_details", [session, counted]),
            ("update_closing_control_state_session", [session, ""]),
            ("close_session_from_ui", [session, [[self.place.bank, 0]]]),
        ):
            answer = self._closing(method, *args)
            if answer and not answer["successful"]:
                self.errors.append(f"{method}: {answer['message']}")

    def _closing(self, method, *args):
        for _try in range(TRIES):
            try:
                return self.wire.ask("pos.session", method, args)
            except RpcError as error:
                if not passes(error):
                    raise
                self.wire.sent_again[method] += 1
                time.sleep(RETRY_S)
        raise Gone(method)
