"""A process that loads the registry once, forks workers and lets them race.

    python -m tests.concurrency.stage DATABASE SCENARIO '{"workers": 8}'
    python -m tests.concurrency.stage DATABASE

Prints one JSON line: what each worker answered. Without a scenario it stays, and plays each that
it is told on its input in a fork of its own: loading the registry takes longer than most races.
Between two plays the database may be made anew under the same name. The workers are real
processes with connections of their own; a barrier makes them all hold a snapshot before anybody
writes, so a race that the guards do not stop is lost every time, not once in a while.
"""

import json
import os
import sys
import traceback
from multiprocessing import get_context

from tests.support.odoo_process import configure_this_process

FORK = get_context("fork")


class Stage:
    """What a scenario works with: the registry, and workers to send at it."""

    def __init__(self, database):
        configure_this_process(database)
        from odoo.modules.registry import Registry

        self.database = database
        self.registry = Registry(database)

    def env(self, cr):
        from odoo.api import SUPERUSER_ID, Environment

        return Environment(cr, SUPERUSER_ID, {})

    def alone(self, work):
        """Run ``work(env)`` in one transaction of this process and commit it."""
        with self.registry.cursor() as cr:
            return work(self.env(cr))

    def race(self, works):
        """Fork one process per function of ``works``; answers their results in order.

        Each is called as ``work(env_of, meet)``: ``env_of(cr)`` makes an environment and
        ``meet()`` waits until every worker has arrived.
        """
        from odoo.sql_db import close_all

        close_all()
        barrier = FORK.Barrier(len(works))
        pipes, processes = [], []
        for work in works:
            ours, theirs = FORK.Pipe()
            process = FORK.Process(target=self._work, args=(work, barrier, theirs))
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        answers = [self._answer(pipe) for pipe in pipes]
        for process in processes:
            process.join(60)
        return answers

    def _answer(self, pipe):
        try:
            return pipe.recv() if pipe.poll(120) else {"error": "no answer"}
        except EOFError:
            return {"killed": True}

    def _work(self, work, barrier, pipe):
        try:
            answer = work(self, lambda: barrier.wait(30))
        except BaseException as error:
            traceback.print_exc()
            barrier.abort()
            answer = {"error": f"{type(error).__name__}: {error}"}
        pipe.send(answer)
        pipe.close()
        os._exit(0)


def snapshot_then(stage, meet, act):
    """Take a snapshot, wait for the rivals to have theirs, then ``act(env)`` with retries.

    Answers {"ok": result} or {"refused": code}, with how often it ran.
    """
    from odoo.addons.tibillet_wallet.exceptions import LedgerError

    runs = 0

    def work(env):
        nonlocal runs
        runs += 1
        env.cr.execute("SELECT count(*) FROM tibillet_operation")  # the snapshot exists from here
        if runs == 1:
            meet()
        return act(env)

    with stage.registry.cursor() as cr:
        ledger = stage.env(cr)["tibillet.ledger"]
        try:
            return {"ok": ledger._short(work), "runs": runs}
        except LedgerError as refusal:
            return {"refused": refusal.code, "runs": runs}


def play(stage, name, arguments):
    """Play a scenario and print what it found."""
    from tests.concurrency import scenarios

    result = getattr(scenarios, name)(stage, **arguments)
    print("@@result@@" + json.dumps(result), flush=True)


def keep(stage):
    """Play what each line of the input says, one after the other; answers its exit status."""
    from odoo.sql_db import close_all

    from tests.concurrency import scenarios  # noqa: F401 - loaded once, before the forks

    close_all()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _play_apart(stage, order)
        print(os.waitpid(child, 0)[1], flush=True)


def _play_apart(stage, order):
    """The whole life of the fork: its output goes to a file, and it never returns."""
    status = 1
    try:
        output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.environ["STORM_FOLDER"] = order["folder"]
        play(stage, order["scenario"], order["arguments"])
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def main():
    database, *scenario = sys.argv[1:]
    stage = Stage(database)
    if scenario:
        play(stage, scenario[0], json.loads(scenario[1]))
    else:
        keep(stage)


if __name__ == "__main__":
    main()
