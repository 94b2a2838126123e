"""What only a whole checkout can show of `make run`: its later starts, its neighbours, its end."""

import json
import os
import re
import subprocess

import pytest

from tests.setup.making import PYTHON, Checkout, copy_checkout
from tests.setup.running import PAGE, Running, crowd, fetch, left_running, read

pytestmark = pytest.mark.usefixtures("built")


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
    assert venue.make("clean", timeout=600).returncode == 0
    assert not (venue.root / ".data").exists()
    assert not (venue.root / ".venv").exists()
    assert not left_running(venue)
