"""The till's RPCs as `docs/till-rpc.md` tells them: each method, each argument, each act."""

import ast
import re

from tools.testing.layout import ROOT

ADDONS = ("tibillet_pos_nfc", "tibillet_pos_event")
MODELS = [ROOT / "addons" / addon / "models" for addon in ADDONS]
DOCUMENT = (ROOT / "docs" / "till-rpc.md").read_text()
# A reader on the screen, in demonstrations only.
LEFT_OUT = {"tibillet_demo_cards"}


def sources():
    return [path for folder in MODELS for path in folder.rglob("*.py")]


def public_methods():
    """Name → arguments of every public method of ours that the till calls."""
    found = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and re.match(r"tibillet_[a-z]", node.name):
                arguments = [argument.arg for argument in node.args.args if argument.arg != "self"]
                found[node.name] = arguments
    return {name: found[name] for name in found.keys() - LEFT_OUT}


def test_every_method_with_its_arguments():
    methods = public_methods()
    assert len(methods) > 15, "the methods were found"
    missing = [
        call
        for name, arguments in sorted(methods.items())
        if (call := f"{name}({', '.join(arguments)})") not in DOCUMENT
    ]
    assert missing == []


def test_no_method_that_is_not_there():
    told = set(re.findall(r"`(?:tibillet\.live\.)?(tibillet_[a-z_]+)\(", DOCUMENT))
    assert told <= set(public_methods())


def test_every_act_of_the_cards_page():
    acts = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name == "_acts":
                acts |= {
                    key.value
                    for table in ast.walk(node)
                    if isinstance(table, ast.Dict)
                    for key in table.keys
                }
    assert {"topup", "keep"} < acts
    told = set(re.findall(r"^\| `([a-z]+)` \|", DOCUMENT, flags=re.MULTILINE))
    assert acts <= told
