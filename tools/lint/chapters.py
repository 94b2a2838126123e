"""Every menu of ours has a chapter in the guide, in French and in English.

`<!-- menu: module.xml_id -->` stands above the chapter, in a file `docs/guide/<role>.<fr|en>.md`.
"""

import re
from xml.etree import ElementTree

from .fault import Fault

LANGUAGES = {"fr": "French", "en": "English"}
ANCHOR = re.compile(r"<!--\s*menu:\s*([a-z0-9_.\s,]+?)\s*-->")


def menus(root):
    """External id of each menu that our addons define → the file that defines it."""
    found = {}
    for path in sorted((root / "addons").glob("*/**/*.xml")):
        if "static" in path.parts:
            continue
        module = path.relative_to(root / "addons").parts[0]
        try:
            tree = ElementTree.parse(path).getroot()
        except ElementTree.ParseError:
            continue
        for element in tree.iter():
            is_record = element.tag == "record" and element.get("model") == "ir.ui.menu"
            name = element.get("id", "")
            own = "." not in name or name.startswith(f"{module}.")
            if (element.tag == "menuitem" or is_record) and name and own:
                found[name if "." in name else f"{module}.{name}"] = path
    return found


def check(root):
    """Menus without a chapter, chapters of menus that are gone, chapters that say nothing."""
    existing = menus(root)
    told = {language: set() for language in LANGUAGES}
    for path in sorted((root / "docs" / "guide").rglob("*.md")):
        language = path.name.split(".")[-2]
        text = path.read_text(encoding="utf-8")
        for anchor in ANCHOR.finditer(text):
            line = text.count("\n", 0, anchor.start()) + 1
            below = ANCHOR.split(text[anchor.end() :])[0]
            for name in re.split(r"[,\s]+", anchor[1]):
                told.get(language, set()).add(name)
                if name not in existing:
                    yield Fault(path, line, f"a chapter of {name}, and there is no such menu")
            if len(below.split()) < 12:
                yield Fault(path, line, f"the chapter of {anchor[1]} says nothing")
    for language, words in LANGUAGES.items():
        for name in sorted(set(existing) - told[language]):
            sentence = f"the menu {name} has no chapter in {words} in docs/guide"
            yield Fault(existing[name], 0, sentence)
