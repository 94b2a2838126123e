"""Where things are, for the test runner and the test helpers (standard library only)."""

import ast
import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
DATA = ROOT / ".data" / "test"

# What the venues of the suite always run beside our addons: the core layer of the template
# database. Whatever our manifests name beyond this list is added to it.
CORE_MODULES = (
    "account",
    "l10n_fr_account",
    "l10n_fr_pos_cert",
    "payment_demo",
    "point_of_sale",
    "pos_hr",
    "pos_restaurant",
    "pos_sale",
    "stock_account",
    "website_event_sale",
    "website_event_track",
    "website_sale",
)

# Parts of an addon that never reach the database: changing them keeps the template valid.
OUTSIDE_THE_DATABASE = ("tests", "static", "readme", "bridge", "__pycache__")


def manifest(addon):
    """The manifest of the addon in this folder, as a dict."""
    return ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))


def own_addons(addons=ADDONS):
    """Every installable addon of the repository: name → folder, in alphabetical order."""
    folders = sorted(path.parent for path in addons.glob("*/__manifest__.py"))
    return {folder.name: folder for folder in folders if manifest(folder).get("installable", True)}


def own_dependencies(name, addons=None):
    """Names of our own addons that this one needs, directly or not (itself left out)."""
    addons = addons or own_addons()
    found, queue = set(), [name]
    while queue:
        for needed in manifest(addons[queue.pop()]).get("depends", ()):
            if needed in addons and needed not in found:
                found.add(needed)
                queue.append(needed)
    return sorted(found)


def core_modules(addons=None):
    """The modules of the core layer: the fixed list and whatever our manifests depend on."""
    addons = addons or own_addons()
    needed = set(CORE_MODULES)
    for folder in addons.values():
        needed.update(set(manifest(folder).get("depends", ())) - set(addons))
    return sorted(needed)


def files_below(folder, leave_out=()):
    """Files below a folder in a fixed order, without those in a folder named in `leave_out`."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not set(relative.parts[:-1]) & {*leave_out, "__pycache__"}:
            yield path


def digest(parts):
    """Short hash of a list of texts, bytes and files (a file counts by its path and content)."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            name = part.relative_to(ROOT) if part.is_relative_to(ROOT) else part.name
            content = part.read_bytes()
            total.update(f"file {name} {len(content)}\n".encode())
            total.update(content)
        else:
            raw = part if isinstance(part, bytes) else str(part).encode()
            total.update(f"part {len(raw)}\n".encode() + raw)
    return total.hexdigest()[:12]


def requirement_files():
    """Files that pin what Odoo itself runs on (what only tests need changes no database)."""
    return [path for path in (ROOT / "requirements" / "odoo.txt",) if path.exists()]
