"""`make run` as a newcomer sees it: its lines, its page, and what it leaves running."""

import contextlib
import http.client
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

PAGE = "TiBillet is on "


class Running:
    """A `make run` in a session of its own, read line by line."""

    def __init__(self, checkout, *words, prefix=(), **variables):
        self.lines = []
        self.checkout = checkout
        self.began = time.monotonic()
        self.child = subprocess.Popen(
            [*prefix, "make", *(words or ["run"])],
            cwd=checkout.root,
            env={**checkout.env, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for raw in self.child.stdout:
            with self._news:
                self.lines.append(raw.decode("utf-8", "replace").rstrip())
                self._news.notify_all()
        with self._news:
            self.lines.append(None)
            self._news.notify_all()

    @property
    def said(self):
        """All that was printed so far."""
        return "\n".join(line for line in self.lines if line is not None)

    def wait_for(self, start, timeout=600):
        """Wait for a line that begins so; fail when the command ends before."""
        limit = time.monotonic() + timeout
        with self._news:
            while True:
                if any(line is not None and line.startswith(start) for line in self.lines):
                    return time.monotonic() - self.began
                left = limit - time.monotonic()
                assert None not in self.lines and left > 0, f"{start!r} not in:\n{self.said}"
                self._news.wait(left)

    def reach_page(self):
        """Wait for the printed address and open it; return the seconds it took."""
        took = self.wait_for(PAGE)
        assert fetch(self.checkout.port) == 200
        return took

    def kill(self):
        """SIGKILL to the whole process group, as a power cut would end it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(20)
        self._reader.join(20)

    def end(self):
        """Ctrl-C, and wait until everything has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGINT)
        self.child.wait(60)
        self._reader.join(20)


def fetch(port, path="/"):
    """Return the status of a page on this machine."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def read(port, path, host="localhost"):
    """Return the text of a page on this machine."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    link.request("GET", path, headers={"Host": host})
    return link.getresponse().read().decode()


def left_running(venue):
    """Return the command lines of processes that name the checkout (deleting may go on)."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/cmdline", "rb") as source:
                words = source.read().replace(b"\0", b" ").decode("utf-8", "replace")
            if str(venue.root) in words and not words.startswith(("rm ", "nice rm ")):
                found.append(words)
    return found


def crowd():
    """Return how many times a processor is wanted now: bounds hold for a machine of one's own."""
    return max(1.0, os.getloadavg()[0] / os.cpu_count())
