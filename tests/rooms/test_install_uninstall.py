"""Each addon installs and uninstalls alone, and leaves the database as it found it.

"Alone" is on Odoo's own modules and on those addons of ours that its manifest asks for,
nothing else. At the end of the wallet's life Odoo's own till is tried by Odoo's own tour.
"""

import ast
import json
import subprocess

import pytest

from tests.support.odoo_process import free_port
from tools.testing.layout import ADDONS, ROOT
from tools.testing.template import odoo_command

TOUR = "/point_of_sale:TestUi.test_01_pos_basic_order"

# Runs in one Odoo shell: each install and uninstall makes a new registry by itself.
LIFE = """
import sys
sys.path.insert(0, root)
from odoo.api import Environment
from tests.rooms.remains import remains, snapshot

database = env.cr.dbname

def modules(names):
    fresh = Environment(env.cr, env.uid, {})
    found = fresh["ir.module.module"].search([("name", "in", names)])
    assert set(found.mapped("name")) == set(names), f"of {names} there are {found.mapped('name')}"
    return found

def installed():
    fresh = Environment(env.cr, env.uid, {})
    ours = fresh["ir.module.module"].search([("name", "like", "tibillet")])
    return ours.filtered(lambda module: module.state == "installed").mapped("name")

def change(names, act):
    if names:
        getattr(modules(names), f"button_immediate_{act}")()
        env.cr.commit()

env["ir.module.module"].update_list()
modules(glue).auto_install = False  # what it leaves is only seen if it comes after the others
env.cr.commit()
change(below, "install")
"""


def _manifests():
    return {
        path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
        for path in sorted(ADDONS.glob("tibillet_*/__manifest__.py"))
    }


MANIFESTS = _manifests()


def _own_dependencies(addon):
    """Those of ours that an addon stands on, at any depth."""
    found = set()
    for name in MANIFESTS[addon]["depends"]:
        if name in MANIFESTS:
            found |= {name} | _own_dependencies(name)
    return found


def _life(database, script, **names):
    given = {"root": str(ROOT), "glue": [], **names}
    constants = "\n".join(f"{name} = {json.dumps(value)}" for name, value in given.items())
    return database.shell(f"{constants}\n{LIFE}\n{script}", timeout=900)


@pytest.mark.parametrize("addon", MANIFESTS)
def test_installs_and_uninstalls_alone(addon, new_database):
    below = _own_dependencies(addon)
    life = _life(
        new_database(core=True),
        """
before = snapshot(database)
result = {"before": installed()}
change([addon], "install")
result |= {"with": installed(), "traces": len(remains(before, snapshot(database)))}
change([addon], "uninstall")
result |= {"after": installed(), "left": remains(before, snapshot(database))}
""",
        addon=addon,
        below=sorted(below),
        glue=[addon] if MANIFESTS[addon].get("auto_install") else [],
    )
    assert set(life["before"]) == below
    assert set(life["with"]) == below | {addon}
    assert life["traces"], "the installation left no trace at all: what is compared is wrong"
    assert set(life["after"]) == below
    assert not life["left"], "\n".join(life["left"])


def test_without_us_odoos_own_till_still_sells(new_database, tmp_path):
    database = new_database(core=True)
    outlived = _life(
        database,
        'change(["tibillet_wallet"], "uninstall")\nresult = installed()',
        below=sorted(MANIFESTS),
    )
    assert outlived == [], "an addon outlived the wallet it stands on"

    log = tmp_path / "tour.log"
    ports = ["--http-port", str(free_port()), "--gevent-port", str(free_port())]
    tour = ["--test-tags", TOUR, "--stop-after-init"]
    done = subprocess.run([*odoo_command(database.name, log=log), *ports, *tour], timeout=900)
    text = log.read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, text[-8000:]
    assert "0 failed, 0 error(s) of 1 tests" in text, text[-8000:]
