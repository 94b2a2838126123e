"""`make soak`: the scenarios of a suite by the thousand, over as many processes as there are cores.

Runs inside the environment; `tools.testing.soak` has prepared the machine and the server.
Ends at the first failure: with the test, its seed, what it said, and the one command that plays
it again. The seed is kept in `tests/seeds.txt`, which `make test` replays for ever.
"""

import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

from . import seeds, template
from .layout import ROOT

TOLD_EVERY_SECONDS = 5
END_SECONDS = 30


class Worker:
    """One pytest process with its share of the seeds."""

    def __init__(self, paths, share, answers, environment):
        ours, theirs = os.pipe()
        self.collected = None
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest", "-q", "--no-header", "--color=no", "-x"),
                *("-c", str(ROOT / "tests" / "pytest.ini"), f"--rootdir={ROOT}"),
                *("-p", "no:cacheprovider", *map(str, paths)),
            ],
            cwd=ROOT,
            env={**environment, "SOAK_SEEDS": share, "SOAK_REPORT": str(theirs)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=[theirs],
            start_new_session=True,
        )
        os.close(theirs)
        self.output = []
        threading.Thread(target=self._hear, args=(ours, answers), daemon=True).start()
        threading.Thread(target=self._keep, daemon=True).start()

    def _hear(self, pipe, answers):
        with os.fdopen(pipe) as lines:
            for line in lines:
                answers.put((self, json.loads(line)))
        answers.put((self, {"ended": self.process.wait()}))

    def _keep(self):
        for line in self.process.stdout:
            self.output = [*self.output[-40:], line]

    def stop(self):
        """End the process and what it started; it cleans up after itself when it can."""
        for end, patience in ((signal.SIGINT, END_SECONDS), (signal.SIGKILL, END_SECONDS)):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, end)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                break
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def paths_of(suites):
    """Folders or files of the suites: names of folders of `tests/`, or paths.

    :raises ValueError: a suite that does not exist
    """
    found = []
    for suite in suites:
        inside = ROOT / "tests" / suite.removeprefix("tests/")
        path = inside if inside.exists() else type(ROOT)(suite).resolve()
        if not path.exists():
            there = sorted(one.name for one in (ROOT / "tests").iterdir() if one.is_dir())
            raise ValueError(f"SUITE={suite}: there is no such suite; known: {', '.join(there)}")
        found.append(path)
    return found


def first_and_count():
    """`SEED` alone: that one. `SEEDS`: so many, from `SEED` on or from anywhere."""
    given, count = os.environ.get("SEED"), os.environ.get("SEEDS")
    count = int(count) if count else (1 if given else 1000)
    first = int(given) if given else random.SystemRandom().randrange(10**6, 10**9)
    if count < 1:
        raise ValueError("SEEDS is how many seeds to play: 1 or more")
    return first, count


def main(suites):
    """Play; returns 0 when every seed passed, 1 at the first that did not, 2 when nothing ran."""
    try:
        paths = paths_of(suites)
        first, count = first_and_count()
    except ValueError as error:
        print(error)
        return 2
    environment = _environment()
    jobs = max(1, min(int(os.environ.get("JOBS") or os.cpu_count() or 1), count))
    name = " ".join(suites)
    last = f" to {first + count - 1}" if count > 1 else ""
    print(f"soak: {name}, seed {first}{last}, {jobs} processes", flush=True)
    answers = queue.SimpleQueue()
    workers = []
    try:
        for number in range(jobs):
            share = len(range(number, count, jobs))
            workers.append(Worker(paths, f"{first + number}:{jobs}:{share}", answers, environment))
        return _follow(workers, answers, name)
    finally:
        for worker in workers:
            worker.stop()


def _environment():
    given = {**os.environ, "PYTHONPATH": str(ROOT)}
    if not given.get("TIBILLET_TEST_TEMPLATE"):
        core, full = template.ensure(say=lambda text: print(text, flush=True))
        given |= {
            "TIBILLET_TEST_CORE_TEMPLATE": core,
            "TIBILLET_TEST_TEMPLATE": full,
            "TIBILLET_TEST_TEMPLATE_LOG": str(template.install_log(full)),
        }
    return given


def _follow(workers, answers, name):
    """Hear the workers until all are done or one fails."""
    started = told = time.monotonic()
    done, alive = 0, set(workers)
    while alive:
        with suppress(queue.Empty):
            worker, said = answers.get(timeout=1)
            if "collected" in said:
                worker.collected = said["collected"]
            elif "ended" in said:
                alive.discard(worker)
                if said["ended"] not in (0, 5) or worker.collected is None:
                    return _died(worker)
            elif said["outcome"] != "passed":
                return _failed(said, done, name)
            else:
                done += 1
        if time.monotonic() - told > TOLD_EVERY_SECONDS:
            told = time.monotonic()
            _progress(workers, done, told - started)
    if not done:
        print(f"soak: {name} has no scenario that can be played again")
        return 2
    print(f"soak: {done} scenarios passed in {time.monotonic() - started:.0f} s", flush=True)
    return 0


def _progress(workers, done, seconds):
    if any(worker.collected is None for worker in workers):
        print("soak: starting", flush=True)
        return
    left = sum(worker.collected for worker in workers) - done
    ahead = f", about {left * seconds / done / 60:.1f} min" if done else ""
    print(f"soak: {done} done, {left} left{ahead}", flush=True)


def _failed(said, done, name):
    print(said["said"])
    print(f"soak: {said['node']} failed after {done} that passed")
    if said["when"] == "call" and seeds.record(said["test"], said["seed"]):
        print(f"soak: kept in {seeds.recorded_file().name}: `make test` plays it from now on")
    print(f"soak: play it again with: make soak SUITE={name} SEED={said['seed']}", flush=True)
    return 1


def _died(worker):
    print("".join(worker.output))
    print("soak: a process ended before its last scenario (above: what it said)", flush=True)
    return 1


if __name__ == "__main__":

    def _interrupted(signum, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, _interrupted)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
