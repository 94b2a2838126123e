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
import json
import sys

FORMAT = "tibillet-ledger"
VERSION = 1
MAX_AMOUNT = 2**31 - 1
HOLDERS = {"person", "card"}
SHOWN = 10

# code: (kinds debited, kinds credited, change of supply); None: any kind, as what it corrects
CODES = {
    "topup": ({"issuer"}, HOLDERS, 1),
    "gift": ({"issuer"}, HOLDERS, 1),
    "reward": ({"issuer"}, HOLDERS, 1),
    "issue": ({"issuer"}, HOLDERS, 1),
    "shortfall": ({"issuer"}, HOLDERS, 1),
    "sale": (HOLDERS, {"place"}, 0),
    "deposit_back": ({"place"}, HOLDERS, 0),
    "undo": ({"place"}, HOLDERS, 0),
    "refund": (HOLDERS, {"issuer"}, -1),
    "empty": (HOLDERS, {"issuer"}, -1),
    "expire": (HOLDERS, {"issuer"}, -1),
    "chargeback": (HOLDERS, {"issuer"}, -1),
    "settle": ({"place", "peer"}, {"issuer"}, -1),
    "merge": ({"card"}, {"person"}, 0),
    "transfer": ({"person"}, {"person"}, 0),
    "give": (HOLDERS, {"place", "pool"}, 0),
    "extinguish": (HOLDERS, {"pool"}, 0),
    "correct": (None, None, None),
}


class Unreadable(Exception):
    """The file is not a whole export of a version that this program knows."""


class Book:
    """What the file says, and the faults found in it."""

    def __init__(self):
        self.assets = {}
        self.accounts = {}
        self.operations = {}
        self.keys = {}
        self.faults = collections.defaultdict(list)

    def fault(self, rule, row):
        """Note that a row breaks a rule."""
        self.faults[rule].append(row)


def read(path):
    """The rows of a file as dictionaries, checked to be whole.

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
                    if row.get("format") != FORMAT or row.get("version") != VERSION:
                        raise Unreadable(f"this is no {FORMAT} of version {VERSION}")
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
            if "asset" in row:
                book.assets[row["asset"]["id"]] = row["asset"]
            elif "account" in row:
                book.accounts[row["account"]["id"]] = row["account"]
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
    for operation in sorted(
        book.operations.values(), key=lambda row: (row["posted_at"] or "", row["id"])
    ):
        _check_states(book, operation)
        for debit, credit, amount in operation["transfers"]:
            if _check_line(book, operation, debit, credit, amount):
                balances[debit] -= amount
                balances[credit] += amount
        for debit, credit, amount in operation["held"]:
            if _check_line(book, operation, debit, credit, amount):
                held[debit] += amount
        touched = {line[0] for line in operation["transfers"]}
        for account in touched & book.accounts.keys():
            row = book.accounts[account]
            if row["kind"] in HOLDERS and balances[account] < min(0, row["floor"]):
                book.fault("no holder's account goes below its floor", (operation["id"], account))
    for number, account in book.accounts.items():
        if account["kind"] not in HOLDERS:
            continue
        if account["balance"] != balances[number]:
            book.fault("a balance is the sum of its transfers", number)
        if account["held"] != held[number]:
            book.fault("what is held is what is pending", number)
        if balances[number] - held[number] < account["floor"]:
            book.fault("what is held is there", number)
    return balances


def _check_states(book, operation):
    number, state = operation["id"], operation["state"]
    if state not in ("pending", "posted", "voided", "expired"):
        book.fault("a state is one of four", number)
    if (state == "posted") != bool(operation["posted_at"]):
        book.fault("what is posted has a date, nothing else has", number)
    if (state == "posted") != bool(operation["transfers"]):
        book.fault("what is posted moves something, nothing else does", number)
    if (state == "pending") != bool(operation["held"]):
        book.fault("what is pending holds something, nothing else does", number)
    if operation["code"] not in CODES:
        book.fault("a code is one of the contract", number)
    names = operation["names"]
    if names is not None and names not in book.operations:
        book.fault("what is corrected or completed exists", number)
    if operation["code"] == "correct" and names is None:
        book.fault("a correction names what it corrects", number)


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
    debited, credited, supply = CODES.get(operation["code"], (None, None, None))
    if debited and not (sides[0]["kind"] in debited and sides[1]["kind"] in credited):
        book.fault("a code links the accounts it is for", number)
    issuer_side = {1: sides[0], -1: sides[1]}.get(supply)
    if issuer_side and issuer_side["kind"] == "issuer":
        own = book.assets.get(issuer_side["asset"], {}).get("issuer_account")
        if own != issuer_side["id"]:
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
