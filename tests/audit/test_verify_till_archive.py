"""The program that checks an archive of the tills alone: it takes a good one, and names each
fault planted in one. Archives of real orders are given to it by the till's own tests."""

import copy
import csv
import hashlib
import io
import json
import zipfile

import pytest

from tools import verify_till_archive as program

DAY = "2026-11-20"


def _order(number, total, lines, **values):
    return {
        "order": number,
        "name": f"Bar - {number:06d}",
        "day": DAY,
        "currency": "EUR",
        "booked": "closing",
        "seal": {"number": number, "hash": f"{number:064x}"},
        "lines": lines,
        "payments": 1,
        "total_minor": total,
        "paid_minor": total,
        "rounding_minor": 0,
        "difference_minor": 0,
        **values,
    }


def _line(number, order, gross, base, vat, rate="20", **values):
    return {
        "order": order,
        "day": DAY,
        "line": number,
        "kind": "sale",
        "rate": rate,
        "gross": gross,
        "gift": "0.00",
        "taxed_before": "0.00",
        "base": base,
        "vat": vat,
        "other_taxes": "0.00",
        "base_taxed_before": "0.00",
        **values,
    }


def _payment(number, order, amount, method="Cash"):
    return {
        "order": order,
        "day": DAY,
        "payment": number,
        "kind": "cash",
        "method": method,
        "amount": amount,
    }


def _sum(rate, base, vat, kind="sale"):
    return {
        "day": DAY,
        "booked": "closing",
        "kind": kind,
        "rate": rate,
        "base_minor": base,
        "vat_minor": vat,
    }


GOOD = {
    "orders": [_order(1, 1040, 2), _order(2, 600, 1)],
    "lines": [
        _line(1, 1, "6.00", "5.00", "1.00"),
        _line(2, 1, "4.40", "4.00", "0.40", rate="10"),
        # half of it a gift, and a part that was taxed when the card was loaded
        _line(3, 2, "6.00", "1.00", "0.20", gift="3.00", taxed_before="1.80"),
    ],
    "payments": [_payment(1, 1, "10.40"), _payment(2, 2, "6.00", "Card")],
    "manifest": {
        "format": "tibillet-till-archive",
        "version": 1,
        "company": {"name": "Le Bar", "registry": "85214796300018"},
        "currency": {"code": "EUR", "digits": 2},
        "period": {"kind": "month", "first": "2026-11-01", "last": "2026-11-30"},
        "incomplete": [],
        "counts": {"orders": 2, "lines": 3, "payments": 2},
        "sums": {
            "total_minor": 1640,
            "paid_minor": 1640,
            "lines": [_sum("10", 400, 40), _sum("20", 600, 120)],
            "payments": [
                {"kind": "cash", "method": "Card", "amount_minor": 600},
                {"kind": "cash", "method": "Cash", "amount_minor": 1040},
            ],
        },
    },
}


def _table(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _write(path, content, change=None):
    files = {
        "orders.jsonl": "".join(json.dumps(row) + "\n" for row in content["orders"]).encode(),
        "lines.csv": _table(content["lines"]),
        "payments.csv": _table(content["payments"]),
    }
    manifest = {
        **content["manifest"],
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in files.items()
        },
    }
    files["manifest.json"] = json.dumps(manifest).encode()
    if change:
        change(files)
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


@pytest.fixture
def content():
    return copy.deepcopy(GOOD)


@pytest.fixture
def check(tmp_path, capsys):
    """Exit code and words of the program for an archive."""

    def run(content, change=None):
        code = program.main([str(_write(tmp_path / "tills.zip", content, change))])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_a_good_one_is_taken(content, check):
    code, said = check(content)
    assert code == 0, said
    assert "Le Bar (85214796300018)" in said
    assert "2 orders, 3 lines, 2 payments; 16.40 EUR in all" in said
    assert "sale, 20 %, booked by closing: 6.00 EUR and VAT 1.20 EUR" in said
    assert "Every rule holds. SHA-256" in said


def test_one_made_too_early_says_so(content, check):
    content["manifest"]["incomplete"] = [
        {"why": "period_not_over", "name": "2026-11-30"},
        {"why": "session_open", "name": "Bar/00012"},
    ]
    code, said = check(content)
    assert code == 3
    assert "the period was not over (it ends on 2026-11-30); session Bar/00012 was open" in said


FAULTS = {
    "The lines of an order add up to its total.": lambda c: c["lines"][0].update(gross="5.00"),
    "The payments of an order are what was paid.": lambda c: c["payments"][0].update(amount="9.40"),
    "What was paid is the total, but for the rounding of coins.": lambda c: c["orders"][0].update(
        total_minor=940
    ),
    "Base and tax of an order are its total without gifts.": lambda c: c["lines"][2].update(
        gift="1.00"
    ),
    "Base and tax per day and rate are those of the lines.": lambda c: c["lines"][0].update(
        rate="10"
    ),
    "Sums per means are those of the payments.": lambda c: c["payments"][1].update(method="Cash"),
    "The manifest's sums are those of the rows.": lambda c: c["manifest"]["sums"].update(
        total_minor=1641
    ),
    "The manifest counts what is there.": lambda c: c["manifest"]["counts"].update(lines=4),
    "An order has all its lines and payments.": lambda c: c["lines"].pop(),
    "An order stands in the archive once.": lambda c: c["orders"].append(c["orders"][0]),
    "An order is of the period.": lambda c: c["orders"][0].update(day="2026-12-01"),
    "A line or a payment is of an order and of its day.": lambda c: c["orders"].pop(),
    "A seal has its own number.": lambda c: c["orders"][1].update(seal={"number": 1, "hash": "x"}),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_each_fault_is_named(content, check, rule):
    FAULTS[rule](content)
    code, said = check(content)
    assert code == 1, said
    assert f"BROKEN: {rule}" in said


def _cut(files):
    files["lines.csv"] = files["lines.csv"][:-20]


def _stranger(files):
    files["more.txt"] = b""


UNREADABLE = {
    "lines.csv was changed or cut": _cut,
    "and nothing else": _stranger,
    "payments.csv": lambda files: files.pop("payments.csv"),
    "this is no tibillet-till-archive of version 1": lambda files: files.update(
        {"manifest.json": b'{"format": "tibillet-till-archive", "version": 2}'}
    ),
    "not written as it should be": lambda files: files.update({"manifest.json": b"[]"}),
}


@pytest.mark.parametrize("words", UNREADABLE)
def test_what_is_not_whole_is_refused(content, check, words):
    code, said = check(content, UNREADABLE[words])
    assert code == 2, said
    assert words in said


@pytest.mark.parametrize("amount", ["6,00", "6.001", "NaN", ""])
def test_an_amount_is_one_of_the_currency(content, check, amount):
    content["lines"][0]["gross"] = amount
    assert check(content)[0] == 2


def test_what_is_no_archive_is_refused(tmp_path, capsys):
    path = tmp_path / "tills.zip"
    path.write_bytes(b"x" * 100)
    assert program.main([str(path)]) == 2
    assert program.main([str(tmp_path / "none.zip")]) == 2
    assert program.main([]) == 2
    assert "cannot be used" in capsys.readouterr().err
