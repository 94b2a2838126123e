"""The outbox on real processes: commits, kills, two workers at once, an outside that answers."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.database import copy_of
from tools.testing import databases, template
from tools.testing.layout import ROOT


class Outside:
    """An address outside, which notes the keys that it was sent."""

    def __init__(self):
        seen = self.seen = []
        outside = self
        self.status = 200
        self.silent_s = 0

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                seen.append(json.loads(body)["key"])
                time.sleep(outside.silent_s)
                with contextlib.suppress(BrokenPipeError):
                    self.send_response(outside.status)
                    self.end_headers()

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def outside():
    server = Outside()
    yield server
    server.close()


class Workers:
    """Starts workers on one database and looks how they end (`worker.py`)."""

    def __init__(self, database):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.outbox.worker", str(database)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def _ask(self, command):
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, **options):
        """Start a worker; returns its process id."""
        return self._ask({"start": options})

    def finish(self, pid, killed=False):
        """Wait for its end, which must be the expected one."""
        assert self._ask({"wait": pid}) == (-9 if killed else 0)

    def run(self, killed=False, **options):
        """Start a worker and wait for its end."""
        self.finish(self.start(**options), killed=killed)

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=20)


@pytest.fixture(scope="module")
def shared(template_database):
    """One database and one loaded Odoo for all tests of this file."""
    name = f"{template.PREFIX}_run_{os.getpid()}_outbox"
    databases.drop(name)
    database = copy_of(template_database, name)
    workers = Workers(database)
    yield database, workers
    workers.close()
    databases.drop(name)


@pytest.fixture
def database(shared):
    shared[0].query("DELETE FROM tibillet_outbox")
    shared[0].query("DELETE FROM res_partner WHERE name LIKE 'sent %'")
    return shared[0]


@pytest.fixture
def workers(shared, database):
    return shared[1]


def enqueue(database, keys, url):
    """Rows as `_enqueue` writes them, committed."""
    for key in keys:
        database.query(
            "INSERT INTO tibillet_outbox (key, kind, payload, state, attempts, attempts_forgiven,"
            " next_try_at, create_date) VALUES (%s, 'send', %s, 'pending', 0, 0,"
            " now() AT TIME ZONE 'UTC' - interval '1 s', now() AT TIME ZONE 'UTC')",
            key,
            json.dumps({"url": url}),
        )


def row(database, key):
    [found] = database.query(
        "SELECT state, attempts, next_try_at > now() AT TIME ZONE 'UTC', last_error"
        " FROM tibillet_outbox WHERE key = %s",
        key,
    )
    return found


def make_due(database):
    """As if the time of the next try had come."""
    database.query(
        "UPDATE tibillet_outbox SET next_try_at = now() AT TIME ZONE 'UTC' - interval '1 s'"
    )


def effects(database):
    """How often each key's handler has written its result."""
    names = database.query("SELECT name FROM res_partner WHERE name LIKE 'sent %'")
    return Counter(name.removeprefix("sent ") for (name,) in names)


def test_nothing_leaves_before_the_commit(database, workers, outside):
    with contextlib.closing(database.connect()) as writer, writer.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tibillet_outbox (key, kind, payload, state, attempts, attempts_forgiven,"
            " next_try_at) VALUES ('k', 'send', %s, 'pending', 0, 0, now() - interval '1 day')",
            [json.dumps({"url": outside.url})],
        )
        workers.run()
        assert outside.seen == []
        writer.commit()
    workers.run()
    assert outside.seen == ["k"]
    assert row(database, "k")[:2] == ("done", 1)


@pytest.mark.parametrize("moment", ["claimed", "called", "written"])
def test_a_killed_worker_loses_and_doubles_nothing(database, workers, outside, moment):
    enqueue(database, ["k"], outside.url)
    workers.run(killed=True, die_at=moment)
    state, attempts, later, __ = row(database, "k")
    assert (state, attempts, later) == ("pending", 1, True), "the row must come back by itself"
    assert effects(database) == {}
    workers.run()
    assert len(outside.seen) == (0 if moment == "claimed" else 1), "tried again before its time"
    make_due(database)
    workers.run()
    assert row(database, "k")[:2] == ("done", 2)
    assert effects(database) == {"k": 1}
    # At least once: who receives recognises the key.
    assert set(outside.seen) == {"k"}


def test_two_workers_share_the_rows(database, workers, outside):
    keys = [f"k{number}" for number in range(40)]
    enqueue(database, keys, outside.url)
    for pid in [workers.start() for __ in range(3)]:
        workers.finish(pid)
    assert Counter(outside.seen) == Counter(keys)
    assert effects(database) == Counter(keys)
    assert {row(database, key)[:2] for key in keys} == {("done", 1)}


def test_without_the_claim_two_workers_send_twice(database, workers, outside):
    """The control: the race of the test above is real when the guard is off."""
    keys = [f"k{number}" for number in range(40)]
    enqueue(database, keys, outside.url)
    for pid in [workers.start(claim=False) for __ in range(3)]:
        workers.finish(pid)
    assert len(outside.seen) > len(keys), "the race did not happen: this control proves nothing"


def test_who_takes_longer_than_its_time_has_no_effect(database, workers, outside, tmp_path):
    hold = tmp_path / "go"
    enqueue(database, ["k"], outside.url)
    slow = workers.start(hold_file=str(hold))
    deadline = time.monotonic() + 30
    while not (tmp_path / "go.in").exists():
        assert time.monotonic() < deadline, "the handler did not start"
        time.sleep(0.05)
    make_due(database)  # its lease is over
    workers.run()
    assert row(database, "k")[:2] == ("done", 2)
    hold.touch()
    workers.finish(slow)
    assert row(database, "k")[:2] == ("done", 2)
    assert effects(database) == {"k": 1}


def test_a_silent_outside_is_given_up_in_time(database, workers, outside):
    outside.silent_s = 8
    enqueue(database, ["k"], outside.url)
    begun = time.monotonic()
    workers.run()
    assert time.monotonic() - begun < 30
    state, attempts, later, error = row(database, "k")
    assert (state, attempts, later) == ("pending", 1, True)
    assert "ReadTimeout" in error
    outside.silent_s = 0
    make_due(database)
    workers.run()
    assert row(database, "k")[:2] == ("done", 2)


def test_an_outside_that_fails_is_asked_again(database, workers, outside):
    outside.status = 503
    enqueue(database, ["k"], outside.url)
    workers.run()
    state, attempts, later, error = row(database, "k")
    assert (state, attempts, later) == ("pending", 1, True)
    assert error.startswith("HTTPError")
    assert effects(database) == {}
