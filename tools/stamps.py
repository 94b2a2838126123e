"""Memory of what set-up has done: one small file a step, written after the step is whole."""

import contextlib
import fcntl
import hashlib
import json
import os
import subprocess
import time

from tools import paths, say


def digest(*parts):
    """Return a hash of texts and of the contents of files (`Path`)."""
    result = hashlib.sha256()
    for part in parts:
        content = (
            part.read_bytes()
            if hasattr(part, "read_bytes")
            else str(part).encode("utf-8", "surrogateescape")
        )
        result.update(len(content).to_bytes(8, "big") + content)
    return result.hexdigest()


def write_whole(path, content, mode=0o644):
    """Write a file that is either wholly there or not at all, whatever happens meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content if isinstance(content, bytes) else content.encode())
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, path)


def read(name):
    """Return the hash under which a step was last finished, or None."""
    try:
        return json.loads((paths.STATE / f"{name}.json").read_text()).get("hash")
    except (OSError, ValueError):
        return None


def write(name, value, duration=0.0):
    """Remember that a step is whole."""
    record = {
        "hash": value,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seconds": round(duration, 1),
    }
    write_whole(paths.STATE / f"{name}.json", json.dumps(record) + "\n")


def forget(name):
    """Make a step run again next time."""
    (paths.STATE / f"{name}.json").unlink(missing_ok=True)


def discard(path):
    """Take a file or folder out of the way at once; its deletion goes on in the background."""
    trash = paths.DATA / "trash"
    if path.exists() or path.is_symlink():
        trash.mkdir(parents=True, exist_ok=True)
        path.rename(trash / f"{time.time_ns()}-{path.name}")
    if trash.exists():
        subprocess.Popen(
            ["nice", "rm", "-rf", "--", str(trash)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


@contextlib.contextmanager
def alone(name="set-up"):
    """Keep a second command of this checkout waiting while the first changes the same things."""
    paths.STATE.mkdir(parents=True, exist_ok=True)
    with (paths.STATE / f"{name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.detail(f"waiting for another command of this checkout to finish its {name}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
