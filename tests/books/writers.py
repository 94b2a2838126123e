"""Processes that write one company's books at the same moment.

    python -m tests.books.writers DATABASE COMPANY '{"writers": 4}'

Each takes its snapshot, waits for the others to have theirs, then writes. Prints what each
answered as one JSON line. With `guard` false the clauses that look at the unique keys are
taken out of the statements: that is the control.
"""

import json
import logging
import os
import re
import sys
from multiprocessing import get_context

from tests.support.odoo_process import configure_this_process

FORK = get_context("fork")
GUARD = re.compile(r"ON CONFLICT \([^)]*\) DO NOTHING")


def without_guard():
    """Send every statement of this process without its guard clause."""
    from odoo.sql_db import Cursor
    from odoo.tools import SQL

    execute = Cursor.execute

    def unguarded(self, query, *args, **kwargs):
        if isinstance(query, SQL) and "tibillet_ledger_entry" in query.code:
            query, args = GUARD.sub("", query.code), (query.params,)
        return execute(self, query, *args, **kwargs)

    Cursor.execute = unguarded


def write(registry, company_id, guard, meet, pipe):
    from odoo.api import SUPERUSER_ID, Environment

    if not guard:
        without_guard()
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    tries = 0
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        books = env["tibillet.books"]
        company = env["res.company"].browse(company_id)
        [(_company, day)] = books._pending_days(company, include_today=True)
        write_entry = type(books)._write_entry

        def counted(self, *args):
            nonlocal tries
            tries += 1
            return write_entry(self, *args)

        type(books)._write_entry = counted
        meet()
        done = books._write_entry_alone(company, day)
    pipe.send({"ok": done, "tries": tries})


def worker(registry, company_id, guard, barrier, pipe):
    try:
        write(registry, company_id, guard, lambda: barrier.wait(60), pipe)
    except BaseException as error:
        pipe.send({"ok": False, "error": f"{type(error).__name__}: {error}", "tries": 0})
    pipe.close()
    os._exit(0)


def main(database, company_id, options):
    configure_this_process(database)
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_all

    registry = Registry(database)
    close_all()
    writers = options.get("writers", 2)
    barrier = FORK.Barrier(writers)
    pipes = []
    for _writer in range(writers):
        ours, theirs = FORK.Pipe()
        FORK.Process(
            target=worker,
            args=(registry, int(company_id), options.get("guard", True), barrier, theirs),
        ).start()
        theirs.close()
        pipes.append(ours)
    answers = [
        pipe.recv() if pipe.poll(120) else {"ok": False, "error": "silent", "tries": 0}
        for pipe in pipes
    ]
    print("@@result@@" + json.dumps(answers), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
