"""A checker of the accounting entries file (FEC) that a French company hands to a tax inspector.

What it asks for stands in article A47 A-1 of the Livre des procédures fiscales: the fields, their
order and their form; entries in the order of their validation, numbered without gap, each balanced.
"""

import csv
import io
import re
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

FIELDS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
#: Empty where there is no auxiliary account, no matching, no foreign currency.
MAY_BE_EMPTY = {"CompAuxNum", "CompAuxLib", "EcritureLet", "DateLet", "Montantdevise", "Idevise"}
#: Filled together or not at all.
TOGETHER = (("CompAuxNum", "CompAuxLib"), ("EcritureLet", "DateLet"))
DATES = ("EcritureDate", "PieceDate", "ValidDate", "DateLet")
NAME = re.compile(r"(\d{9}|)FEC\d{8}\.txt")
AMOUNT = re.compile(r" *-?\d+,\d{2}")
NUMBER = re.compile(r"(.*?)(\d+)$")
OPENING = "OUV"


def amount(text):
    """An amount as the file writes it."""
    return Decimal(text.strip().replace(",", "."))


def rows(content):
    """The lines of a file as dictionaries, whatever is wrong with them."""
    text = content.decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="|"))


def faults(content, name=None, first=None, last=None):
    """What an inspector's program would refuse, each as a sentence; an empty list is right.

    :param bytes content: the file
    :param str name: its name, ``<SIREN>FEC<end of the year>.txt``
    :param first: no entry before this day
    :param last: no entry after this day
    """
    found = []
    if name is not None and not NAME.fullmatch(name):
        found.append(f"the file's name is {name}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return [*found, f"the file is no UTF-8: {error}"]
    lines = text.split("\r\n")
    if "\n" in text.replace("\r\n", ""):
        found.append("a line ends otherwise than the others")
    if tuple(lines[0].split("|")) != FIELDS:
        return [*found, f"the header is {lines[0]}"]
    for number, line in enumerate(rows(content), 2):
        found += [f"line {number}: {fault}" for fault in _line_faults(line, first, last)]
    if found:
        return found
    return [*_entry_faults(rows(content)), *_number_faults(rows(content))]


def _line_faults(line, first, last):
    if None in line or None in line.values():
        yield f"not {len(FIELDS)} fields"
        return
    for field in FIELDS:
        if field not in MAY_BE_EMPTY and not line[field].strip():
            yield f"{field} is empty"
        if re.search(r"[\t\r\n]", line[field]):
            yield f"{field} breaks the line"
    for one, other in TOGETHER:
        if bool(line[one]) != bool(line[other]):
            yield f"{one} without {other}, or the other way round"
    for field in DATES:
        if not line[field] and field in MAY_BE_EMPTY:
            continue
        try:
            day = datetime.strptime(line[field], "%Y%m%d").date()
        except ValueError:
            yield f"{field} is no date: {line[field]}"
            continue
        if field == "EcritureDate" and ((first and day < first) or (last and day > last)):
            yield f"{field} {day} lies outside"
    if not re.match(r"[1-9]\d{2}", line["CompteNum"]):
        yield f"CompteNum {line['CompteNum']} does not start with three figures of the chart"
    for field in ("Debit", "Credit", "Montantdevise"):
        if (line[field] or field != "Montantdevise") and not AMOUNT.fullmatch(line[field]):
            yield f"{field} is no amount: {line[field]}"
            return
    debit, credit = amount(line["Debit"]), amount(line["Credit"])
    # Odoo brings forward each account that moved before, those that are back at zero too.
    empty = not (debit or credit) and line["JournalCode"] != OPENING
    if (debit and credit) or empty:
        yield f"debit {debit} and credit {credit}"
    if debit < 0 or credit < 0:
        yield f"an amount below zero: {debit}, {credit}"


def _entry_faults(lines):
    """Each entry balanced, on one day, its lines one after the other; the file in order."""
    entries, order = defaultdict(list), []
    for line in lines:
        key = (line["JournalCode"], line["EcritureNum"])
        if key in entries and order[-1] != key:
            yield f"{key}: its lines do not follow each other"
        if key not in entries:
            order.append(key)
        entries[key].append(line)
    for key, some in entries.items():
        left = sum(amount(line["Debit"]) - amount(line["Credit"]) for line in some)
        # What was brought forward is balanced as a whole, however it is numbered.
        if left and key[0] != OPENING:
            yield f"{key}: debit and credit differ by {left}"
        if len({line["EcritureDate"] for line in some}) > 1:
            yield f"{key}: several days"
    left = sum(amount(line["Debit"]) - amount(line["Credit"]) for line in lines)
    if left:
        yield f"the file: debit and credit differ by {left}"
    days = [line["EcritureDate"] for line in lines]
    if days != sorted(days):
        yield "the entries are not in the order of their days"


def _number_faults(lines):
    """No gap within a journal's numbers of one period (what stands before the last figures)."""
    series = defaultdict(set)
    for line in lines:
        prefix, figures = NUMBER.match(line["EcritureNum"]).groups()
        if line["JournalCode"] != OPENING:
            series[line["JournalCode"], prefix].add(int(figures))
    for (journal, prefix), numbers in series.items():
        lacking = set(range(min(numbers), max(numbers) + 1)) - numbers
        if lacking:
            yield f"{journal} {prefix}: {sorted(lacking)} lacks"
