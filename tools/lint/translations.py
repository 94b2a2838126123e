"""French is complete: what can be seen in the `.po` files alone.

Whether a file holds exactly the terms that its addon shows is asked of Odoo's own export, which
needs a database: `tests/rooms/test_french.py` does that in `make test`.
"""

import re

from .fault import Fault

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|\$\{\w+\}")


def check(root):
    """Empty, fuzzy, obsolete or damaged entries of every `i18n/fr.po`."""
    for path in sorted((root / "addons").glob("*/i18n/fr.po")):
        yield from faults_of(path)


def faults_of(path):
    """Faults of one file."""
    import polib

    try:
        entries = polib.pofile(str(path))
    except (OSError, ValueError) as error:
        yield Fault(path, 0, f"cannot be read: {error}")
        return
    for entry in entries:
        term = entry.msgid.replace("\n", " ")[:60]
        if entry.obsolete:
            yield Fault(path, entry.linenum, f"obsolete: “{term}”")
        elif entry.fuzzy:
            yield Fault(path, entry.linenum, f"fuzzy: “{term}”")
        elif not entry.msgstr.strip():
            yield Fault(path, entry.linenum, f"not translated: “{term}”")
        elif _placeholders(entry.msgid) != _placeholders(entry.msgstr):
            yield Fault(path, entry.linenum, f"other placeholders in the French: “{term}”")


def _placeholders(text):
    return sorted(PLACEHOLDER.findall(text))
