"""`odoo.conf`: Odoo starts with it, knows every option, and is closed where it has to be."""

import configparser
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.odoo_process import free_port

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "odoo.conf"


def options():
    """Return the options of the file."""
    parser = configparser.RawConfigParser()
    parser.read(CONFIGURATION)
    return dict(parser["options"])


def test_closed_where_it_has_to_be():
    """No database list, behind a proxy, workers, a filter, no password in the file."""
    found = options()
    assert found["list_db"] == "False"
    assert found["proxy_mode"] == "True"
    assert int(found["workers"]) >= 2
    assert re.fullmatch(found["dbfilter"], "tibillet")
    assert not re.fullmatch(found["dbfilter"], "postgres")
    assert found["gevent_port"] == "8072"
    assert not {"db_password", "admin_passwd", "smtp_password"} & set(found)


@pytest.fixture
def production(database, tmp_path):
    """A server started with the file; only folders, ports and the database are this machine's."""
    ports = {"8069": str(free_port()), "8072": str(free_port())}
    text = CONFIGURATION.read_text().replace("/mnt/extra-addons", str(ROOT / "addons"))
    text = text.replace("/var/lib/odoo", str(tmp_path / "data"))
    text = text.replace("0.0.0.0", "127.0.0.1").replace("^tibillet.*$", f"^{database}$")
    for given, ours in ports.items():
        text = text.replace(given, ours)
    path = tmp_path / "odoo.conf"
    path.write_text(text)
    # With workers, Odoo starts its websocket process by the file it was started by.
    command = tmp_path / "odoo"
    command.write_text("from odoo.cli.command import main\n\nmain()\n")
    log = tmp_path / "log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, str(command), "-c", str(path), "-d", str(database)],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=tmp_path,
            start_new_session=True,
        )
    try:
        yield f"http://127.0.0.1:{ports['8069']}", f"http://127.0.0.1:{ports['8072']}", log
    finally:
        server.terminate()
        try:
            server.wait(30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


def status(url, **headers):
    """Return the status of a page, or 0 when nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_odoo_starts_with_it(production):
    """Workers and the websocket process answer; Odoo complains of no option."""
    web, websocket, log = production
    limit = time.monotonic() + 90
    while status(f"{web}/web/login") != 200 and time.monotonic() < limit:
        time.sleep(0.3)
    assert status(f"{web}/web/login") == 200, log.read_text()[-3000:]
    while status(f"{websocket}/web/health") != 200 and time.monotonic() < limit:
        time.sleep(0.3)
    assert status(f"{websocket}/web/health") == 200
    assert status(f"{web}/web/database/list", **{"Content-Type": "application/json"}) != 200
    said = log.read_text()
    assert "unknown option" not in said.lower()
    assert not re.search(r" (WARNING|ERROR) \S+ odoo\.tools\.config", said), said
    assert not re.search(r"option \S+.*(unknown|invalid|deprecated)", said), said
