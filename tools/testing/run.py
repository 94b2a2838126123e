"""Running one shard: a database, a pytest process, its output and its counts."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from . import databases, readers, template
from .layout import DATA, ROOT

JUNIT = DATA / "junit"
COUNTS = DATA / "counts"
# pytest's own last line: the suite has one last line of its own, over all shards.
PYTEST_SUMMARY = re.compile(r"^=* ?\d+ \w+.* in [\d.]+s\b.*$")
_running = set()
_printing = threading.Lock()


@dataclass
class Outcome:
    """What came of a shard."""

    name: str
    counts: dict
    seconds: float
    returncode: int

    @property
    def tests(self):
        """How many tests ran to an end, good or bad."""
        return sum(self.counts.get(kind, 0) for kind in ("passed", "failed", "error"))

    @property
    def passed(self):
        """Whether everything of the shard ran and passed, and there was something."""
        bad = [
            kind for kind in ("failed", "error", "skipped", "deselected") if self.counts.get(kind)
        ]
        return self.returncode == 0 and not bad and self.counts.get("passed", 0) > 0


def shard(shard, environment, full):
    """Run a shard to its end; returns its `Outcome`."""
    started = time.monotonic()
    missing = [path for path in shard.paths if not _file(path).exists()]
    if missing:
        return Outcome(shard.name, {"error": 1}, 0.0, returncode=5)
    name = f"{template.PREFIX}_run_{os.getpid()}_{re.sub(r'[^a-z0-9]+', '_', shard.slug)}"
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-rfE", "--color=no"]
    command += [f"--junit-xml={JUNIT / shard.slug}.xml", f"-ojunit_suite_name={shard.name}"]
    command += [f"--counts={COUNTS / shard.slug}.json"]
    try:
        if shard.kind == "addon":
            databases.copy(full, name)
            command += _odoo_options(name)
        elif shard.name.startswith("tests/"):
            command += ["-c", str(ROOT / "tests" / "pytest.ini"), f"--rootdir={ROOT}"]
        else:
            command += ["-c", str(ROOT / "tests" / "pytest.ini"), "--rootdir", str(shard.paths[0])]
        command = readers.apart(shard.name, [*command, *map(str, shard.paths)])
        returncode = _stream(shard, command, environment)
    finally:
        if shard.kind == "addon":
            databases.drop(name)
    counts = _read_counts(shard)
    return Outcome(shard.name, counts, time.monotonic() - started, returncode)


def _file(path):
    text = str(path).partition("::")[0]
    return ROOT / text


def _odoo_options(name):
    """Options of pytest-odoo for a database of the tests' server."""
    command = template.odoo_command(name)
    options = command[command.index("odoo") + 1 :]
    given = dict(itertools.pairwise(options))
    extra = [
        f"--odoo-extra={option[2:]}={given[option]}"
        for option in (
            "--data-dir",
            "--http-interface",
            "--db-filter",
            "--db_host",
            "--db_port",
            "--db_user",
        )
        if option in given
    ]
    if "--db_password" in given:
        os.environ.setdefault("PGPASSWORD", given["--db_password"])
    return [
        f"--odoo-database={name}",
        f"--odoo-config={os.devnull}",
        f"--odoo-addons-path={given['--addons-path']}",
        f"--odoo-extra=screenshots={DATA / 'screenshots'}",
        *extra,
    ]


def _stream(shard, command, environment):
    """Run pytest, its lines on our output behind the shard's name, without its last line."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    _running.add(process)
    log = DATA / "log" / f"{shard.slug}.txt"
    try:
        with log.open("w") as file:
            for line in process.stdout:
                file.write(line)
                if line.strip() and not PYTEST_SUMMARY.match(line.strip()):
                    with _printing:
                        print(f"[{shard.name}] {line}", end="", flush=True)
        return process.wait()
    finally:
        _stop(process)
        _running.discard(process)


def _read_counts(shard):
    path = COUNTS / f"{shard.slug}.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {"error": 1}  # pytest died before it could count


def _stop(process):
    """End a pytest process and everything that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop_all():
    """End every shard that is running (called when the run is interrupted)."""
    for process in list(_running):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
    deadline = time.monotonic() + 20
    for process in list(_running):
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        _stop(process)
