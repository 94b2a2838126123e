"""Running other programs: children never outlive us, failures end in a sentence."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys

from tools import paths
from tools.say import Refusal

_PR_SET_PDEATHSIG = 1


def _die_with_parent(signum):
    """Return a function for the child that asks the kernel for a signal when we die."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ask():
        libc.prctl(_PR_SET_PDEATHSIG, signum)

    return ask


def environ(**more):
    """Return the environment for our own Python programs: UTF-8, no user site."""
    result = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"):
        result.pop(name, None)
    result.update(PYTHONUTF8="1", PYTHONNOUSERSITE="1")
    result.setdefault("HOME", "/nonexistent")
    result.update({name: str(value) for name, value in more.items()})
    return result


def start(command, *, signum=signal.SIGTERM, **options):
    """Start a long-lived child in a session of its own; it gets `signum` when we die."""
    return subprocess.Popen(
        [str(part) for part in command],
        start_new_session=True,
        preexec_fn=_die_with_parent(signum),
        **options,
    )


@contextlib.contextmanager
def followed(command, **options):
    """Start a child whose output we follow; whatever happens, it has ended when we go on."""
    child = start(
        command,
        signum=signal.SIGKILL,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )
    try:
        yield child
    finally:
        if child.poll() is None and sys.exc_info()[0]:
            child.kill()
        child.wait()


def run(command, *, log=None, why="", **options):
    """Run a child to its end, output to the file `log`, and refuse with its last words.

    Killing us kills the child: a step cut short must not go on behind the next try.
    """
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            child = subprocess.run(
                command,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent(signal.SIGKILL),
                **options,
            )
        last = tail(log)
    else:
        child = subprocess.run(
            command,
            capture_output=True,
            preexec_fn=_die_with_parent(signal.SIGKILL),
            **options,
        )
        last = _last_line(child.stderr) or _last_line(child.stdout)
    if child.returncode:
        shown = f" The whole output is in {log.relative_to(paths.ROOT)}." if log else ""
        raise Refusal(f"{why or command[0]} failed: {last or 'no message'}.{shown}")
    return child.stdout.decode("utf-8", "replace") if child.stdout else ""


def in_foreground(command, **options):
    """Run a child that has the terminal, to its end, and return its exit code.

    Ctrl-C is the child's to answer (a shell forgets its line and goes on); a request to end is
    handed on to it, and killing us ends it.
    """
    child = subprocess.Popen(
        [str(part) for part in command], preexec_fn=_die_with_parent(signal.SIGTERM), **options
    )

    def hand_on(signum, _frame):
        child.send_signal(signum)

    previous = {signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    for signum in (signal.SIGTERM, signal.SIGHUP):
        previous[signum] = signal.signal(signum, hand_on)
    try:
        code = child.wait()
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)
    return code if code >= 0 else 128 - code


def _last_line(output):
    lines = (output or b"").decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else ""


def tail(log):
    """Return the last line of a log file that says something."""
    try:
        return _last_line(log.read_bytes()[-8192:])
    except OSError:
        return ""


def alive(pid):
    """Say whether a process runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def command_line(pid):
    """Return the words of a running process, or an empty list."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as source:
            return source.read().decode("utf-8", "replace").strip("\0").split("\0")
    except OSError:
        return []
