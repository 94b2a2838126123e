"""A small tree that every lint rule finds clean, for faults to be planted in."""

import shutil

from tools.testing.layout import ROOT

MANIFEST = """{
    "name": "Planted",
    "summary": "Nothing but a place for faults",
    "version": "19.0.1.0.0",
    "category": "Services/TiBillet",
    "author": "TiBillet for Odoo contributors",
    "website": "https://tibillet.org",
    "license": "AGPL-3",
    "depends": %s,
    "data": [%s],
}
"""
PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#. module: tibillet_wallet
#: code:addons/tibillet_wallet/models/x.py:0
msgid "There are %(number)s cards"
msgstr "Il y a %(number)s cartes"
"""
WORDS = "Eight words at the least make a chapter here."


def write(path, text=""):
    """Write a file, its folders included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def addon(root, name="tibillet_wallet", depends='["account_payment", "portal", "website_sale"]'):
    """A whole addon without faults; returns its folder."""
    folder = root / "addons" / name
    write(folder / "__manifest__.py", MANIFEST % (depends, ""))
    write(folder / "__init__.py")
    for chapter in ("DESCRIPTION", "CONFIGURE", "USAGE", "ROADMAP"):
        write(folder / "readme" / f"{chapter}.md", WORDS)
    write(folder / "i18n" / "fr.po", PO)
    write(folder / "static" / "description" / "icon.png", "icon")
    write(folder / "tests" / "__init__.py", "from . import test_planted\n")
    write(folder / "tests" / "test_planted.py", "")
    return folder


def programs_configuration(root):
    """The configuration files of ruff, pylint, eslint and prettier, as the repository has them."""
    for name in ("pyproject.toml", "eslint.config.js", ".prettierrc.json", "package.json"):
        shutil.copy(ROOT / name, root / name)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
