"""`make audit` says in sentences what is broken, and ends with 1."""

import os
import subprocess
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from tools import audit, paths
from tools.testing.template import odoo_command


@pytest.fixture
def run(database, monkeypatch, capsys):
    """The command on this database, in place of the instance that `make run` keeps."""
    command = odoo_command(str(database))
    command.insert(command.index("odoo") + 1, "shell")

    @contextmanager
    def ready():
        yield [*command, "--no-http", "--shell-interface", "python"], dict(os.environ)

    monkeypatch.setattr(audit, "EXPORTS", paths.ROOT / ".data" / "test" / "exports")

    def go():
        with patch.object(audit, "ready", ready):
            code = audit.audit([])
        return code, capsys.readouterr().out

    return go


def test_a_sound_ledger_and_a_broken_one(database, run):
    with database.env() as env:
        asset = env["tibillet.asset"].create({"name": "Jeton", "code": "audit"})
        card = env["tibillet.card"].create({"company_id": env.company.id})
        account = env["tibillet.account"]
        purse = account._get(card.wallet_id, asset).id
        issuer = account._get(asset.issuer_wallet_id, asset).id
        request = {"key": "one", "origin": "test", "code": "topup"}
        env["tibillet.ledger"]._post([{**request, "transfers": [(issuer, purse, 500)]}])
    code, said = run()
    assert code == 0, said
    assert "exported to" in said
    database.query(
        "UPDATE tibillet_account SET balance_minor = balance_minor + 1 WHERE id = %s", purse
    )
    code, said = run()
    assert code == 1
    assert "A balance is not the sum of what moved on the account." in said
    assert str(purse) in said


def test_a_database_that_does_not_answer_is_a_sentence(run):
    @contextmanager
    def broken():
        yield ["python3", "-c", "import sys; sys.exit('no such database')"], {}

    with patch.object(audit, "ready", broken), pytest.raises(audit.Refusal, match="could not"):
        audit.audit([])
    assert not list(audit.EXPORTS.glob("*.part"))


def test_the_program_is_there():
    done = subprocess.run(["make", "-n", "audit"], cwd=paths.ROOT, capture_output=True, check=False)
    assert done.returncode == 0
