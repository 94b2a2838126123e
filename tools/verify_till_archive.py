#!/usr/bin/env python3
"""Read and check an archive of the tills without Odoo, without a database, with Python alone.

    python3 tools/verify_till_archive.py tills-1-2026-11-01-2026-11-30.zip

Checksums first, then every sum is made again from the lines. Ends with 0 when every rule holds,
with 1 when one is broken (each named with its rows), with 2 when the file is not whole or not
what it says it is, with 3 when every rule holds but the period was not complete when the archive
was made. The format is described in `docs/till-archive.md`.
"""

import collections
import csv
import datetime
import decimal
import hashlib
import io
import json
import sys
import zipfile

FORMAT, VERSION = "tibillet-till-archive", 1
MANIFEST, ORDERS, LINES, PAYMENTS = "manifest.json", "orders.jsonl", "lines.csv", "payments.csv"
FILES = (ORDERS, LINES, PAYMENTS)
MAX_MANIFEST = 50 * 1024 * 1024
SHOWN = 10
#: What coins that are no more may round an order by, in minor units.
ROUNDING = 100
HOLDS, BROKEN, UNREADABLE, INCOMPLETE = range(4)

INCOMPLETE_WORDS = {
    "period_not_over": "the period was not over (it ends on {})",
    "session_open": "session {} was open",
}


class Unreadable(Exception):
    """The file is not a whole archive of a version that this program knows."""


class Reader:
    """The rows of an archive, each file checked against its checksum while it is read."""

    def __init__(self, packed):
        self.packed = packed
        names = packed.namelist()
        if sorted(names) != sorted((MANIFEST, *FILES)):
            raise Unreadable(f"it should hold {', '.join((MANIFEST, *FILES))} and nothing else")
        if packed.getinfo(MANIFEST).file_size > MAX_MANIFEST:
            raise Unreadable("its manifest is too long")
        self.manifest = json.loads(packed.read(MANIFEST))
        told = self.manifest.get("format"), self.manifest.get("version")
        if told != (FORMAT, VERSION):
            raise Unreadable(f"this is no {FORMAT} of version {VERSION}")

    def check(self):
        """Compare checksum and length of every file with the manifest, before a row is read.

        :raises Unreadable: when one was changed or cut
        """
        for name in FILES:
            told, digest, length = self.manifest["files"][name], hashlib.sha256(), 0
            with self.packed.open(name) as file:
                while part := file.read(1 << 20):
                    digest.update(part)
                    length += len(part)
            if (digest.hexdigest(), length) != (told["sha256"], told["bytes"]):
                raise Unreadable(f"{name} was changed or cut since the archive was made")

    def orders(self):
        """The orders, as dictionaries."""
        with self.packed.open(ORDERS) as file:
            yield from map(json.loads, file)

    def table(self, name):
        """The rows of a table, as dictionaries of texts."""
        with self.packed.open(name) as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            for row in csv.DictReader(text, delimiter=";"):
                if None in row or None in row.values():
                    raise Unreadable(f"{name}: a row has not as many columns as the head")
                yield row


class Book:
    """What the archive says, summed up again, and the faults found in it."""

    def __init__(self, manifest):
        self.manifest = manifest
        self.digits = manifest["currency"]["digits"]
        self.orders = {}
        self.counts = collections.Counter()
        self.sold = collections.defaultdict(lambda: [0, 0])
        self.methods = collections.Counter()
        self.gross, self.net, self.paid = (collections.Counter() for _ in range(3))
        self.rows = {LINES: collections.Counter(), PAYMENTS: collections.Counter()}
        self.seals = {}
        self.faults = collections.defaultdict(list)

    def fault(self, rule, row):
        """Note that a row breaks a rule."""
        self.faults[rule].append(row)

    def minor(self, text):
        """An amount of a table, in minor units.

        :raises Unreadable: when it is no amount of the currency
        """
        amount = decimal.Decimal(text).scaleb(self.digits)
        if not amount.is_finite() or amount != int(amount):
            raise Unreadable(f"“{text}” is no amount of {self.manifest['currency']['code']}")
        return int(amount)

    # -- reading ---------------------------------------------------------------------------

    def take_order(self, row):
        """Note an order: its number, its day, its seal."""
        number, day, seal = row["order"], row["day"], row["seal"]
        if number in self.orders:
            self.fault("An order stands in the archive once.", f"order {number}")
        self.orders[number] = row
        self.counts["orders"] += 1
        self.counts["total_minor"] += row["total_minor"]
        self.counts["paid_minor"] += row["paid_minor"]
        period = self.manifest["period"]
        dates = (period["first"], day, period["last"])
        if sorted(dates, key=datetime.date.fromisoformat) != list(dates):
            self.fault("An order is of the period.", f"order {number} of {day}")
        if seal and seal["number"] in self.seals:
            self.fault(
                "A seal has its own number.",
                f"orders {self.seals[seal['number']]} and {number}: {seal['number']}",
            )
        if seal:
            self.seals[seal["number"]] = number

    def take_line(self, row):
        """Add a line to its order, its day and its rate."""
        order = self._order_of(LINES, row, f"line {row['line']}")
        if not order:
            return
        number = order["order"]
        base, vat, other, before = (
            self.minor(row[name]) for name in ("base", "vat", "other_taxes", "base_taxed_before")
        )
        gross, gift, taxed = (self.minor(row[name]) for name in ("gross", "gift", "taxed_before"))
        self.gross[number] += gross
        self.net[number] += gross - gift - taxed - base - vat - other
        for rate, amount, tax in ((row["rate"], base, vat), ("0", before, 0)):
            sold = self.sold[row["day"], order["booked"], row["kind"], rate]
            sold[0] += amount
            sold[1] += tax

    def take_payment(self, row):
        """Add a payment to its order and its means."""
        order = self._order_of(PAYMENTS, row, f"payment {row['payment']}")
        if order:
            amount = self.minor(row["amount"])
            self.paid[order["order"]] += amount
            self.methods[row["kind"], row["method"]] += amount

    def _order_of(self, name, row, label):
        order = self.orders.get(int(row["order"]))
        self.counts[name] += 1
        if not order or order["day"] != row["day"]:
            self.fault("A line or a payment is of an order and of its day.", label)
            return None
        self.rows[name][order["order"]] += 1
        return order

    # -- rules -----------------------------------------------------------------------------

    def check(self):
        """All rules, once everything is read."""
        for number, order in self.orders.items():
            self._check_order(number, order, f"order {number} ({order['name']})")
        self._check_counts()
        self._check_sums()

    def _check_order(self, number, order, label):
        told = order["lines"], order["payments"]
        if told != (self.rows[LINES][number], self.rows[PAYMENTS][number]):
            self.fault("An order has all its lines and payments.", label)
        total, paid = order["total_minor"], order["paid_minor"]
        if self.gross[number] + order["rounding_minor"] != total:
            self.fault("The lines of an order add up to its total.", label)
        if self.paid[number] != paid:
            self.fault("The payments of an order are what was paid.", label)
        if paid - total != order["difference_minor"] or max(
            abs(order["difference_minor"]), abs(order["rounding_minor"])
        ) >= max(ROUNDING, 10**self.digits):
            self.fault("What was paid is the total, but for the rounding of coins.", label)
        # A cent for each line: taxes are rounded over the whole order.
        if order["currency"] == self.manifest["currency"]["code"] and (
            abs(self.net[number]) > order["lines"] + abs(order["rounding_minor"])
        ):
            self.fault("Base and tax of an order are its total without gifts.", label)

    def _check_counts(self):
        told, sums = self.manifest["counts"], self.manifest["sums"]
        for name, table in (("orders", "orders"), ("lines", LINES), ("payments", PAYMENTS)):
            if told[name] != self.counts[table]:
                self.fault("The manifest counts what is there.", name)
        for name in ("total_minor", "paid_minor"):
            if sums[name] != self.counts[name]:
                self.fault("The manifest's sums are those of the rows.", name)

    def _check_sums(self):
        sums = self.manifest["sums"]
        told = {
            (row["day"], row["booked"], row["kind"], row["rate"]): [
                row["base_minor"],
                row["vat_minor"],
            ]
            for row in sums["lines"]
        }
        for key in sorted(told.keys() | self.sold.keys()):
            if told.get(key, [0, 0]) != self.sold.get(key, [0, 0]):
                self.fault(
                    "Base and tax per day and rate are those of the lines.",
                    "{} {} {} {} %".format(*key),
                )
        told = {(row["kind"], row["method"]): row["amount_minor"] for row in sums["payments"]}
        for key in sorted(told.keys() | self.methods.keys()):
            if told.get(key, 0) != self.methods.get(key, 0):
                self.fault("Sums per means are those of the payments.", key[1])


def load(path):
    """The book of an archive, checked to be whole.

    :raises Unreadable: wrong format or version, cut short, or changed since it was made
    """
    try:
        with zipfile.ZipFile(path) as packed:
            reader = Reader(packed)
            reader.check()
            book = Book(reader.manifest)
            for order in reader.orders():
                book.take_order(order)
            for row in reader.table(LINES):
                book.take_line(row)
            for row in reader.table(PAYMENTS):
                book.take_payment(row)
            book.check()
            return book
    except (
        OSError,
        EOFError,
        ValueError,
        ArithmeticError,
        LookupError,
        TypeError,
        AttributeError,
        NotImplementedError,
        RuntimeError,
        csv.Error,
        zipfile.BadZipFile,
    ) as error:
        raise Unreadable(f"it is not written as it should be ({error!r})") from error


def told(book):
    """What the archive holds, as sentences."""
    manifest, digits = book.manifest, book.digits
    code = manifest["currency"]["code"]

    def money(minor):
        return f"{decimal.Decimal(minor).scaleb(-digits):.{digits}f} {code}"

    company, period = manifest["company"], manifest["period"]
    yield f"{company['name']} ({company['registry'] or 'no registry number'})"
    yield f"{period['kind']} from {period['first']} to {period['last']}"
    yield (
        f"{book.counts['orders']} orders, {book.counts[LINES]} lines, "
        f"{book.counts[PAYMENTS]} payments; {money(book.counts['total_minor'])} in all"
    )
    sums = collections.defaultdict(lambda: [0, 0])
    for (_day, booked, kind, rate), (base, vat) in book.sold.items():
        sums[kind, booked, decimal.Decimal(rate)][0] += base
        sums[kind, booked, decimal.Decimal(rate)][1] += vat
    for (kind, booked, rate), (base, vat) in sorted(sums.items()):
        if base or vat:
            yield f"{kind}, {rate} %, booked by {booked}: {money(base)} and VAT {money(vat)}"
    for (_kind, method), amount in sorted(book.methods.items()):
        yield f"paid by {method}: {money(amount)}"
    differences = [row["difference_minor"] for row in book.orders.values()]
    if any(differences):
        yield f"rounding of coins, over all orders: {money(sum(differences))}"
    if book.seals:
        first, last = min(book.seals), max(book.seals)
        yield f"{len(book.seals)} orders sealed, numbers {first} to {last}"
        if last - first + 1 > len(book.seals):
            yield (
                f"{last - first + 1 - len(book.seals)} numbers between them are of orders of "
                "another period, or missing: look in the neighbouring archives"
            )


def digest_of(path):
    """SHA-256 of a file: what is noted on paper beside it."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def main(arguments):
    """Check one archive and say what was found."""
    if len(arguments) != 1:
        print(__doc__)
        return UNREADABLE
    try:
        book = load(arguments[0])
    except Unreadable as error:
        print(f"{arguments[0]} cannot be used: {error}.", file=sys.stderr)
        return UNREADABLE
    for line in told(book):
        print(line)
    for rule, rows in book.faults.items():
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        print(f"BROKEN: {rule} {len(rows)} times: {'; '.join(rows[:SHOWN])}{more}")
    if book.faults:
        return BROKEN
    print(f"Every rule holds. SHA-256 of the archive: {digest_of(arguments[0])}")
    reasons = [
        INCOMPLETE_WORDS.get(reason["why"], "{}").format(reason["name"])
        for reason in book.manifest["incomplete"]
    ]
    if reasons:
        print(f"NOT COMPLETE when it was made: {'; '.join(reasons)}.")
        return INCOMPLETE
    return HOLDS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
