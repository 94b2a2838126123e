"""Processes that empty the outbox of a database, and may die where they are told to.

    python -m tests.outbox.worker DATABASE

loads Odoo once and then forks a worker for each line `{"start": options}` on standard input
(answer: its pid), and tells the exit code of one for `{"wait": pid}` (negative: the signal).

Options: `die_at`: SIGKILL itself once `claimed`, `called` (the outside has answered) or `written`
(all is ready to be committed). `claim` false takes the claim's guard away. `hold_file`: in the
middle of the handler, create that file with `.in` added and wait until the file itself appears.
"""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from unittest.mock import patch

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_all

from tests.support.odoo_process import configure_this_process

WAIT_S = 60


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def work(registry, die_at=None, claim=True, hold_file=None):
    """Run the outbox's cron method once, with real commits."""
    from odoo.addons.tibillet_wallet import outside
    from odoo.addons.tibillet_wallet.models.tibillet_outbox import Handler, TibilletOutbox

    def send(self, key, payload, timeout_s):
        answer = outside.session(timeout_s).post(payload["url"], json={"key": key})
        answer.raise_for_status()
        if die_at == "called":
            die()
        if hold_file:
            Path(hold_file + ".in").touch()
            deadline = time.monotonic() + WAIT_S
            while not Path(hold_file).exists() and time.monotonic() < deadline:
                time.sleep(0.02)
        self.create({"name": f"sent {key}"})
        self.env.flush_all()
        if die_at == "written":
            die()

    def guarded(self):
        claimed = take(self)
        if die_at == "claimed" and claimed:
            die()
        return claimed

    def unguarded(self):
        row = self.search([("state", "=", "pending")], limit=1, order="next_try_at, id")
        time.sleep(0.05)
        return (row, row.attempts) if row else None

    take = TibilletOutbox._claim
    handler = Handler("res.partner", "_tibillet_test_send", timeout_s=2)
    with (
        patch.object(TibilletOutbox, "_handlers", lambda self: {"send": handler}),
        patch.object(TibilletOutbox, "_claim", guarded if claim else unguarded),
        patch.object(registry["res.partner"], "_tibillet_test_send", send, create=True),
        registry.cursor() as cursor,
    ):
        Environment(cursor, SUPERUSER_ID, {})["tibillet.outbox"]._cron_send()


def serve(database):
    """Load Odoo, then obey standard input until it ends."""
    configure_this_process(database)
    registry = Registry(database)
    close_all()  # a forked worker must not share a connection
    print("ready", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        if "wait" in command:
            __, status = os.waitpid(command["wait"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        pid = os.fork()
        if pid:
            print(pid, flush=True)
            continue
        code = 1
        try:
            work(registry, **command["start"])
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
