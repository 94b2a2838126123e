"""Each addon installs and uninstalls alone, and leaves the database as it found it.

"Alone" is on Odoo's own modules and on those addons of ours that its manifest asks for,
nothing else. At the end of the wallet's life Odoo's own till is tried by Odoo's own tour.
"""

import ast
import json
import subprocess

import pytest

from tests.rooms.remains import remains, snapshot
from tests.support.odoo_process import free_port
from tools.testing.layout import ADDONS
from tools.testing.template import odoo_command

TOUR = "/point_of_sale:TestUi.test_01_pos_basic_order"

LIFE = """
from odoo.api import Environment

def module(name):
    fresh = Environment(env.cr, env.uid, {})
    found = fresh["ir.module.module"].search([("name", "=", name)])
    assert found, f"no module {name}"
    return found

def states():
    fresh = Environment(env.cr, env.uid, {})
    ours = fresh["ir.module.module"].search([("name", "like", "tibillet")])
    return {module.name: module.state for module in ours}
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
    given = "\n".join(f"{name} = {json.dumps(value)}" for name, value in names.items())
    return database.shell(f"{LIFE}\n{given}\n{script}")


@pytest.fixture
def prepared(new_database):
    """A copy of Odoo's own modules, with these addons of ours installed."""

    def make(addons):
        database = new_database(core=True)
        script = """
env["ir.module.module"].update_list()
env.cr.commit()
for name in addons:
    module(name).button_immediate_install()
env.cr.commit()
result = states()
"""
        states = _life(database, script, addons=sorted(addons))
        assert {name for name, state in states.items() if state == "installed"} == set(addons)
        return database

    return make


@pytest.mark.parametrize("addon", MANIFESTS)
def test_installs_and_uninstalls_alone(addon, prepared):
    below = _own_dependencies(addon)
    database = prepared(below)
    before = snapshot(database.name)

    states = _life(
        database,
        """
module(addon).button_immediate_install()
env.cr.commit()
result = states()
""",
        addon=addon,
    )
    installed = {name for name, state in states.items() if state == "installed"}
    assert installed == below | {addon}
    assert remains(before, snapshot(database.name)), "the installation left no trace at all"

    states = _life(
        database,
        """
module(addon).button_immediate_uninstall()
env.cr.commit()
result = states()
""",
        addon=addon,
    )
    assert {name for name, state in states.items() if state == "installed"} == below
    assert remains(before, snapshot(database.name)) == []


def test_without_us_odoos_own_till_still_sells(prepared, tmp_path):
    database = prepared(MANIFESTS)
    states = _life(
        database,
        """
module("tibillet_wallet").button_immediate_uninstall()
env.cr.commit()
result = states()
""",
    )
    assert "installed" not in states.values(), "an addon outlived the wallet it stands on"

    log = tmp_path / "tour.log"
    ports = ["--http-port", str(free_port()), "--gevent-port", str(free_port())]
    tour = ["--test-tags", TOUR, "--stop-after-init"]
    done = subprocess.run([*odoo_command(database.name, log=log), *ports, *tour], timeout=500)
    text = log.read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, text[-8000:]
    assert "0 failed, 0 error(s) of 1 tests" in text, text[-8000:]
