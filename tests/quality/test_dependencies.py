"""`tools/check_dependencies.py` refuses an edge of each kind that does not lead down.

The planted tree has the wallet, the event and the membership; Odoo's own modules are planted too,
so that the test says itself what is declared.
"""

import pytest

from tests.quality.planting import addon, write
from tools import check_dependencies

CORE = {
    "base": [],
    "web": ["base"],
    "account": ["base"],
    "account_payment": ["account"],
    "portal": ["web"],
    "point_of_sale": ["account"],
    "website_sale": ["portal"],
    "website_event_sale": ["website_sale"],
    "website_event_track": ["portal"],
}


@pytest.fixture
def house(tmp_path):
    """Three rooms that depend on each other as drawn; the check of it finds nothing."""
    for name, depends in CORE.items():
        write(tmp_path / "odoo" / "addons" / name / "__manifest__.py", f"{{'depends': {depends}}}")
    model = "class Order(models.Model):\n    _name = 'pos.order'\n"
    write(tmp_path / "odoo" / "addons" / "point_of_sale" / "models" / "order.py", model)
    addon(tmp_path)
    event = '["tibillet_wallet", "website_event_sale", "website_event_track"]'
    addon(tmp_path, "tibillet_event", event)
    addon(tmp_path, "tibillet_membership", '["tibillet_wallet"]')
    model = "class Membership(models.Model):\n    _name = 'tibillet.membership'\n"
    write(tmp_path / "addons" / "tibillet_membership" / "models" / "membership.py", model)
    return tmp_path


def faults(house):
    """What the check says of the planted tree, as one text."""
    found = check_dependencies.check(house / "addons", house / "odoo" / "addons")
    return "\n".join(fault.text(house) for fault in found)


# Kind of edge → (file of the wallet, or of the event; content). Each uses what it may not.
UPWARDS = {
    "import": ("models/x.py", "from odoo.addons.tibillet_event.models import seat\n"),
    "import of a package": ("models/x.py", "from odoo.addons import tibillet_event\n"),
    "import in a test": ("tests/x.py", "import odoo.addons.tibillet_event.tests.common\n"),
    "ref": ("models/x.py", 'def f(env):\n    return env.ref("tibillet_event.gate_menu")\n'),
    "ref that may fail": (
        "models/x.py",
        'def f(env):\n    return env.ref("tibillet_event.gate_menu", raise_if_not_found=False)\n',
    ),
    "group": ("models/x.py", 'def f(u):\n    return u.has_group("tibillet_event.group_gate")\n'),
    "groups of a field": ("models/x.py", 'x = fields.Char(groups="tibillet_event.group_gate")\n'),
    "xml-id in a table": ("models/x.py", 'ROLES = {"gate": "tibillet_event.group_gate"}\n'),
    "XML ref": (
        "views/x.xml",
        '<odoo><record id="x" model="ir.ui.view">'
        '<field name="inherit_id" ref="tibillet_event.form"/></record></odoo>',
    ),
    "XML eval": ("views/x.xml", "<odoo><field eval=\"[(4, ref('tibillet_event.x'))]\"/></odoo>"),
    "XML record of another": (
        "views/x.xml",
        '<odoo><record id="tibillet_event.x" model="ir.ui.view"/></odoo>',
    ),
    "XML groups": ("views/x.xml", '<odoo><field groups="base.a,!tibillet_event.b"/></odoo>'),
    "XML t-call": ("views/x.xml", '<odoo><t t-call="tibillet_event.page"/></odoo>'),
    "XML t-inherit": (
        "static/src/x.xml",
        '<templates><t t-inherit="tibillet_event.P"/></templates>',
    ),
    "XML menu parent": ("views/x.xml", '<odoo><menuitem parent="tibillet_event.root"/></odoo>'),
    "XML action": ("views/x.xml", '<odoo><button name="%(tibillet_event.open)d"/></odoo>'),
    "CSV": (
        "security/ir.model.access.csv",
        "id,name,model_id:id,group_id:id\na,a,tibillet_event.model_x,base.group_user\n",
    ),
    "JavaScript import": ("static/src/x.js", 'import { G } from "@tibillet_event/gate";\n'),
    "JavaScript import of effects": ("static/src/x.js", 'import "@tibillet_event/gate";\n'),
    "JavaScript dynamic import": ("static/src/x.js", 'await import("@tibillet_event/gate");\n'),
}


def test_the_drawing_itself_is_accepted(house):
    assert faults(house) == ""


@pytest.mark.parametrize("kind", UPWARDS)
def test_an_edge_upwards_is_refused(house, kind):
    name, content = UPWARDS[kind]
    write(house / "addons" / "tibillet_wallet" / name, content)
    text = faults(house)
    assert f"addons/tibillet_wallet/{name}:" in text
    assert "tibillet_wallet uses tibillet_event" in text
    assert "the drawing has no way down to it" in text


@pytest.mark.parametrize("kind", UPWARDS)
def test_the_same_edge_downwards_is_accepted(house, kind):
    name, content = UPWARDS[kind]
    down = content.replace("tibillet_event", "tibillet_wallet")
    write(house / "addons" / "tibillet_event" / name, down)
    assert faults(house) == ""


def test_a_manifest_that_points_upwards_is_refused(house):
    addon(house, depends='["account_payment", "tibillet_event"]')
    assert "the manifest depends on tibillet_event" in faults(house)


def test_a_manifest_that_points_sideways_is_refused(house):
    addon(house, "tibillet_membership", '["tibillet_wallet", "tibillet_event"]')
    assert "the manifest depends on tibillet_event" in faults(house)


def test_a_manifest_that_names_a_room_of_odoo_beside_the_drawing_is_refused(house):
    addon(house, depends='["account_payment", "point_of_sale"]')
    assert "the manifest depends on point_of_sale" in faults(house)


def test_a_drawn_edge_that_is_not_declared_is_refused(house):
    addon(house, "tibillet_event", '["website_event_sale"]')
    code = "from odoo.addons.tibillet_wallet.exceptions import LedgerError\n"
    write(house / "addons" / "tibillet_event" / "models" / "x.py", code)
    assert "which its manifest does not declare" in faults(house)


@pytest.mark.parametrize(
    "code",
    [
        'def f(env):\n    return env["tibillet.membership"]\n',
        'x = fields.Many2one("tibillet.membership")\n',
        'x = fields.Many2one(comodel_name="tibillet.membership")\n',
        '_inherit = "tibillet.membership"\n',
    ],
)
def test_a_model_of_a_room_sideways_is_refused(house, code):
    write(house / "addons" / "tibillet_event" / "models" / "x.py", code)
    assert "tibillet_event uses tibillet_membership" in faults(house)


def test_the_wallet_knows_nothing_of_tills(house):
    code = 'def f(env):\n    return env["pos.order"]\n'
    write(house / "addons" / "tibillet_wallet" / "models" / "x.py", code)
    assert "tibillet_wallet uses point_of_sale" in faults(house)


def test_assets_of_another_room_are_refused(house):
    manifest = house / "addons" / "tibillet_wallet" / "__manifest__.py"
    assets = '"assets": {"web.assets_backend": ["tibillet_event/static/src/x.js"]},\n    "data"'
    manifest.write_text(manifest.read_text().replace('"data"', assets))
    assert "tibillet_wallet uses tibillet_event (asset" in faults(house)


def test_a_room_that_nobody_drew_is_refused(house):
    addon(house, "tibillet_casino", '["tibillet_wallet"]')
    assert "tibillet_casino is not in the drawing" in faults(house)
