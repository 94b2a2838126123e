"""What the database exports is what the verifier takes, and what is wrong there is seen."""

import json
import secrets
import subprocess
import sys

import pytest

from tests.support.database import copy_of
from tests.upgrade import history
from tools import verify_ledger
from tools.testing import databases, template
from tools.testing.layout import ROOT


@pytest.fixture(scope="module")
def lived(template_database):
    """A database with a small history, made once."""
    database = copy_of(template_database, f"{template.PREFIX}_audit")
    try:
        with database.env() as env:
            history.fill(env)
        yield database
    finally:
        database.close()
        databases.drop(database.name)


@pytest.fixture
def book(lived, tmp_path):
    """Export, check with the program, and give back what it read."""

    def export():
        path = tmp_path / "ledger.jsonl"
        with lived.env() as env, path.open("wb") as file:
            rows = env["tibillet.ledger"]._export(file.write)
        assert rows == len(path.read_text().splitlines()) - 2
        done = subprocess.run(
            [sys.executable, "-I", str(ROOT / "tools" / "verify_ledger.py"), str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        return done, path

    return export


def test_an_export_is_whole_and_names_nobody(lived, book):
    done, path = book()
    assert done.returncode == 0, done.stdout + done.stderr
    read = verify_ledger.load(path)
    in_database = lived.query("SELECT id, state FROM tibillet_operation ORDER BY id")
    assert [(row["id"], row["state"]) for row in read.operations.values()] == in_database
    states = {row["state"] for row in read.operations.values()}
    assert states == {"posted", "pending", "voided"}
    text = path.read_text()
    for (secret,) in lived.query(
        "SELECT uid FROM tibillet_card UNION SELECT number FROM tibillet_card"
        " UNION SELECT token FROM tibillet_card"
        " UNION SELECT name FROM res_partner WHERE length(name) > 4"
    ):
        assert json.dumps(secret) not in text


def test_a_balance_changed_behind_the_ledger_is_seen(lived, book):
    [(account, asset)] = lived.query(
        "UPDATE tibillet_account SET balance_minor = balance_minor + 1"
        " WHERE id = (SELECT min(id) FROM tibillet_account WHERE balance_minor > 0)"
        " RETURNING id, asset_id"
    )
    try:
        done, _path = book()
        assert done.returncode == 1
        assert f"BROKEN: a balance is the sum of its transfers: {account}" in done.stdout
        with lived.env() as env:
            assert env["tibillet.ledger"]._audit() == {
                "balance": [account],
                "sum": [asset],
            }
    finally:
        lived.query(
            "UPDATE tibillet_account SET balance_minor = balance_minor - 1 WHERE id = %s", account
        )


def test_a_transfer_taken_away_behind_the_ledger_is_seen(lived, book):
    """Whoever may open the guards leaves a trace all the same: the sums no longer meet."""
    [(operation, account)] = lived.query(
        "SELECT t.operation_id, t.debit_account_id FROM tibillet_transfer t"
        " JOIN tibillet_operation o ON o.id = t.operation_id WHERE o.code = 'sale'"
    )
    lived.query("ALTER TABLE tibillet_transfer DISABLE TRIGGER USER")
    lived.query(
        "CREATE TABLE kept AS SELECT * FROM tibillet_transfer WHERE operation_id = %s", operation
    )
    lived.query("DELETE FROM tibillet_transfer WHERE operation_id = %s", operation)
    try:
        done, _path = book()
        assert done.returncode == 1
        assert f"what is posted moves something, nothing else does: {operation}" in done.stdout
        assert f"a balance is the sum of its transfers: {account}" in done.stdout
    finally:
        lived.query("INSERT INTO tibillet_transfer SELECT * FROM kept")
        lived.query("DROP TABLE kept")
        lived.query("ALTER TABLE tibillet_transfer ENABLE TRIGGER USER")
    assert book()[0].returncode == 0


def test_an_overdraft_and_what_was_captured_are_told(lived, book):
    """Granted, used, filled up, taken away: the file tells when, and the verifier follows."""
    with lived.env() as env:
        asset = env["tibillet.asset"].search([("kind", "=", "local")], limit=1)
        wallet = env["tibillet.wallet"].sudo().create({"kind": "person"}).with_env(env)
        account = env["tibillet.account"]
        purse, issuer = account._get(wallet, asset), account._get(asset.issuer_wallet_id, asset)
        place = account._get(env["tibillet.wallet"]._of_place(asset.company_id), asset)

        def post(code, debit, credit, amount):
            request = {"key": secrets.token_hex(8), "origin": "history", "code": code}
            env["tibillet.ledger"]._post(
                [{**request, "transfers": [(debit.id, credit.id, amount)]}]
            )

        purse._set_floor(-500)
        post("sale", purse, place, 400)
        post("topup", issuer, purse, 900)
        purse._set_floor(0)
    done, path = book()
    assert done.returncode == 0, done.stdout + done.stderr
    read = verify_ledger.load(path)
    assert [floor for _since, floor in read.accounts[purse.id]["floors"]] == [-500, 0]
    captured = [row for row in read.operations.values() if row["held"] and row["transfers"]]
    assert captured, "a captured sale tells what had been held"
    lived.query("UPDATE tibillet_floor_change SET floor_minor = -399 WHERE floor_minor = -500")
    done, _path = book()
    assert "no holder's account goes below its floor" in done.stdout
    lived.query("UPDATE tibillet_floor_change SET floor_minor = -500 WHERE floor_minor = -399")
    assert book()[0].returncode == 0
