"""One run of the suite, inside the environment: lint, template, shards, the last line.

Started by `tools.testing.main`, which has prepared the machine and the database server.
"""

import os
import queue
import signal
import sys
import threading
import time

from tools import lint

from . import databases, readers, run, template
from .layout import DATA
from .report import Total, failures, merge_junit
from .shards import chosen, is_whole


def main(tests):
    """Run what was asked; returns 0 only when everything ran and passed."""
    started = time.monotonic()
    try:
        shards = chosen(tests)
    except ValueError as error:
        print(error)
        return 2
    if sentence := readers.refused(shard.name for shard in shards):
        print(sentence)
        return 2
    total = Total()
    _prepare_data()
    if tests:
        print(f"TESTS={' '.join(tests)}: lint and the other shards are not run", flush=True)
    else:
        total.add_lint(lint.main([]))
    shards = _without_unchanged(shards, whole=not tests)
    try:
        core, full = template.ensure(say=_say)
        if any(shard.opens_pages() for shard in shards):
            template.ensure_bundles(full, say=_say)
    except template.TemplateFailed as error:
        print(error)
        total.add_error("the template database could not be built")
        return total.finish(time.monotonic() - started)
    environment = {
        **os.environ,
        "TIBILLET_TEST_CORE_TEMPLATE": core,
        "TIBILLET_TEST_TEMPLATE": full,
        "TIBILLET_TEST_TEMPLATE_LOG": str(template.install_log(full)),
    }
    _run_all(shards, environment, full, total)
    merge_junit(run.JUNIT, DATA.parent / "test-results.xml", shards)
    return total.finish(time.monotonic() - started, failures(run.JUNIT, shards))


def _say(text):
    print(text, flush=True)


def _prepare_data():
    for name in databases.names(f"{template.PREFIX}_run_"):
        databases.drop(name)  # of a run that was killed
    for path in (DATA / "log", run.JUNIT, run.COUNTS):
        path.mkdir(parents=True, exist_ok=True)
    for old in [*run.JUNIT.glob("*.xml"), *run.COUNTS.glob("*.json")]:
        old.unlink()


def _without_unchanged(shards, whole):
    wanted = os.environ.get("ONLY_CHANGED") == "1"
    if wanted and os.environ.get("CI"):
        _say("CI is set: ONLY_CHANGED is ignored, every shard runs")
    if not wanted or os.environ.get("CI") or not whole:
        return shards
    unchanged = [shard for shard in shards if shard.passed_before()]
    if unchanged:
        names = ", ".join(shard.name for shard in unchanged)
        _say(f"ONLY_CHANGED=1: left out, unchanged since they passed: {names}")
    return [shard for shard in shards if shard not in unchanged]


def _run_all(shards, environment, full, total):
    """Shards side by side, then one after the other those that need the machine for themselves."""
    jobs = int(os.environ.get("JOBS") or min(2, os.cpu_count() or 1))
    waiting = queue.SimpleQueue()
    beside = [shard for shard in shards if not shard.alone]
    beside.sort(key=lambda shard: shard.turn)
    for shard in beside:
        waiting.put(shard)
    threads = [
        threading.Thread(target=_work, args=(waiting, environment, full, total), daemon=True)
        for _ in range(min(jobs, len(beside)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)  # short, so that Ctrl-C is heard
    for shard in shards:
        if shard.alone:
            _one(shard, environment, full, total)


def _work(waiting, environment, full, total):
    while True:
        try:
            shard = waiting.get_nowait()
        except queue.Empty:
            return
        _one(shard, environment, full, total)


def _one(shard, environment, full, total):
    try:
        outcome = run.shard(shard, environment, full)
    # A thread that dies in silence would leave its shard out, and the run green.
    except Exception as error:
        total.add_error(f"{shard.name}: {type(error).__name__}: {error}")
        return
    total.add(outcome)
    if is_whole(shard):
        shard.remember(outcome.passed)


def _interrupted(signum, frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        run.stop_all()
        for left in databases.names(f"{template.PREFIX}_run_"):
            databases.drop(left)
        sys.exit(130)
