"""The terms that each addon shows, by Odoo's own export, beside its `i18n/fr.po`.

As a command, inside the environment and with the `PG*` variables of a server set, it brings the
files up to date: new terms are added empty, those that are gone are removed, translations stay.

    python -m tools.testing.french tibillet_wallet tibillet_event
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import polib

from . import databases, template
from .layout import own_addons

SCRIPT = """
import io, json
from odoo.tools.translate import trans_export
terms = {{}}
for module in {modules!r}:
    buffer = io.BytesIO()
    trans_export(None, [module], buffer, "po", env)
    terms[module] = buffer.getvalue().decode()
print("\\n@@terms@@" + json.dumps(terms))
"""


def export(database, modules):
    """Terms of each module, from a database where they are installed: module → `.pot` text."""
    command = template.odoo_command(database)
    command.insert(command.index("odoo") + 1, "shell")
    done = subprocess.run(
        [*command, "--no-http", "--shell-interface", "python"],
        input=SCRIPT.format(modules=list(modules)),
        capture_output=True,
        text=True,
    )
    _, marker, answer = done.stdout.rpartition("@@terms@@")
    if not marker:
        raise RuntimeError(f"Odoo's export failed:\n{done.stdout}\n{done.stderr}")
    return json.loads(answer.splitlines()[0])


def difference(pot, path):
    """What the file lacks and what it has too much, as sentences."""
    wanted = {entry.msgid for entry in polib.pofile(pot)}
    file = polib.pofile(str(path)) if path.exists() else []
    entries = {entry.msgid: entry for entry in file if not entry.obsolete}
    for term in sorted(wanted - set(entries)):
        yield f"{path.parents[1].name}: not in fr.po: “{_short(term)}”"
    for term in sorted(set(entries) - wanted):
        yield f"{path.parents[1].name}: in fr.po, and shown nowhere: “{_short(term)}”"


def update(pot, path):
    """Rewrite a file with the terms of the export and the translations it has; returns the gaps."""
    known = {}
    if path.exists():
        known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    fresh = polib.pofile(pot)
    fresh.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "Language": "fr",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    fresh.header = ""
    for entry in fresh:
        entry.msgstr = known.get(entry.msgid, "")
    path.parent.mkdir(exist_ok=True)
    fresh.save(str(path))
    return [entry.msgid for entry in fresh if not entry.msgstr]


def _short(term):
    return term.replace("\n", " ")[:80]


def main(names):
    """Bring the files of the named addons (all when none is named) up to date."""
    addons = {name: path for name, path in own_addons().items() if not names or name in names}
    _, full = template.ensure()
    name = f"{template.PREFIX}_run_{os.getpid()}_french"
    databases.copy(full, name)
    try:
        terms = export(name, addons)
    finally:
        databases.drop(name)
    for addon, pot in terms.items():
        gaps = update(pot, Path(addons[addon], "i18n", "fr.po"))
        print(f"{addon}: {len(polib.pofile(pot))} terms, {len(gaps)} to translate")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
