"""Who may ask for which operation, and where: role × code × surface, refusals included.

One row per code of :mod:`ledger_rules` and surface; ``tibillet.ledger._authorize`` reads this
table and nothing else about roles, and tests go through it with a real user of each role.
A later issue that gives an act a face (the bar, money online) changes its row here.

The groups behind the roles are answered by ``tibillet.ledger._role_groups``; those of the
till's roles are told by the till's addon, since the wallet knows of no till.
"""

from dataclasses import dataclass

SURFACES = ("till", "backend", "portal", "api")
ROLES = (
    "public",
    "portal",
    "employee",
    "desk",
    "accountant",
    "manager",
    "cashier",
    "till_manager",
)


@dataclass(frozen=True)
class Row:
    """Who may do one act on one surface.

    :param roles: those who may, each by name (a ladder of groups is spelt out)
    :param where_asset_says: those who may too, for an asset that everybody at the desk issues
    :param server: only the server itself does it there: as the consequence of another act,
        or by a scheduled action; then no role may
    :param why: what an auditor asks about this row
    """

    roles: frozenset = frozenset()
    where_asset_says: frozenset = frozenset()
    server: bool = False
    why: str = ""

    def __post_init__(self):
        unknown = (self.roles | self.where_asset_says) - set(ROLES)
        if unknown or (self.server and self.roles | self.where_asset_says):
            raise ValueError(f"a row names roles that cannot be: {sorted(unknown)}")


DESK = frozenset({"desk", "accountant", "manager"})
BOOKKEEPERS = frozenset({"accountant", "manager"})
MANAGER = frozenset({"manager"})
TILL = frozenset({"cashier", "till_manager"})
TILL_MANAGER = frozenset({"till_manager"})

NOBODY = Row()
_LATER = {
    "portal": Row(why="comes with money online"),
    "api": Row(why="a key in a program has no second factor; nobody, until an issue says who"),
}


def _rows(*, till, backend):
    return {"till": till, "backend": backend, **_LATER}


def _server(why):
    return _rows(till=Row(server=True, why=why), backend=Row(server=True, why=why))


_BY_HAND = Row(MANAGER, DESK - MANAGER, why="the asset says whether the desk issues it too")

TABLE = {
    # -- value that is born --
    "topup": _rows(
        till=Row(TILL, why="a line of an order that cash or a bank card paid"), backend=_BY_HAND
    ),
    "gift": _rows(
        till=Row(TILL_MANAGER, why="nobody pays for it: with a reason"), backend=_BY_HAND
    ),
    "issue": _rows(till=NOBODY, backend=_BY_HAND),
    "reward": _server("a rule gives it, nobody's hand"),
    # -- value that moves --
    "sale": _rows(
        till=Row(TILL, why="a card tapped at a paired till with an open session"),
        backend=Row(why="no goods leave from the backend; a wrong sale is corrected"),
    ),
    "deposit_back": _rows(
        till=Row(TILL, why="a cup put on the counter, whoever brings it"), backend=NOBODY
    ),
    "undo": _rows(
        till=Row(TILL, why="an order refunded to the card that paid it"),
        backend=Row(why="the backend corrects, naming the operation"),
    ),
    "merge": _rows(
        till=Row(TILL, why="at the holder's word: the card is on the reader"),
        backend=Row(DESK, why="at the holder's word: a claim code or the card itself"),
    ),
    "transfer": _rows(till=NOBODY, backend=Row(why="between people, by themselves")),
    "give": _rows(
        till=Row(TILL, why="at the holder's word, never ticked before"),
        backend=Row(DESK, why="at the holder's word"),
    ),
    "extinguish": _rows(till=NOBODY, backend=Row(MANAGER, why="off until its conditions hold")),
    # -- value that goes home --
    "refund": _rows(
        till=Row(TILL, why="by the way the money came, within the ceilings of the day"),
        backend=Row(DESK, why="within the ceilings of the day and the way the money came"),
    ),
    "empty": _rows(till=Row(why="all of it is a refund like any other"), backend=NOBODY),
    "expire": _server("dated terms end it, by a scheduled action"),
    "chargeback": _rows(
        till=Row(server=True, why="the bank's notice, never at a counter"),
        backend=Row(BOOKKEEPERS, why="the bank's notice, by who keeps the books"),
    ),
    "settle": _server("what places owe each other is settled when both have agreed"),
    "remit": _server("what a place loaded or paid back for an issuer, settled in money"),
    # -- mistakes and accidents --
    "shortfall": _server("a sale that took place found too little on the card"),
    "write_off": _rows(
        till=NOBODY,
        backend=Row(
            frozenset({"accountant", "manager"}),
            why="a loss in the books: a claim that nobody will pay",
        ),
    ),
    "correct": _rows(till=NOBODY, backend=Row(MANAGER, why="names the operation and a reason")),
}

ACTS = {
    "overdraft": _rows(till=NOBODY, backend=Row(MANAGER, why="below zero by a written decision")),
    "keep": _rows(
        till=Row(TILL, why="at the holder's word, nothing moves"),
        backend=Row(DESK, why="at the holder's word"),
    ),
    "freeze": _rows(till=NOBODY, backend=Row(MANAGER, why="nothing leaves, nothing is loaded")),
}
"""Acts that move nothing and change what may be moved: not codes of the ledger."""


def row_of(code, surface):
    """The row of a code or act on a surface.

    :raises KeyError: neither a code of the ledger nor an act
    :raises ValueError: no such surface
    """
    if surface not in SURFACES:
        raise ValueError(f"unknown surface {surface!r}")
    return (TABLE.get(code) or ACTS[code])[surface]
