"""Every addon carries what the house asks of it: manifest, icon, readme, French, tests."""

import ast
import re

from .fault import Fault

AUTHOR = "TiBillet for Odoo contributors"
LICENSE = "AGPL-3"
VERSION = re.compile(r"^19\.0\.\d+\.\d+\.\d+$")
CHAPTERS = ("DESCRIPTION", "CONFIGURE", "USAGE", "ROADMAP")
NEEDED = ("name", "summary", "category", "website", "depends")
# A secret has columns of these kinds: a copy of the database must not act with it.
SECRET_FIELD = re.compile(r"\b\w*(?:private_key|secret|api_key|token_encrypted)\w*\s*=\s*fields\.")


def check(root):
    """Faults of the manifests and of what stands beside them."""
    for path in sorted((root / "addons").glob("*/__manifest__.py")):
        yield from _manifest(path)
        yield from _beside(path.parent)


def _manifest(path):
    values = ast.literal_eval(path.read_text(encoding="utf-8"))
    if values.get("license") != LICENSE:
        yield Fault(path, 0, f"the licence is {LICENSE}, not {values.get('license')}")
    if values.get("author") != AUTHOR:
        yield Fault(path, 0, f"the author is {AUTHOR}")
    if not VERSION.match(values.get("version", "")):
        yield Fault(path, 0, f"the version is 19.0.x.y.z, not {values.get('version')}")
    for name in NEEDED:
        if not values.get(name):
            yield Fault(path, 0, f"the manifest has no {name}")
    for kind in ("data", "demo"):
        for name in values.get(kind, ()):
            if not (path.parent / name).is_file():
                yield Fault(path, 0, f"the file {name} of {kind} is not there")


def _beside(addon):
    icon = addon / "static" / "description" / "icon.png"
    if not icon.is_file():
        yield Fault(icon, 0, "the addon has no icon")
    for chapter in CHAPTERS:
        readme = addon / "readme" / f"{chapter}.md"
        if not readme.is_file() or len(readme.read_text(encoding="utf-8").split()) < 8:
            yield Fault(readme, 0, f"the chapter {chapter} is missing or empty")
    if not (addon / "i18n" / "fr.po").is_file():
        yield Fault(addon / "i18n" / "fr.po", 0, "the addon has no French")
    yield from _tests(addon / "tests")
    neutralize = addon / "data" / "neutralize.sql"
    for model in sorted((addon / "models").glob("*.py")):
        if SECRET_FIELD.search(model.read_text(encoding="utf-8")) and not neutralize.is_file():
            yield Fault(neutralize, 0, f"{model.name} keeps a secret: a copy must be neutralised")


def _tests(folder):
    files = sorted(folder.glob("test_*.py"))
    if not files:
        yield Fault(folder, 0, "the addon has no tests")
        return
    init = folder / "__init__.py"
    imported = init.read_text(encoding="utf-8") if init.is_file() else ""
    for path in files:
        if not re.search(rf"\b{path.stem}\b", imported):
            yield Fault(init, 0, f"{path.name} is not imported: Odoo's own runner would miss it")
