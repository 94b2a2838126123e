"""The ledger as a hundred lines of plain Python and a few: what the real one is compared with.

Two cards, two persons, two places, an issuer, a pool; a gift (spent first), a token, hours and
a claim. No database, no rules but those of the contract.
"""

from collections import defaultdict
from dataclasses import dataclass, field

HOLDERS, CASCADE, CAP = ("card", "person"), ("gift", "token"), 25_000
CAPPED, WHOLE = ("topup", "gift", "reward", "issue", "merge"), ("empty", "merge")
FROZEN_TOO = ("deposit_back", "undo", "chargeback", "shortfall", "write_off", "correct")


class Refused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass
class Operation:
    content: tuple
    code: str
    lines: list  # (from, to, asset, amount); a side is (kind, number)
    state: str = "posted"
    ends: float | None = None
    moved: list = field(default_factory=list)
    names: str | None = None


class Model:
    def __init__(self):
        self.now, self.frozen, self.merged = 0, set(), {}
        self.balance, self.operations = defaultdict(int), {}

    def free(self, side, asset):
        lines = [op.lines for op in self.operations.values() if self.is_live(op)]
        held = sum(line[3] for one in lines for line in one if (line[0], line[2]) == (side, asset))
        return self.balance[side, asset] - held

    def is_live(self, op):
        return op.state == "pending" and op.ends > self.now

    def known(self, key, content):
        if key in self.operations and self.operations[key].content != content:
            raise Refused("key_conflict")
        return key in self.operations

    def check(self, wrong, code):
        if wrong:
            raise Refused(code)

    def post(self, key, code, debit, credit, asset, amount, names=None):
        content = (code, debit, credit, asset, amount)
        self.check(amount <= 0, "invalid")
        if self.known(key, content):
            return
        if code in ("undo", "correct"):
            self.check_named(code, debit, credit, asset, amount, names)
        self.check({debit, credit} & self.merged.keys(), "invalid")
        self.check(code not in FROZEN_TOO and {debit, credit} & self.frozen, "wallet_frozen")
        if code in WHOLE:
            self.check(self.free(debit, asset) != self.balance[debit, asset], "not_allowed")
            self.check(amount != self.balance[debit, asset], "invalid")
        over = asset == "token" and self.balance[credit, asset] + amount > CAP
        self.check(code == "settle" and self.balance[debit, asset] < amount, "insufficient_funds")
        self.check(code in CAPPED and over, "limit_exceeded")
        short = debit[0] in HOLDERS and self.free(debit, asset) < amount
        self.check(short, "insufficient_funds")
        op = Operation(content, code, [(debit, credit, asset, amount)], names=names)
        self.operations[key] = op
        self.move(op, amount)

    def check_named(self, code, debit, credit, asset, amount, names):
        named = self.operations[names]
        self.check(named.code == "correct" or (code == "undo" and named.code != "sale"), "invalid")
        self.check(named.state != "posted", "invalid")
        rest = defaultdict(int)
        for line in named.moved:
            rest[self.today(line[0]), self.today(line[1]), line[2]] += line[3]
        later = [op for op in self.operations.values() if op.names == names]
        for one, two, what, much in (line for op in later for line in op.moved):
            one, two = self.today(one), self.today(two)
            if (two, one, what) in rest:
                rest[two, one, what] -= much
            else:
                rest[one, two, what] += much
        if (credit, debit, asset) in rest:
            self.check(amount > rest[credit, debit, asset], "limit_exceeded")
        else:
            self.check(code == "undo" or (debit, credit, asset) not in rest, "invalid")

    def today(self, side):
        return self.merged.get(side, side)

    def spend(self, key, payer, amount, minutes=None, partly=False):
        content = ("spend", payer, amount, partly)
        self.check(amount <= 0, "invalid")
        if self.known(key, content):
            return
        self.check(payer in self.frozen, "wallet_frozen")
        lines, left = [], amount
        for asset in CASCADE:
            part = min(left, max(0, self.free(payer, asset)))
            left -= part
            lines += [(payer, ("place", 0), asset, part)] if part else []
        self.check(not lines or (left and not partly), "insufficient_funds")
        ends = None if minutes is None else self.now + minutes
        self.operations[key] = op = Operation(content, "sale", lines, "pending", ends)
        if not ends:
            self.move(op, amount - left)

    def move(self, op, amount):
        op.state = "posted"
        for debit, credit, asset, held in op.lines:
            part = min(held, amount)
            self.balance[debit, asset] -= part
            self.balance[credit, asset] += part
            op.moved += [(debit, credit, asset, part)] if part else []
            amount -= part

    def capture(self, key, amount=None):
        op = self.operations[key]
        self.settle(op)
        held = sum(line[3] for line in op.lines)
        wanted, taken = held if amount is None else amount, sum(line[3] for line in op.moved)
        if op.state == "posted":
            return self.check(op.ends is None or taken != wanted, "hold_resolved")
        self.check(op.state == "expired", "hold_expired")
        self.check(op.state == "voided", "hold_resolved")
        self.check(not 0 < wanted <= held, "invalid")
        return self.move(op, wanted)

    def void(self, key):
        op = self.operations[key]
        self.check(op.state == "posted", "hold_resolved")
        op.state = "voided" if op.state == "pending" else op.state

    def settle(self, op):
        if op.state == "pending" and not self.is_live(op):
            op.state = "expired"
