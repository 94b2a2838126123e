#!/usr/bin/env python3
"""Check an exported ledger without Odoo, without a database, with Python alone.

    python3 tools/verify_ledger.py ledger.jsonl[.gz]

Everything is computed again from the operations; nothing in the file is believed that can be
computed. Ends with 0 when every rule holds, with 1 when one is broken (each named with its rows),
with 2 when the file cannot be read. The format is described in `docs/ledger-export.md`.
"""

import collections
import gzip
import hashlib
import itertools
import json
import sys

FORMAT = "tibillet-ledger"
VERSIONS = (1, 2, 3)
MAX_AMOUNT = 2**31 - 1
HOLDERS = {"person", "card"}
SHOWN = 10

MONEY = {"fed", "local", "voucher"}
VALUE = MONEY | {"gift", "time", "points", "external"}

# code: (kinds debited, kinds credited, change of supply, kinds of asset); None: any kind, as
# what it corrects
CODES = {
    "topup": ({"issuer"}, HOLDERS, 1, MONEY),
    "gift": ({"issuer"}, HOLDERS, 1, VALUE),
    "reward": ({"issuer"}, HOLDERS, 1, VALUE),
    "issue": ({"issuer"}, HOLDERS, 1, VALUE),
    "shortfall": ({"issuer"}, HOLDERS, 1, {"claim"}),
    "write_off": (HOLDERS, {"issuer"}, -1, {"claim"}),
    "sale": (HOLDERS, {"place"}, 0, VALUE),
    "deposit_back": ({"place"}, HOLDERS, 0, VALUE),
    "undo": ({"place"}, HOLDERS, 0, VALUE),
    "refund": (HOLDERS, {"issuer"}, -1, VALUE),
    "empty": (HOLDERS, {"issuer"}, -1, VALUE),
    "expire": (HOLDERS, {"issuer"}, -1, VALUE),
    "chargeback": (HOLDERS, {"issuer"}, -1, MONEY),
    "settle": ({"place", "peer"}, {"issuer"}, -1, VALUE),
    "remit": ({"place"}, {"place"}, 0, MONEY | {"gift"}),
    "merge": ({"card"}, {"person"}, 0, VALUE | {"claim"}),
    "transfer": ({"person"}, {"person"}, 0, {"time", "points"}),
    "give": (HOLDERS, {"place", "pool"}, 0, VALUE),
    "extinguish": (HOLDERS, {"pool"}, 0, MONEY),
    "correct": (None, None, None, VALUE | {"claim"}),
}

# Beside what it moves, a sale may give its payer points, and its undo may take them back.
EARNS = {"sale": 1, "undo": -1}


class Unreadable(Exception):
    """The file is not a whole export of a version that this program knows."""


class Book:
    """What the file says, and the faults found in it."""

    def __init__(self):
        self.assets = {}
        self.accounts = {}
        self.operations = {}
        self.keys = {}
        self.version = VERSIONS[-1]
        self.faults = collections.defaultdict(list)

    def fault(self, rule, row):
        """Note that a row breaks a rule."""
        self.faults[rule].append(row)


def read(path):
    """The first line of a file, then its rows, as dictionaries, checked to be whole.

    :raises Unreadable: wrong format or version, cut short, or changed since it was written
    """
    opener = gzip.open if str(path).endswith(".gz") else open
    digest, rows, header, end = hashlib.sha256(), 0, None, None
    try:
        with opener(path, "rb") as file:
            for line in file:
                if end is not None:
                    raise Unreadable("there are rows after the last one")
                row = json.loads(line)
                if header is None:
                    header = row
                    if row.get("format") != FORMAT or row.get("version") not in VERSIONS:
                        raise Unreadable(f"this is no {FORMAT} of version 1, 2 or 3")
                    yield row
                elif "end" in row:
                    end = row["end"]
                    continue
                else:
                    rows += 1
                    yield row
                digest.update(line)
    except (OSError, EOFError, ValueError, AttributeError) as error:
        raise Unreadable(str(error) or type(error).__name__) from error
    if not end:
        raise Unreadable("the file is cut short: its last row is missing")
    if end.get("rows") != rows or end.get("sha256") != digest.hexdigest():
        raise Unreadable("the file was changed or cut since it was written")


def load(path):
    """The book of a file."""
    book = Book()
    for row in read(path):
        try:
            if "format" in row:
                book.version = row["version"]
                continue
            if "asset" in row:
                book.assets[row["asset"]["id"]] = row["asset"]
            elif "account" in row:
                book.accounts[row["account"]["id"]] = {
                    "merged_into": None,
                    "floors": [],
                    **row["account"],
                }
            else:
                _take_in(book, row["operation"])
        except (KeyError, TypeError) as error:
            raise Unreadable(f"a row lacks {error}") from error
    return book


def _take_in(book, operation):
    number = operation["id"]
    if number in book.operations:
        book.fault("an operation stands once", number)
    book.operations[number] = operation
    name = (operation["origin"], operation["key"])
    if name in book.keys:
        book.fault("a key has one effect", (book.keys[name], number))
    book.keys[name] = number


def verify(book):
    """Apply every rule; the faults are in `book.faults` afterwards."""
    balances, held = collections.Counter(), collections.Counter()
    in_order = sorted(book.operations.values(), key=lambda row: (row["posted_at"] or "", row["id"]))
    # What was posted at one instant was posted together, as one batch: it is judged as a whole.
    for moment, batch in itertools.groupby(in_order, key=lambda row: row["posted_at"]):
        touched = {}
        for operation in batch:
            _check_states(book, operation)
            _check_names(book, operation)
            _check_capture(book, operation)
            _check_earned(book, operation)
            for debit, credit, amount in operation["transfers"]:
                if _check_line(book, operation, debit, credit, amount):
                    balances[debit] -= amount
                    balances[credit] += amount
                    touched[debit] = operation["id"]
            for debit, credit, amount in operation["held"]:
                if _check_line(book, operation, debit, credit, amount):
                    held[debit] += amount if operation["state"] == "pending" else 0
        for account, number in touched.items():
            row = book.accounts[account]
            if row["kind"] in HOLDERS and balances[account] < _floor(row, moment):
                book.fault("no holder's account goes below its floor", (number, account))
    _check_late(book)
    for number, account in book.accounts.items():
        _check_account(book, account, balances[number], held[number])
    return balances


def _floor(account, moment):
    """How far an account was allowed to go at a moment: zero, until an overdraft was granted."""
    allowed = 0
    for since, floor in account["floors"]:
        if moment is None or since <= moment:
            allowed = floor
    # Version 1 knew the floor of its own day only.
    return allowed if account["floors"] else min(0, account["floor"])


def _check_account(book, account, balance, held):
    number, holder = account["id"], account["kind"] in HOLDERS
    asset = book.assets.get(account["asset"], {})
    if not holder:
        if account["balance"] is not None:
            book.fault("only people and cards keep a balance", number)
        return
    if account["balance"] != balance:
        book.fault("a balance is the sum of its transfers", number)
    if account["held"] != held:
        book.fault("what is held is what is pending", number)
    if balance - held < account["floor"]:
        book.fault("what is held is there", number)
    if account["merged_into"] is not None and (balance or held):
        book.fault("a wallet that was merged holds nothing", number)
    if not asset.get("active", True) and (balance or held):
        book.fault("an archived asset is held by nobody", number)


def _check_states(book, operation):
    number, state = operation["id"], operation["state"]
    if state not in ("pending", "posted", "voided", "expired"):
        book.fault("a state is one of four", number)
    if (state == "posted") != bool(operation["posted_at"]):
        book.fault("what is posted has a date, nothing else has", number)
    if (state == "posted") != bool(operation["transfers"]):
        book.fault("what is posted moves something, nothing else does", number)
    # Version 1 told what was held while it was pending only.
    reserved = state == "pending" if book.version == 1 else state != "posted"
    if reserved and not operation["held"]:
        book.fault("what is not posted has held something", number)
    if operation["code"] not in CODES:
        book.fault("a code is one of the contract", number)


def _check_names(book, operation):
    number, names = operation["id"], operation["names"]
    if names is not None and names not in book.operations:
        book.fault("what is corrected or completed exists", number)
    if operation["code"] != "correct":
        return
    if names is None:
        book.fault("a correction names what it corrects", number)
    elif names in book.operations:
        named = book.operations[names]
        if named["code"] == "correct" or named["state"] != "posted":
            book.fault("what is corrected moved something, and is no correction", number)


def _check_capture(book, operation):
    """Captured is what was held, line by line, or less: the last of the cascade is released
    first."""
    if operation["state"] != "posted" or not operation["held"]:
        return
    paid = left = _paid(book, operation, "transfers")
    held = _paid(book, operation, "held")
    should, did = collections.Counter(), collections.Counter()
    for debit, credit, amount in operation["held"]:
        if _is_earned(book, operation, debit, credit):  # points: their share of what was taken
            should[debit, credit] += amount * paid // held if held else 0
            continue
        should[debit, credit] += min(amount, left)
        left -= min(amount, left)
    for debit, credit, amount in operation["transfers"]:
        did[debit, credit] += amount
    if left or +should != +did:
        book.fault("what is captured is what was held, or less", operation["id"])


def _is_earned(book, operation, debit, credit):
    """Whether a line is points that a sale gave its payer, or that its undo took back."""
    way = EARNS.get(operation["code"]) if book.version > 2 else None
    sides = [book.accounts.get(debit), book.accounts.get(credit)]
    if not way or None in sides:
        return False
    issuer, holder = sides if way > 0 else reversed(sides)
    asset = book.assets.get(issuer["asset"], {})
    return (
        asset.get("kind") == "points"
        and asset.get("issuer_account") == issuer["id"]
        and holder["kind"] in HOLDERS
    )


def _paid(book, operation, lines):
    """What an operation moved or held, points beside it left out."""
    return sum(
        amount
        for debit, credit, amount in operation[lines]
        if not _is_earned(book, operation, debit, credit)
    )


def _check_earned(book, operation):
    """Points are the payer's own, and come beside something that was paid or paid back."""
    way = EARNS.get(operation["code"])
    for lines in ("transfers", "held"):
        payers, earners = set(), set()
        for debit, credit, _amount in operation[lines]:
            if book.accounts.get(debit) is None or book.accounts.get(credit) is None:
                continue
            earned = _is_earned(book, operation, debit, credit)
            holder = credit if earned == (way == 1) else debit
            (earners if earned else payers).add(book.accounts[holder]["wallet"])
        if earners - payers:
            book.fault("points of a sale are its payer's", operation["id"])


def _check_late(book):
    """A sale recorded after its hold, and the shortfall beside it, take no more than was held,
    for the same origin, and only when the hold itself took nothing."""
    taken, points = collections.Counter(), collections.Counter()
    for operation in book.operations.values():
        named = book.operations.get(operation["names"])
        if operation["code"] not in ("sale", "shortfall") or named is None:
            continue
        paid = _paid(book, operation, "transfers")
        taken[named["id"]] += paid
        points[named["id"]] += sum(line[2] for line in operation["transfers"]) - paid
        if operation["origin"] != named["origin"] or named["state"] not in ("voided", "expired"):
            book.fault("what is taken late was held, and by the same", operation["id"])
    for number, amount in taken.items():
        named = book.operations[number]
        held = _paid(book, named, "held")
        promised = sum(line[2] for line in named["held"]) - held
        if book.version > 1 and (amount > held or points[number] > promised):
            book.fault("no more is taken late than was held", number)


def _check_line(book, operation, debit, credit, amount):
    number = operation["id"]
    sides = [book.accounts.get(debit), book.accounts.get(credit)]
    if None in sides:
        book.fault("a transfer is between accounts that exist", number)
        return False
    if debit == credit or sides[0]["asset"] != sides[1]["asset"]:
        book.fault("a transfer links two accounts of one asset", number)
        return False
    if type(amount) is not int or not 0 < amount <= MAX_AMOUNT:
        book.fault("an amount is a whole number above nothing", number)
        return False
    debited, credited, supply, kinds = CODES.get(operation["code"], (None, None, None, None))
    if _is_earned(book, operation, debit, credit):
        return True
    if debited and not (sides[0]["kind"] in debited and sides[1]["kind"] in credited):
        book.fault("a code links the accounts it is for", number)
    asset = book.assets.get(sides[0]["asset"], {})
    if kinds and asset.get("kind") not in kinds:
        book.fault("a code moves the assets it is for", number)
    if asset.get("backed") and sides[0]["kind"] == sides[1]["kind"] == "person":
        book.fault("money does not pass from person to person", number)
    issuer_side = {1: sides[0], -1: sides[1]}.get(supply)
    if issuer_side and issuer_side["kind"] == "issuer":
        if asset.get("issuer_account") != issuer_side["id"]:
            book.fault("only its issuer issues and takes back an asset", number)
    return True


def summary(book, balances):
    """One line per asset: what circulates, by whom it is held."""
    lines = []
    for number, asset in sorted(book.assets.items()):
        by_kind = collections.Counter()
        for account in book.accounts.values():
            if account["asset"] == number:
                by_kind[account["kind"]] += balances[account["id"]]
        parts = [f"{kind} {by_kind[kind]}" for kind in sorted(by_kind) if by_kind[kind]]
        lines.append(f"{asset['code']}: {', '.join(parts) or 'nothing'} (10^-{asset['scale']})")
    return lines


def main(words):
    """Run the command."""
    if len(words) != 1:
        print("One file: python3 tools/verify_ledger.py ledger.jsonl[.gz]", file=sys.stderr)
        return 2
    try:
        book = load(words[0])
    except Unreadable as error:
        print(f"{words[0]}: {error}.", file=sys.stderr)
        return 2
    balances = verify(book)
    for line in summary(book, balances):
        print(line)
    for rule, rows in sorted(book.faults.items()):
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        print(f"BROKEN: {rule}: {', '.join(map(str, rows[:SHOWN]))}{more}")
    verdict = "broken" if book.faults else "whole"
    print(f"{len(book.operations)} operations, {len(book.accounts)} accounts: {verdict}")
    return 1 if book.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
