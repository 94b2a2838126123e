"""The table of contracts 2, written out a second time, in figures of speech that a reader can
check against it."""

from typing import NamedTuple

HOLDERS = ("card", "person")
EVERY_KIND = ("fed", "local", "gift", "voucher", "time", "points", "claim", "external")
VALUE = ("fed", "local", "gift", "voucher", "time", "points", "external")
BACKED = ("fed", "local", "voucher")


class Row(NamedTuple):
    debit: tuple
    credit: tuple
    supply: int
    assets: tuple


# code: who is debited, who is credited, change of supply, kinds of asset (contracts, section 2)
ALLOWED = {
    "topup": Row(("issuer",), HOLDERS, 1, BACKED),
    "gift": Row(("issuer",), HOLDERS, 1, VALUE),
    "reward": Row(("issuer",), HOLDERS, 1, VALUE),
    "issue": Row(("issuer",), HOLDERS, 1, VALUE),
    "sale": Row(HOLDERS, ("place",), 0, VALUE),
    "deposit_back": Row(("place",), HOLDERS, 0, VALUE),
    "undo": Row(("place",), HOLDERS, 0, VALUE),
    "refund": Row(HOLDERS, ("issuer",), -1, VALUE),
    "empty": Row(HOLDERS, ("issuer",), -1, VALUE),
    "expire": Row(HOLDERS, ("issuer",), -1, VALUE),
    "chargeback": Row(HOLDERS, ("issuer",), -1, BACKED),
    "settle": Row(("place", "peer"), ("issuer",), -1, VALUE),
    "remit": Row(("place",), ("place",), 0, (*BACKED, "gift")),
    "merge": Row(("card",), ("person",), 0, EVERY_KIND),
    "transfer": Row(("person",), ("person",), 0, ("time", "points")),
    "give": Row(HOLDERS, ("place", "pool"), 0, VALUE),
    "extinguish": Row(HOLDERS, ("pool",), 0, BACKED),
    "shortfall": Row(("issuer",), HOLDERS, 1, ("claim",)),
    "write_off": Row(HOLDERS, ("issuer",), -1, ("claim",)),
    "correct": Row(
        ("card", "person", "place", "issuer", "pool", "peer"),
        ("card", "person", "place", "issuer", "pool", "peer"),
        0,
        EVERY_KIND,
    ),
}

# precondition: the codes that have it; every other code is shown not to have it
MAY_BE_HELD = {"topup", "sale", "refund", "empty"}
MOVES_ARCHIVED = {
    *("undo", "refund", "empty", "expire", "chargeback", "settle", "remit", "merge"),
    *("extinguish", "write_off", "correct"),
}
TOUCHES_FROZEN = {"deposit_back", "undo", "chargeback", "shortfall", "write_off", "correct"}
CAPPED = {"topup", "gift", "reward", "issue", "merge"}
REFUNDABLE_ONLY = {"deposit_back", "refund", "empty"}
EXPIRING_ONLY = {"expire"}
WHOLE = {"empty", "merge"}
NAMES = {"undo", "correct"}
COVERED = {"settle"}
