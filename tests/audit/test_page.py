"""The sweep and the export on a running server: who may, in what memory, seen by whom."""

import gzip
import subprocess
import sys
import time

import pytest
import requests

from tools.testing.layout import ROOT

EXPORT = "/tibillet/ledger/export"


@pytest.fixture
def server(database, odoo_server):
    with database.env() as env:
        env["tibillet.asset"].create({"name": "Jeton", "code": "page"})
        # The one job that a test waits for: another could be at work when the server stops.
        crons = env["ir.cron"].search([])
        (crons - env.ref("tibillet_wallet.ir_cron_audit")).active = False
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Comptable",
                "login": "comptable",
                "password": "comptable",
                "group_ids": [
                    (6, 0, [env.ref("tibillet_wallet.tibillet_wallet_group_manager").id])
                ],
            }
        )
    return odoo_server(database, cron=True)


def test_the_administrator_downloads_what_the_verifier_takes(server, rpc, tmp_path):
    answer = rpc(server).get(EXPORT, stream=True)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    path = tmp_path / "ledger.jsonl.gz"
    path.write_bytes(answer.raw.read())
    assert gzip.decompress(path.read_bytes()).startswith(b'{"exported_at"')
    program = ROOT / "tools" / "verify_ledger.py"
    done = subprocess.run([sys.executable, "-I", str(program), str(path)], check=False)
    assert done.returncode == 0


@pytest.mark.expects_log(r"export holds the movements", reason="the refusal is the test")
def test_a_manager_does_not(server, rpc):
    answer = rpc(server, login="comptable", password="comptable").get(EXPORT)
    assert answer.status_code == 403
    assert "system administrator" in answer.text


def test_nobody_from_outside_does(server):
    answer = requests.get(server.url + EXPORT, timeout=60, allow_redirects=False)
    assert answer.status_code in (302, 303)
    assert "/web/login" in answer.headers["Location"]


def test_a_sweep_runs_behind_the_scenes(server, rpc):
    """Asked for by a manager; the cron of another thread does it; the row says so."""
    manager = rpc(server, login="comptable", password="comptable")
    action = manager.call("tibillet.audit", "action_run", [[]])
    for _second in range(60):
        [row] = manager.call(
            "tibillet.audit", "read", [[action["res_id"]], ["state", "steps_done"]]
        )
        if row["state"] not in ("asked", "running"):
            break
        time.sleep(1)
    assert row["state"] == "sound"
    assert row["steps_done"] > 5
