"""Reading the log files of real Odoo processes for warnings (standard library only)."""

import re
from pathlib import Path

# 2026-11-21 22:15:32,123 4242 WARNING tb_x odoo.addons.base: message
RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<message>.*)"
)
BAD = {"WARNING", "ERROR", "CRITICAL"}


class LogFile:
    """A growing log; each call of `new_warnings` returns what came since the call before."""

    def __init__(self, path):
        self.path = Path(path)
        self._offset = 0

    def new_warnings(self):
        """Lines `LEVEL logger: message` of WARNING and worse, tracebacks appended to them."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as log:
            log.seek(self._offset)
            fresh = log.read()
        complete = fresh.rfind(b"\n") + 1
        self._offset += complete
        return warnings_in(fresh[:complete].decode("utf-8", "replace"))


def warnings_in(text):
    """The WARNING and worse records of a piece of log, each with the lines that follow it."""
    found, keep = [], False
    for line in text.splitlines():
        record = RECORD.match(line)
        if record:
            keep = record["level"] in BAD
            if keep:
                found.append("{level} {logger}: {message}".format(**record.groupdict()))
        elif keep:
            found[-1] += f"\n{line}"
    return found
