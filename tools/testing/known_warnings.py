"""The list of log lines that a test run accepts, each with its reason.

A line of `tests/known_warnings.txt` is `<regular expression> ## <reason>`. The expression is
searched in `LEVEL logger: message`. A line without a reason, or with an expression that does not
compile, makes the whole run fail: an exception that nobody can explain is not an exception.
"""

import re
from dataclasses import dataclass
from pathlib import Path

SEPARATOR = " ## "


class BadKnownWarning(ValueError):
    """A line of the list has no reason, or an expression that does not compile."""


@dataclass(frozen=True)
class KnownWarning:
    """One accepted log line: the expression that recognises it and why it is accepted."""

    pattern: re.Pattern
    reason: str


def parse(text, source="known_warnings.txt"):
    """Read the list; raises `BadKnownWarning` with file and line number."""
    known = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        expression, separator, reason = line.partition(SEPARATOR)
        if not separator or len(reason.split()) < 3:
            raise BadKnownWarning(
                f"{source}:{number}: say after '{SEPARATOR.strip()}' why this line is accepted"
            )
        try:
            known.append(KnownWarning(re.compile(expression.strip()), reason.strip()))
        except re.error as error:
            raise BadKnownWarning(f"{source}:{number}: {error}") from error
    return known


def load(path):
    """Read the list from a file; a missing file is an empty list."""
    path = Path(path)
    return parse(path.read_text(encoding="utf-8"), path) if path.exists() else []


def matches(known, line):
    """Whether one of the accepted lines recognises `LEVEL logger: message`."""
    return any(entry.pattern.search(line) for entry in known)
