"""The rules of `make lint`, run inside the environment."""

import sys
import time

from tools import check_dependencies

from . import ROOT, chapters, manifests, programs, translations, tree
from .programs import ProgramFailed


def dependencies(root):
    """Edges that do not lead down."""
    return check_dependencies.check(root / "addons")


RULES = {
    "ruff": programs.ruff,
    "pylint-odoo": programs.pylint,
    "eslint": programs.eslint,
    "prettier": programs.prettier,
    "dependencies": dependencies,
    "french": translations.check,
    "manifests": manifests.check,
    "chapters": chapters.check,
    "tree": tree.check,
}
NODE = {"eslint", "prettier"}


def run(names, root=ROOT):
    """Run the named rules (all when none is named); returns 0, 1 with faults, 2 when unable."""
    unknown = set(names) - set(RULES)
    if unknown:
        print(f"lint knows {', '.join(RULES)}; not {', '.join(sorted(unknown))}")
        return 2
    wanted = [name for name in RULES if not names or name in names]
    total, unable = 0, False
    for name in wanted:
        started = time.monotonic()
        try:
            if name in NODE:
                programs.install_node_packages(root)
            faults = sorted(set(RULES[name](root)))
        except ProgramFailed as error:
            print(f"lint {name}: {error}", flush=True)
            unable = True
            continue
        for fault in faults:
            print(fault.text(root))
        total += len(faults)
        verdict = f"{len(faults)} faults" if faults else "clean"
        print(f"lint {name}: {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
    if not names or "french" in names:
        print("lint: that French covers every term shown is asked of a database, in `make test`")
    return 1 if total else 2 if unable else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
