#!/usr/bin/env python3
"""The rooms of the house depend downwards, as drawn in the architecture, and say so.

An addon may use another module (ours or Odoo's) only if the drawing leads down to it and its
manifest, followed through, declares it. Use is read from manifests, Python imports, external ids
in Python, XML and CSV, names of models, and imports of JavaScript. Run inside the environment,
since Odoo's own manifests are followed too.
"""

import ast
import functools
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.lint import references  # noqa: E402
from tools.lint.fault import Fault  # noqa: E402

# The drawing: what each room may stand on directly. Everything below that is allowed with it.
GRAPH = {
    "tibillet_wallet": {"account_payment", "auth_totp", "portal", "website_sale"},
    "tibillet_membership": {"tibillet_wallet"},
    "tibillet_event": {"tibillet_wallet", "website_event_sale", "website_event_track"},
    "tibillet_agenda": {"tibillet_event"},
    "tibillet_federation": {"tibillet_wallet"},
    "tibillet_pos_nfc": {"tibillet_wallet", "pos_restaurant", "pos_hr", "base_iban"},
    # Glue, installed by itself when both sides are there.
    "tibillet_pos_event": {"tibillet_pos_nfc", "tibillet_event", "pos_event", "pos_event_sale"},
    "tibillet_pos_membership": {"tibillet_pos_nfc", "tibillet_membership"},
    "tibillet_pos_l10n_fr": {"tibillet_pos_nfc", "l10n_fr_pos_cert"},
    "tibillet_federation_agenda": {"tibillet_federation", "tibillet_agenda"},
}


@dataclass
class House:
    """Our addons, Odoo's, and who depends on whom."""

    addons: Path
    core: Path

    @functools.cached_property
    def ours(self):
        """Our addons: name → folder."""
        return _modules(self.addons)

    @functools.cached_property
    def known(self):
        """Every module that exists: name → folder (a source tree of Odoo has two folders)."""
        return _modules(self.core) | _modules(self.core.parents[1] / "addons") | self.ours

    @functools.cached_property
    def models(self):
        """Module that defines each model: model → module."""
        return {
            name: module
            for module, folder in {**self.known, **self.ours}.items()
            for name in references.models_defined_in(folder)
        }

    def depends(self, module):
        """Direct dependencies of a module, by its manifest."""
        if module not in self.known or module == "base":
            return set()
        text = (self.known[module] / "__manifest__.py").read_text(encoding="utf-8")
        return {"base", *ast.literal_eval(text).get("depends", ())}

    def declared(self, module):
        """Everything that comes with a module, itself included."""
        return _closure(module, self.depends)

    def drawn(self, module):
        """Everything that the drawing allows a module to use, itself included."""
        return _closure(module, lambda name: GRAPH[name] if name in GRAPH else self.depends(name))


def _modules(folder):
    return {path.parent.name: path.parent for path in sorted(folder.glob("*/__manifest__.py"))}


def _closure(start, step):
    found, queue = {start}, [start]
    while queue:
        fresh = set(step(queue.pop())) - found
        found |= fresh
        queue.extend(fresh)
    return found


def check(addons=ROOT / "addons", core=None):
    """All forbidden or undeclared edges of the addons in a folder, as a sorted list of faults."""
    house = House(Path(addons), Path(core) if core else odoo_addons())
    faults = []
    for name, folder in house.ours.items():
        if name not in GRAPH:
            sentence = f"{name} is not in the drawing: add it to the architecture, then to GRAPH"
            faults.append(Fault(folder / "__manifest__.py", 0, sentence))
            continue
        drawn, declared = house.drawn(name) | {"base", "web"}, house.declared(name)
        for needed in sorted(house.depends(name) - drawn):
            sentence = f"the manifest depends on {needed}, and the drawing has no way down to it"
            faults.append(Fault(folder / "__manifest__.py", 0, sentence))
        for use in references.uses(folder, {*house.known, *GRAPH}, house.models):
            if use.module not in drawn:
                why = "and the drawing has no way down to it"
            elif use.module not in declared:
                why = "which its manifest does not declare"
            else:
                continue
            faults.append(
                Fault(use.path, use.line, f"{name} uses {use.module} ({use.what}), {why}")
            )
    return sorted(set(faults))


def odoo_addons():
    """Folder of Odoo's own addons in this environment."""
    import importlib.util

    spec = importlib.util.find_spec("odoo")
    if spec is None:
        raise SystemExit("Odoo is not in this Python: run this by `make lint`")
    return Path(next(iter(spec.submodule_search_locations)), "addons")


def main():
    """Print the faults; 1 when there are any."""
    faults = check()
    for fault in faults:
        print(fault.text(ROOT))
    print(
        f"dependencies: {len(faults)} forbidden edges" if faults else "dependencies: all downwards"
    )
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
