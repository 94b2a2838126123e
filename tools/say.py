"""What set-up tells the person at the terminal: progress, and refusals."""

import codecs
import contextlib
import sys
import time


class Refusal(Exception):
    """The command cannot go on; the message is one sentence that says what to do.

    `tools.commands.run` prints it on standard error and ends with exit code 2.
    """


class _Terminal:
    """Where progress goes. `make shell` moves it to standard error."""

    stream = None

    def write(self, text):
        stream = self.stream or sys.stdout
        try:
            stream.write(text)
        except UnicodeEncodeError:
            stream.write(text.encode("ascii", "replace").decode())
        stream.flush()


_terminal = _Terminal()


def to_stderr():
    """Send all progress to standard error: standard output belongs to the command's result."""
    _terminal.stream = sys.stderr


def line(text=""):
    """Print one line of result."""
    _terminal.write(f"{text}\n")


def detail(text):
    """Print one line of progress below the current step."""
    _terminal.write(f"   {text}\n")


def forward(stream):
    """Show what a child writes as it comes, half lines too; return its last line."""
    text = ""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for chunk in iter(lambda: stream.read1(4096), b""):
        for piece in decoder.decode(chunk).splitlines(keepends=True):
            _terminal.write(piece if text and not text.endswith("\n") else f"   {piece}")
            text = (text + piece)[-2000:]
    return text.strip().rpartition("\n")[2]


def seconds(duration):
    """Return a duration as people read it: ``4.2 s``, ``2 min 05 s``."""
    if duration < 60:
        return f"{duration:.1f} s"
    return f"{int(duration // 60)} min {int(duration % 60):02d} s"


@contextlib.contextmanager
def step(name):
    """Frame a named step with the time it took."""
    began = time.monotonic()
    _terminal.write(f"== {name}\n")
    yield
    _terminal.write(f"== {name}: done in {seconds(time.monotonic() - began)}\n")
