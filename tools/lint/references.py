"""Reading which modules an addon uses, from its source and without running it."""

import ast
import csv
import functools
import io
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

MODEL_NAME = re.compile(r"^\s*_name\s*=\s*['\"]([a-z0-9_.]+)['\"]", re.M)
XML_ID = re.compile(r"^!?([a-z][a-z0-9_]*)\.[A-Za-z0-9_.\-]+$")
REF_CALL = re.compile(r"\bref\(\s*['\"]([a-z0-9_]+)\.")
PERCENT = re.compile(r"%\(([a-z0-9_]+)\.[A-Za-z0-9_.]+\)[ds]")
JS_IMPORT = re.compile(r"""(?:from\s+|import\s+|import\(\s*|require\(\s*)["']@([a-z0-9_]+)/""")
# Calls and arguments of Python that take external ids.
XML_ID_CALLS = {
    "ref",
    "has_group",
    "has_groups",
    "user_has_groups",
    "_for_xml_id",
    "_xmlid_to_res_id",
    "_xmlid_to_res_model_res_id",
    "_xmlid_lookup",
    "new_test_user",
    "_render",
    "render",
    "_render_template",
}
XML_ID_ARGUMENTS = {"groups", "template", "xml_id"}
MODEL_ARGUMENTS = {"comodel_name"}
RELATIONS = {"Many2one", "One2many", "Many2many", "Reference"}
XML_ID_ATTRIBUTES = {
    "ref",
    "inherit_id",
    "parent",
    "action",
    "t-call",
    "t-inherit",
    "t-call-assets",
}


@dataclass(frozen=True)
class Use:
    """One place where an addon uses a module."""

    path: Path
    line: int
    module: str
    what: str


@functools.cache
def models_defined_in(folder):
    """Names of the models that a module defines (not those that it extends)."""
    names = set()
    for kind in ("models", "wizard", "wizards", "report", "tools"):
        for path in (folder / kind).rglob("*.py"):
            text = path.read_text(encoding="utf-8", errors="replace")
            for found in MODEL_NAME.finditer(text):
                block = text[found.start() : found.start() + 600].partition("fields.")[0]
                before = text[max(0, found.start() - 300) : found.start()].rpartition("class ")[2]
                extends = re.search(
                    r"_inherit\s*=.*['\"]%s['\"]" % re.escape(found[1]), before + block
                )
                if not extends:
                    names.add(found[1])
    return frozenset(names)


def uses(folder, known, models):
    """Every use of another module in an addon's files (the reader bridge is a package apart)."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if not path.is_file() or relative.parts[0] == "bridge" or "lib" in relative.parts:
            continue
        reader = READERS.get(path.suffix)
        if not reader:
            continue
        for line, module, what in reader(path, models):
            if module in known:
                yield Use(path, line, module, what)


# -- Python ---------------------------------------------------------------------------------------


def _python(path, models):
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    if path.name == "__manifest__.py":
        yield from _assets(tree)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _import(node, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [alias.name for alias in node.names] if node.module == "odoo.addons" else [""]
            for name in names:
                yield from _import(node, f"{node.module}.{name}".rstrip("."))
        elif isinstance(node, ast.Call):
            yield from _call(node, models)
        elif isinstance(node, ast.Subscript):
            yield from _subscript(node, models)
        elif isinstance(node, ast.Assign):
            yield from _inherit(node, models)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # Ours are recognised anywhere: in a table of a test, in a default, in a list of groups.
            module = _module_of_xml_id(node.value)
            if module and module.startswith("tibillet_"):
                yield node.lineno, module, f'"{node.value}"'
            if node.value.startswith("tibillet.") and node.value in models:
                yield node.lineno, models[node.value], f'model "{node.value}"'


def _import(node, dotted):
    parts = dotted.split(".")
    if parts[:2] == ["odoo", "addons"] and len(parts) > 2:
        yield node.lineno, parts[2], f"import {dotted}"


def _call(node, models):
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    values = [(argument, None) for argument in node.args]
    values += [(keyword.value, keyword.arg) for keyword in node.keywords]
    for value, argument in values:
        if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
            continue
        if name in XML_ID_CALLS or argument in XML_ID_ARGUMENTS:
            for text in value.value.split(","):
                module = _module_of_xml_id(text.strip())
                if module:
                    yield value.lineno, module, f'{name}("{text.strip()}")'
        elif value.value in models and (
            argument in MODEL_ARGUMENTS or (name in RELATIONS and value is node.args[0])
        ):
            yield value.lineno, models[value.value], f'{name}("{value.value}")'


def _subscript(node, models):
    holder = getattr(node.value, "attr", getattr(node.value, "id", ""))
    index = node.slice
    if holder in ("env", "registry", "pool") and getattr(index, "value", None) in models:
        yield node.lineno, models[index.value], f'env["{index.value}"]'


def _inherit(node, models):
    if not any(getattr(target, "id", "") in ("_inherit", "_inherits") for target in node.targets):
        return
    for constant in ast.walk(node.value):
        if isinstance(constant, ast.Constant) and constant.value in models:
            yield node.lineno, models[constant.value], f'_inherit "{constant.value}"'


def _assets(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            path = re.match(r"^/?([a-z0-9_]+)/static/", node.value)
            bundle = re.match(r"^([a-z0-9_]+)\.[a-z0-9_.]*assets[a-z0-9_]*$", node.value)
            for found in (path, bundle):
                if found:
                    yield node.lineno, found[1], f'asset "{node.value}"'


def _module_of_xml_id(text):
    found = XML_ID.match(text)
    return found[1] if found else None


# -- data, views, scripts -------------------------------------------------------------------------


def _xml(path, models):
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text.encode())
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        pieces = [element.text or "", *element.attrib.values()]
        for piece in pieces:
            for pattern in (REF_CALL, PERCENT):
                for found in pattern.finditer(piece):
                    yield _line(text, found[0]), found[1], found[0]
        for attribute, value in element.attrib.items():
            yield from _attribute(text, element, attribute, value, models)


def _attribute(text, element, attribute, value, models):
    names = value.split(",") if attribute == "groups" else [value]
    takes_xml_id = attribute in XML_ID_ATTRIBUTES or attribute == "groups"
    if attribute == "id" and element.tag in ("record", "template", "menuitem"):
        takes_xml_id = True
    for name in names if takes_xml_id else ():
        module = _module_of_xml_id(name.strip())
        if module:
            yield _line(text, value), module, f'{attribute}="{name.strip()}"'
    if attribute == "model" and element.tag in ("record", "delete", "function") and value in models:
        yield _line(text, value), models[value], f'model="{value}"'


def _csv(path, models):
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    if not rows:
        return
    model = path.stem
    if model in models:
        yield 1, models[model], f"rows of {model}"
    for number, row in enumerate(rows[1:], start=2):
        for column, cell in zip(rows[0], row, strict=False):
            if column == "id" or column.endswith((":id", "/id")):
                for name in cell.split(","):
                    module = _module_of_xml_id(name.strip())
                    if module:
                        yield number, module, f"{column} {name.strip()}"


def _javascript(path, models):
    text = path.read_text(encoding="utf-8")
    for found in JS_IMPORT.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found[1], found[0].strip()


def _line(text, piece):
    position = text.find(piece)
    return text.count("\n", 0, position) + 1 if position >= 0 else 0


READERS = {".py": _python, ".xml": _xml, ".csv": _csv, ".js": _javascript}
