"""What each code of the ledger may do: one row per code (contracts, section 2).

``_post`` reads this table and nothing else about codes; tests go through it row by row.
"""

from dataclasses import dataclass

HOLDER = frozenset({"person", "card"})
PLACE = frozenset({"place"})
ISSUER = frozenset({"issuer"})

MAX_AMOUNT_MINOR = 2**31 - 1


@dataclass(frozen=True)
class Rule:
    """Preconditions of one code.

    :param debit: wallet kinds that may be debited
    :param credit: wallet kinds that may be credited
    :param supply: +1 issues, -1 withdraws, 0 moves what exists
    :param assets: asset kinds it may move, None = any but ``claim``
    :param archived: may move an archived asset (value on its way home)
    :param frozen: may touch a frozen wallet (value that comes back, corrections)
    :param capped: the asset's load cap binds the credited account
    :param payout: debits a wallet without running balance, whose sum must cover it
    :param names: must name the operation that it reverses or completes
    :param hold: may be pending first
    """

    debit: frozenset
    credit: frozenset
    supply: int
    assets: frozenset | None = None
    archived: bool = False
    frozen: bool = False
    capped: bool = False
    payout: bool = False
    names: bool = False
    hold: bool = False


_ISSUED = {"debit": ISSUER, "credit": HOLDER, "supply": 1}
_WITHDRAWN = {"debit": HOLDER, "credit": ISSUER, "supply": -1, "archived": True}

RULES = {
    "topup": Rule(**_ISSUED, capped=True, hold=True),
    "gift": Rule(**_ISSUED, capped=True),
    "reward": Rule(**_ISSUED),
    "issue": Rule(**_ISSUED),
    "sale": Rule(HOLDER, PLACE, 0, hold=True),
    "deposit_back": Rule(PLACE, HOLDER, 0, frozen=True),
    "undo": Rule(PLACE, HOLDER, 0, archived=True, frozen=True),
    "refund": Rule(**_WITHDRAWN, hold=True),
    "empty": Rule(**_WITHDRAWN, hold=True),
    "expire": Rule(**_WITHDRAWN),
    "chargeback": Rule(**_WITHDRAWN, frozen=True),
    "settle": Rule(frozenset({"place", "peer"}), ISSUER, -1, archived=True, payout=True),
    "merge": Rule(frozenset({"card"}), frozenset({"person"}), 0, archived=True),
    "transfer": Rule(
        frozenset({"person"}), frozenset({"person"}), 0, assets=frozenset({"time", "points"})
    ),
    "give": Rule(HOLDER, frozenset({"place", "pool"}), 0),
    "extinguish": Rule(HOLDER, frozenset({"pool"}), 0, archived=True),
    "shortfall": Rule(ISSUER, HOLDER, 1, assets=frozenset({"claim"}), frozen=True),
    "correct": Rule(
        frozenset({"person", "card", "place", "issuer", "pool", "peer"}),
        frozenset({"person", "card", "place", "issuer", "pool", "peer"}),
        0,
        assets=frozenset(
            {"fed", "local", "gift", "voucher", "time", "points", "claim", "external"}
        ),
        archived=True,
        frozen=True,
        names=True,
    ),
}

SPENDABLE = frozenset({"fed", "local", "gift", "voucher"})
"""Asset kinds that pay a price in the seller's currency."""
