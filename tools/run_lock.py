"""One `make run` a checkout: a lock that the kernel lets go when its holder dies."""

import fcntl
import json
import os
import signal
import time

from tools import paths, process, say, stamps
from tools.say import Refusal

LOCK = paths.STATE / "run.lock"
RECORD = paths.STATE / "run.json"


def read():
    """Return what the last `make run` wrote about itself."""
    try:
        return json.loads(RECORD.read_text())
    except (OSError, ValueError):
        return {}


def held():
    """Say whether a command of this checkout serves or changes its database now."""
    # By its record: trying the lock could refuse a command that begins at this very moment.
    pid = read().get("pid")
    return bool(pid) and process.alive(pid)


class RunLock:
    """Held while a command of this checkout serves or changes its database."""

    def __init__(self):
        self._file = None

    def __enter__(self):
        paths.STATE.mkdir(parents=True, exist_ok=True)
        self._file = LOCK.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            record = read()
            where = f" on {record['url']}" if record.get("url") else ""
            raise Refusal(
                f"This checkout is already running{where} (process {record.get('pid', '?')}): "
                "use it, or end it by `make stop`."
            ) from None
        end_leftovers()
        return self

    def __exit__(self, *_):
        RECORD.unlink(missing_ok=True)
        self._file.close()

    def note(self, **facts):
        """Write who runs and what was started, for `make stop` and for the next start."""
        stamps.write_whole(RECORD, json.dumps({"pid": os.getpid(), **facts}) + "\n")


def end_leftovers():
    """End the servers that a killed `make run` of this checkout left behind.

    They carry the checkout's path in their environment; whoever calls this holds the lock, or has
    just ended its holder, so none of them has a master any more.
    """
    for pid in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
        if _is_ours(pid) and process.alive(pid):
            say.detail(f"ending a server (process {pid}) that an interrupted run left behind")
            end(pid)


def _is_ours(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as source:
            return os.fsencode(f"TIBILLET_CHECKOUT={paths.ROOT}") in source.read().split(b"\0")
    except OSError:
        return False


def end(pid, patience=15.0):
    """Ask a process to end, wait, and kill it when it does not."""
    for signum, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, signum)
        except ProcessLookupError:
            return
        limit = time.monotonic() + wait
        while process.alive(pid):
            if time.monotonic() > limit:
                break
            time.sleep(0.05)
        else:
            return
