"""The verifier that needs no Odoo: it takes a good file, and names each fault planted in one."""

import copy
import gzip
import hashlib
import importlib.util
import json
import subprocess
import sys

import pytest

from tools import verify_ledger
from tools.testing.layout import ROOT

PROGRAM = ROOT / "tools" / "verify_ledger.py"
ISSUER, CARD, PLACE, GIFT_CARD, GIFT_ISSUER, PERSON, OTHER, OLD_CARD, OTHER_PLACE = range(1, 10)
POINTS_CARD, POINTS_ISSUER, POINTS_OTHER, POINTS_PLACE = range(10, 14)
AT = "2026-11-20T20:00:{:02}"


def _asset(number, code, issuer_account):
    return {
        "id": number,
        "code": code,
        "kind": "local",
        "scale": 2,
        "backed": True,
        "active": True,
        "issuer_account": issuer_account,
    }


def _account(number, kind, asset=1, balance=None, held=None, floor=None, floors=(), wallet=None):
    return {
        "id": number,
        "wallet": wallet or number,
        "asset": asset,
        "kind": kind,
        "balance": balance,
        "held": held,
        "floor": floor,
        "floors": [list(change) for change in floors],
        "merged_into": None,
    }


def _operation(number, code, transfers=(), held=(), state="posted", names=None):
    return {
        "id": number,
        "origin": "device:1",
        "key": f"key-{number}",
        "code": code,
        "state": state,
        "occurred_at": AT.format(number),
        "posted_at": AT.format(number) if state == "posted" else None,
        "company": 1,
        "names": names,
        "transfers": [list(line) for line in transfers],
        "held": [list(line) for line in held],
    }


GOOD = {
    "assets": [
        _asset(1, "jeton", ISSUER),
        _asset(2, "cadeau", GIFT_ISSUER),
        {
            **_asset(3, "fidele", POINTS_ISSUER),
            "kind": "points",
            "scale": 0,
            "backed": False,
        },
    ],
    "accounts": [
        _account(ISSUER, "issuer"),
        _account(CARD, "card", balance=1310, held=500, floor=0),
        _account(PLACE, "place"),
        _account(GIFT_CARD, "card", asset=2, balance=0, held=0, floor=0),
        _account(GIFT_ISSUER, "issuer", asset=2),
        # An overdraft of three minutes: it was used, filled up and taken away again.
        _account(
            PERSON,
            "person",
            balance=100,
            held=0,
            floor=0,
            floors=[(AT.format(4), -500), (AT.format(7), 0)],
        ),
        _account(OTHER_PLACE, "place"),
        _account(OTHER, "person", balance=0, held=0, floor=0),
        _account(OLD_CARD, "card", balance=0, held=0, floor=0),
        # Points that sales gave: held by the card that paid.
        _account(POINTS_CARD, "card", asset=3, balance=7, held=0, floor=0, wallet=CARD),
        _account(POINTS_ISSUER, "issuer", asset=3),
        _account(POINTS_OTHER, "person", asset=3, balance=0, held=0, floor=0, wallet=OTHER),
        _account(POINTS_PLACE, "place", asset=3, wallet=PLACE),
    ],
    "operations": [
        _operation(1, "topup", [(ISSUER, CARD, 2000)]),
        _operation(2, "sale", [(CARD, PLACE, 600), (POINTS_ISSUER, POINTS_CARD, 6)]),
        _operation(3, "sale", held=[(CARD, PLACE, 500)], state="pending"),
        _operation(4, "sale", held=[(CARD, PLACE, 90)], state="voided"),
        _operation(5, "sale", [(PERSON, PLACE, 400)]),
        _operation(6, "topup", [(ISSUER, PERSON, 500)]),
        # 300 of the 350 that were held: 2 of its 3 points.
        _operation(
            7,
            "sale",
            [(CARD, PLACE, 300), (POINTS_ISSUER, POINTS_CARD, 2)],
            [(CARD, PLACE, 300), (CARD, OTHER_PLACE, 50), (POINTS_ISSUER, POINTS_CARD, 3)],
        ),
        _operation(8, "correct", [(PLACE, CARD, 300)], names=7),
        _operation(9, "sale", [(CARD, PLACE, 90)], names=4),
        _operation(10, "sale", [(CARD, PLACE, 60)]),
        _operation(11, "undo", [(PLACE, CARD, 60), (POINTS_CARD, POINTS_ISSUER, 1)], names=10),
    ],
}


def _write(path, content, version=3, **end):
    rows = [
        *({"asset": row} for row in content["assets"]),
        *({"account": row} for row in content["accounts"]),
        *({"operation": row} for row in content["operations"]),
    ]
    lines = [
        json.dumps(row) + "\n" for row in [{"format": "tibillet-ledger", "version": version}, *rows]
    ]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    last = json.dumps({"end": {"rows": len(rows), "sha256": digest, **end}}) + "\n"
    path.write_text("".join([*lines, last]))
    return path


def _run(path):
    done = subprocess.run(
        [sys.executable, "-I", str(PROGRAM), str(path)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_good_file(tmp_path):
    code, said, _errors = _run(_write(tmp_path / "ledger.jsonl", GOOD))
    assert (code, said.splitlines()) == (
        0,
        [
            "jeton: card 1310, issuer -2500, person 100, place 1090 (10^-2)",
            "cadeau: nothing (10^-2)",
            "fidele: card 7, issuer -7 (10^-0)",
            "11 operations, 13 accounts: whole",
        ],
    )


def test_a_packed_file(tmp_path):
    path = tmp_path / "ledger.jsonl.gz"
    path.write_bytes(gzip.compress(_write(tmp_path / "plain", GOOD).read_bytes()))
    assert _run(path)[0] == 0


def _operation_of(content, number):
    return next(row for row in content["operations"] if row["id"] == number)


def _account_of(content, number):
    return next(row for row in content["accounts"] if row["id"] == number)


PLANTED = {
    "a balance is the sum of its transfers": lambda c: _account_of(c, CARD).update(balance=1401),
    "what is held is what is pending": lambda c: _account_of(c, CARD).update(held=0),
    "what is held is there": lambda c: _account_of(c, CARD).update(floor=1000),
    "a key has one effect": lambda c: _operation_of(c, 2).update(key="key-1"),
    "an operation stands once": lambda c: c["operations"].append(
        {**copy.deepcopy(c["operations"][3]), "key": "other"}
    ),
    "a state is one of four": lambda c: _operation_of(c, 4).update(state="lost"),
    "what is posted has a date, nothing else has": lambda c: _operation_of(c, 4).update(
        posted_at=AT.format(9)
    ),
    "what is posted moves something, nothing else does": lambda c: _operation_of(c, 4).update(
        transfers=[[CARD, PLACE, 1], [PLACE, CARD, 1]]
    ),
    "what is not posted has held something": lambda c: _operation_of(c, 4).update(held=[]),
    "what is captured is what was held, or less": lambda c: _operation_of(c, 7).update(
        transfers=[[CARD, PLACE, 250], [CARD, OTHER_PLACE, 50]]
    ),
    "what is corrected moved something, and is no correction": lambda c: _operation_of(c, 8).update(
        names=4
    ),
    "what is taken late was held, and by the same": lambda c: _operation_of(c, 9).update(
        origin="device:2"
    ),
    "no more is taken late than was held": lambda c: _operation_of(c, 4).update(
        held=[[CARD, PLACE, 89]]
    ),
    "a code moves the assets it is for": lambda c: c["assets"][0].update(kind="claim"),
    "money does not pass from person to person": lambda c: c["operations"].append(
        _operation(12, "transfer", [(PERSON, OTHER, 10)])
    ),
    "only people and cards keep a balance": lambda c: _account_of(c, PLACE).update(balance=1090),
    "a wallet that was merged holds nothing": lambda c: _account_of(c, CARD).update(
        merged_into=PERSON
    ),
    "an archived asset is held by nobody": lambda c: c["assets"][0].update(active=False),
    "a code is one of the contract": lambda c: _operation_of(c, 2).update(code="present"),
    "what is corrected or completed exists": lambda c: _operation_of(c, 2).update(names=99),
    "a correction names what it corrects": lambda c: _operation_of(c, 2).update(code="correct"),
    "a transfer is between accounts that exist": lambda c: _operation_of(c, 2).update(
        transfers=[[CARD, 99, 600]]
    ),
    "a transfer links two accounts of one asset": lambda c: _operation_of(c, 2).update(
        transfers=[[CARD, GIFT_CARD, 600]]
    ),
    "an amount is a whole number above nothing": lambda c: _operation_of(c, 2).update(
        transfers=[[CARD, PLACE, 600.5]]
    ),
    "a code links the accounts it is for": lambda c: _operation_of(c, 2).update(
        transfers=[[PLACE, CARD, 600]]
    ),
    "only its issuer issues and takes back an asset": lambda c: c["assets"][0].update(
        issuer_account=GIFT_ISSUER
    ),
    "points of a sale are its payer's": lambda c: _operation_of(c, 2).update(
        transfers=[[CARD, PLACE, 600], [POINTS_ISSUER, POINTS_OTHER, 6]]
    ),
    "no holder's account goes below its floor": lambda c: _operation_of(c, 1).update(
        posted_at=AT.format(8)
    ),
}


@pytest.mark.parametrize(
    "transfers",
    [
        [(CARD, PLACE, 300), (POINTS_ISSUER, POINTS_CARD, 3)],  # the points of the whole
        [(CARD, PLACE, 300)],  # none
    ],
)
def test_points_are_captured_in_proportion(tmp_path, transfers):
    content = copy.deepcopy(GOOD)
    _operation_of(content, 7).update(transfers=[list(line) for line in transfers])
    _account_of(content, POINTS_CARD).update(balance=5 + sum(line[2] for line in transfers[1:]))
    code, said, _errors = _run(_write(tmp_path / "ledger.jsonl", content))
    assert (code, said.splitlines()[-2]) == (
        1,
        "BROKEN: what is captured is what was held, or less: 7",
    )


@pytest.mark.parametrize("code", ["topup", "sale", "refund"])
def test_other_lines_of_points_are_judged_by_their_code(tmp_path, code):
    """Points from a card to its issuer come back by an undo alone, never by a sale."""
    content = copy.deepcopy(GOOD)
    lines = {
        "topup": [(ISSUER, CARD, 1), (POINTS_ISSUER, POINTS_CARD, 1)],
        "sale": [(CARD, PLACE, 1), (POINTS_CARD, POINTS_ISSUER, 1)],
        "refund": [(CARD, ISSUER, 1), (POINTS_ISSUER, POINTS_CARD, 1)],
    }[code]
    content["operations"].append(_operation(12, code, lines))
    assert "BROKEN: a code " in _run(_write(tmp_path / "ledger.jsonl", content))[1]


@pytest.mark.parametrize(
    "floors",
    [
        [],  # never granted
        [(AT.format(6), -500)],  # granted too late
        [(AT.format(4), -399)],  # not as far
        [(AT.format(3), -500), (AT.format(4), 0)],  # taken away before
    ],
)
def test_an_overdraft_counts_from_when_it_was_granted(tmp_path, floors):
    content = copy.deepcopy(GOOD)
    _account_of(content, PERSON).update(floors=[list(change) for change in floors])
    code, said, _errors = _run(_write(tmp_path / "ledger.jsonl", content))
    assert code == 1
    assert f"BROKEN: no holder's account goes below its floor: (5, {PERSON})" in said


def test_a_batch_is_judged_as_a_whole(tmp_path):
    """Spent and loaded in one statement: at no instant was the account below zero."""
    content = copy.deepcopy(GOOD)
    _account_of(content, PERSON).update(floors=[])
    for number in (5, 6):
        _operation_of(content, number).update(posted_at=AT.format(5))
    assert _run(_write(tmp_path / "ledger.jsonl", content))[0] == 0


def test_a_file_of_version_1(tmp_path):
    """It told what was held while it was pending, and no floor but the last."""
    content = copy.deepcopy(GOOD)
    for number in (4, 7):
        _operation_of(content, number).update(held=[])
    # No sale gave points then.
    content["operations"] = [
        row for row in content["operations"] if row["id"] not in (2, 5, 6, 7, 8, 10, 11)
    ]
    for number, balance in ((CARD, 1910), (POINTS_CARD, 0)):
        _account_of(content, number).update(balance=balance)
    _account_of(content, PERSON).update(balance=0)
    for account in content["accounts"]:
        del account["floors"], account["merged_into"]
    for asset in content["assets"]:
        del asset["active"]
    path = _write(tmp_path / "ledger.jsonl", content, version=1)
    assert _run(path)[0] == 0, _run(path)[1]
    _operation_of(content, 3).update(held=[])
    assert "what is not posted has held" in _run(_write(path, content, version=1))[1]


def test_the_codes_are_those_of_the_ledger():
    """The verifier believes nothing of the addon, and says the same of every code."""
    path = ROOT / "addons" / "tibillet_wallet" / "ledger_rules.py"
    spec = importlib.util.spec_from_file_location("ledger_rules", path)
    rules = importlib.util.module_from_spec(spec)
    sys.modules["ledger_rules"] = rules
    spec.loader.exec_module(rules)
    assert set(verify_ledger.CODES) == set(rules.RULES)
    for code, (debited, credited, supply, kinds) in verify_ledger.CODES.items():
        rule = rules.RULES[code]
        assert verify_ledger.EARNS.get(code, 0) == rule.earns, code
        assert kinds == rule.assets, code
        if debited:
            assert (debited, credited, supply) == (rule.debit, rule.credit, rule.supply), code


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_fault_is_named(tmp_path, rule):
    content = copy.deepcopy(GOOD)
    PLANTED[rule](content)
    code, said, _errors = _run(_write(tmp_path / "ledger.jsonl", content))
    assert code == 1
    assert f"BROKEN: {rule}: " in said
    assert said.splitlines()[-1].endswith(": broken")


def test_every_rule_has_its_planted_fault(tmp_path):
    source = PROGRAM.read_text()
    assert {rule for rule in PLANTED if f'"{rule}"' in source} == set(PLANTED)
    assert source.count("book.fault(") == len(PLANTED)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text.replace("600", "601"), "changed or cut"),
        (lambda text: "".join(text.splitlines(keepends=True)[:-1]), "cut short"),
        (lambda text: text + "{}\n", "after the last"),
        (lambda text: text.replace('"version": 3', '"version": 4'), "version 1, 2 or 3"),
        (lambda text: "no ledger", "Expecting value"),
    ],
)
def test_a_file_that_is_not_whole_is_not_judged(tmp_path, spoil, words):
    path = _write(tmp_path / "ledger.jsonl", GOOD)
    path.write_text(spoil(path.read_text()))
    code, said, errors = _run(path)
    assert (code, said) == (2, "")
    assert words in errors


def test_no_file(tmp_path):
    assert _run(tmp_path / "none.jsonl")[0] == 2


def test_the_verifier_needs_nothing_but_python():
    imported = {
        line.split()[1] for line in PROGRAM.read_text().splitlines() if line.startswith("import ")
    }
    assert imported <= set(sys.stdlib_module_names)
    assert verify_ledger.MAX_AMOUNT == 2**31 - 1
