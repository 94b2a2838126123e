"""What each code of the ledger may do: one row per code (contracts, section 2).

``_post`` reads this table and nothing else about codes; the database has its copy
(``tibillet_ledger_rule``), which its guards read; tests go through it row by row.
"""

from dataclasses import dataclass

PERSON = frozenset({"person"})
CARD = frozenset({"card"})
HOLDER = PERSON | CARD
PLACE = frozenset({"place"})
ISSUER = frozenset({"issuer"})
POOL = frozenset({"pool"})
ANY_WALLET = HOLDER | PLACE | ISSUER | POOL | {"peer"}

BACKED = frozenset({"fed", "local", "voucher"})
CLAIM = frozenset({"claim"})
EARNED = frozenset({"points"})
"""What a sale may give its payer beside what it moves (docs/adr, points inside the sale)."""
UNITS = frozenset({"time", "points"})
VALUE = BACKED | UNITS | {"gift", "external"}
"""What may be held and spent: every kind but a claim, which is owed."""

CORRECTED = frozenset(
    [
        "topup",
        "gift",
        "reward",
        "issue",
        "sale",
        "deposit_back",
        "undo",
        "refund",
        "empty",
        "expire",
        "chargeback",
        "settle",
        "remit",
        "merge",
        "transfer",
        "give",
        "extinguish",
        "shortfall",
        "write_off",
    ]
)
"""What a correction may name: everything but a correction."""

MAX_AMOUNT_MINOR = 2**31 - 1
CLOCK_TOLERANCE_MINUTES = 2
"""How far ahead of the server a moment may lie (architecture 4.5: devices' clocks)."""


@dataclass(frozen=True)
class Rule:
    """Preconditions of one code.

    :param debit: wallet kinds that may be debited
    :param credit: wallet kinds that may be credited
    :param supply: +1 issues, -1 withdraws, 0 moves what exists
    :param assets: asset kinds it may move
    :param refundable: moves assets only that are refunded in money
    :param expiring: moves assets only that expire
    :param archived: may move an archived asset (value on its way home)
    :param frozen: may touch a frozen wallet (value that comes back, corrections)
    :param capped: the asset's load cap and the card's ceiling bind the credited account
    :param whole: takes all that the account holds, with nothing on hold
    :param payout: debits a wallet without running balance, whose sum must cover it
    :param names: codes of the operation that it must name; empty: it need not name one
    :param hold: may be pending first
    :param earns: +1: may give the payer points of their issuer beside what it moves; -1: may
        take such points back to their issuer
    """

    debit: frozenset
    credit: frozenset
    supply: int
    assets: frozenset = VALUE
    refundable: bool = False
    expiring: bool = False
    archived: bool = False
    frozen: bool = False
    capped: bool = False
    whole: bool = False
    payout: bool = False
    names: frozenset = frozenset()
    hold: bool = False
    earns: int = 0


_ISSUED = {"debit": ISSUER, "credit": HOLDER, "supply": 1, "capped": True}
_WITHDRAWN = {"debit": HOLDER, "credit": ISSUER, "supply": -1, "archived": True}

RULES = {
    "topup": Rule(**_ISSUED, assets=BACKED, hold=True),
    "gift": Rule(**_ISSUED),
    "reward": Rule(**_ISSUED),
    "issue": Rule(**_ISSUED),
    "sale": Rule(HOLDER, PLACE, 0, hold=True, earns=1),
    "deposit_back": Rule(PLACE, HOLDER, 0, refundable=True, frozen=True),
    "undo": Rule(PLACE, HOLDER, 0, archived=True, frozen=True, names=frozenset({"sale"}), earns=-1),
    "refund": Rule(**_WITHDRAWN, refundable=True, hold=True),
    "empty": Rule(**_WITHDRAWN, refundable=True, whole=True, hold=True),
    "expire": Rule(**_WITHDRAWN, expiring=True),
    "chargeback": Rule(**_WITHDRAWN, assets=BACKED, frozen=True),
    "settle": Rule(PLACE | {"peer"}, ISSUER, -1, archived=True, payout=True),
    "remit": Rule(PLACE, PLACE, 0, assets=BACKED | {"gift"}, archived=True),
    "merge": Rule(CARD, PERSON, 0, assets=VALUE | CLAIM, archived=True, capped=True, whole=True),
    "transfer": Rule(PERSON, PERSON, 0, assets=UNITS),
    "give": Rule(HOLDER, PLACE | POOL, 0),
    "extinguish": Rule(HOLDER, POOL, 0, assets=BACKED, archived=True),
    "shortfall": Rule(ISSUER, HOLDER, 1, assets=CLAIM, frozen=True),
    "write_off": Rule(HOLDER, ISSUER, -1, assets=CLAIM, archived=True, frozen=True),
    "correct": Rule(
        ANY_WALLET, ANY_WALLET, 0, VALUE | CLAIM, archived=True, frozen=True, names=CORRECTED
    ),
}

SPENDABLE = frozenset({"fed", "local", "gift", "voucher"})
"""Asset kinds that pay a price in the seller's currency."""
