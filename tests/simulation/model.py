"""The ledger as a hundred lines of plain Python: what the real one is compared with.

Two assets (a gift, spent first, and a token), two cards, one place. No database, no
rules but those of the contract.
"""

from dataclasses import dataclass, field

CAP = {"token": 25_000, "gift": 0}
CASCADE = ("gift", "token")


class Refused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass
class Operation:
    content: tuple
    lines: list  # (card, asset, amount)
    state: str
    ends: float | None = None
    taken: int | None = None


@dataclass
class Model:
    now: float = 0
    balance: dict = field(default_factory=dict)
    operations: dict = field(default_factory=dict)

    def held(self, card, asset):
        return sum(
            amount
            for op in self.operations.values()
            if op.state == "pending" and op.ends > self.now
            for c, a, amount in op.lines
            if (c, a) == (card, asset)
        )

    def free(self, card, asset):
        return self.balance.get((card, asset), 0) - self.held(card, asset)

    def known(self, key, content):
        if key in self.operations:
            if self.operations[key].content != content:
                raise Refused("key_conflict")
            return True
        return False

    def load(self, key, card, asset, amount):
        content = ("load", card, asset, amount)
        if amount <= 0:
            raise Refused("invalid")
        if self.known(key, content):
            return
        if CAP[asset] and self.balance.get((card, asset), 0) + amount > CAP[asset]:
            raise Refused("limit_exceeded")
        self.balance[card, asset] = self.balance.get((card, asset), 0) + amount
        self.operations[key] = Operation(content, [], "posted")

    def spend(self, key, card, amount, minutes=None, partly=False):
        content = ("spend", card, amount, partly)
        if amount <= 0:
            raise Refused("invalid")
        if self.known(key, content):
            return
        lines, left = [], amount
        for asset in CASCADE:
            part = min(left, max(0, self.free(card, asset)))
            left -= part
            lines += [(card, asset, part)] if part else []
        if not lines or (left and not partly):
            raise Refused("insufficient_funds")
        ends = None if minutes is None else self.now + minutes
        self.operations[key] = Operation(content, lines, "pending" if ends else "posted", ends)
        if not ends:
            self.take(lines, amount - left)

    def take(self, lines, amount):
        for card, asset, held in lines:
            part = min(held, amount)
            self.balance[card, asset] -= part
            amount -= part

    def capture(self, key, amount=None):
        op = self.operations[key]
        self.settle(op)
        held = sum(line[2] for line in op.lines)
        if op.state == "posted":
            if op.ends is None or op.taken != (held if amount is None else amount):
                raise Refused("hold_resolved")
            return
        if op.state != "pending":
            raise Refused("hold_expired" if op.state == "expired" else "hold_resolved")
        if amount is not None and not 0 < amount <= held:
            raise Refused("invalid")
        op.state, op.taken = "posted", held if amount is None else amount
        self.take(op.lines, op.taken)

    def void(self, key):
        op = self.operations[key]
        if op.state == "posted":
            raise Refused("hold_resolved")
        op.state = "voided" if op.state == "pending" else op.state

    def settle(self, op):
        if op.state == "pending" and op.ends <= self.now:
            op.state = "expired"
