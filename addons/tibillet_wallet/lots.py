"""Where the money on an account came from, kept as lots: what may go back, and by which way.

Architecture 4.4: cash is deemed spent last; what a special title loaded is never paid back in
money; a cheque is paid back once it can no longer bounce. Lots follow from the transfers alone,
in their order; nothing of this is stored, so that nothing can differ from the ledger.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

CHEQUE_DAYS = 30
"""Days until a cheque that loaded an account may be paid back (practice in France, 15)."""

SPENT_FIRST = ("title", "cheque")
SPENT_LAST = "cash"


@dataclass
class Lot:
    """What is left of one load. ``means`` is None where the ledger does not know it."""

    means: str | None
    at: datetime
    operation_id: int
    left_minor: int


@dataclass
class Move:
    """A transfer that touches one of the accounts, in the ledger's words."""

    operation_id: int
    code: str
    means: str | None
    names_id: int | None
    at: datetime
    debit: int
    credit: int
    amount_minor: int


@dataclass
class Lots:
    """The lots of some accounts of one holder (those merged into one another).

    :param own: ids of the accounts; moves between them carry the lots over
    """

    own: frozenset
    of_account: dict = field(default_factory=dict)
    owed: dict = field(default_factory=dict)
    taken: dict = field(default_factory=dict)

    @classmethod
    def replay(cls, own, moves):
        """The lots after these moves, given in their order."""
        lots = cls(frozenset(own))
        for move in moves:
            lots._apply(move)
        return lots

    def _apply(self, move):
        if move.debit in self.own and move.credit in self.own:
            for part in self._take(move.debit, move.amount_minor, self._spending_order):
                self._put(move.credit, part.means, part.at, part.operation_id, part.left_minor)
        elif move.debit in self.own:
            parts = self._take(move.debit, move.amount_minor, self._order_of(move))
            self.taken.setdefault((move.operation_id, move.debit), []).extend(parts)
        else:
            self._receive(move)

    # -- money that arrives ---------------------------------------------------------------

    def _receive(self, move):
        left_minor = move.amount_minor
        if move.names_id and move.code != "topup":
            left_minor = self._restore(move, left_minor)
        if left_minor:
            self._put(move.credit, move.means, move.at, move.operation_id, left_minor)

    def _restore(self, move, amount_minor):
        """Put back what the named operation took, the last of it first."""
        for account in self.own:
            parts = self.taken.get((move.names_id, account), [])
            while parts and amount_minor:
                part = parts[-1]
                back = min(part.left_minor, amount_minor)
                self._put(move.credit, part.means, part.at, part.operation_id, back)
                part.left_minor -= back
                amount_minor -= back
                if not part.left_minor:
                    parts.pop()
        return amount_minor

    def _put(self, account, means, at, operation_id, amount_minor):
        """A new lot; what the account owed (an overdraft) is made up for first."""
        filled = min(self.owed.get(account, 0), amount_minor)
        self.owed[account] = self.owed.get(account, 0) - filled
        if amount_minor > filled:
            lot = Lot(means, at, operation_id, amount_minor - filled)
            self.of_account.setdefault(account, []).append(lot)

    # -- money that leaves ----------------------------------------------------------------

    def _spending_order(self, lot):
        if lot.means in SPENT_FIRST:
            return SPENT_FIRST.index(lot.means)
        return len(SPENT_FIRST) + (lot.means == SPENT_LAST)

    def _order_of(self, move):
        """Which lots leave first: what was spent, what is paid back, what never was there."""
        if move.names_id:  # a correction or a chargeback takes away what the named one brought
            return lambda lot: (lot.operation_id != move.names_id, self._spending_order(lot))
        if move.code not in ("refund", "empty"):
            return self._spending_order
        if move.means == SPENT_LAST:
            return lambda lot: (lot.means != SPENT_LAST, -self._spending_order(lot))
        # A title is never paid back: the rest is, and cash by another way only at the end.
        return lambda lot: (lot.means in SPENT_FIRST, lot.means == SPENT_LAST)

    def _take(self, account, amount_minor, order):
        parts = []
        lots = self.of_account.get(account, [])
        for lot in sorted(lots, key=order):  # stable: the oldest first
            part_minor = min(lot.left_minor, amount_minor)
            if part_minor:
                parts.append(Lot(lot.means, lot.at, lot.operation_id, part_minor))
                lot.left_minor -= part_minor
                amount_minor -= part_minor
        self.of_account[account] = [lot for lot in lots if lot.left_minor]
        if amount_minor:
            self.owed[account] = self.owed.get(account, 0) + amount_minor
        return parts

    # -- answers --------------------------------------------------------------------------

    def _all(self):
        return [lot for lots in self.of_account.values() for lot in lots]

    def total_minor(self):
        """What is there, overdrafts subtracted: the sum of the balances."""
        return sum(lot.left_minor for lot in self._all()) - sum(self.owed.values())

    def of_means(self, *means):
        """What is left of loads by these means, in minor units."""
        return sum(lot.left_minor for lot in self._all() if lot.means in means)

    def young_cheques_minor(self, now):
        """What cheques loaded that may still bounce."""
        since = now - timedelta(days=CHEQUE_DAYS)
        return sum(
            lot.left_minor for lot in self._all() if lot.means == "cheque" and lot.at > since
        )

    def refundable_minor(self, now):
        """What may be paid back in money, by whatever way."""
        kept = self.of_means("title") + self.young_cheques_minor(now)
        return max(0, self.total_minor() - kept)
