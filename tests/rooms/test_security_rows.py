"""No model of ours is outside the security matrix.

Each addon's `tests/test_security.py` holds a table, which is tried against the rules there. Here
the tables are compared with the models that a database really has, so that an addon cannot forget
its table, nor a model its row.
"""

import ast

import pytest

from tools.testing.layout import own_addons

ADDONS = own_addons()
MODELS = """
    SELECT m.model FROM ir_model m
      JOIN ir_model_data d ON d.model = 'ir.model' AND d.res_id = m.id
     WHERE d.module = %s AND m.model LIKE 'tibillet.%%'
       AND NOT m.abstract
       AND NOT EXISTS (
           SELECT FROM ir_model_data o JOIN ir_module_module om ON om.name = o.module
            WHERE o.model = 'ir.model' AND o.res_id = m.id AND o.id < d.id)
"""


@pytest.fixture(scope="module")
def models(template_database, request):
    """Addon → its stored models, from a copy of the template."""
    from tests.support.database import copy_of
    from tools.testing import databases, template

    database = copy_of(template_database, f"{template.PREFIX}_run_rows")
    request.addfinalizer(lambda: databases.drop(database.name))
    return {addon: {row[0] for row in database.query(MODELS, addon)} for addon in ADDONS}


def rows_of(addon):
    """Models named in the `MATRIX` tables of an addon's tests."""
    named = set()
    for path in sorted((ADDONS[addon] / "tests").glob("test_security*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = getattr(node, "targets", ())
            if isinstance(node, ast.Assign) and any(
                getattr(target, "id", "") == "MATRIX" for target in targets
            ):
                named |= {key.value for key in node.value.keys}
    return named


@pytest.mark.parametrize("addon", ADDONS)
def test_every_model_has_its_rows(addon, models):
    assert rows_of(addon) == models[addon]


def test_the_wallet_has_models_at_all(models):
    assert {"tibillet.account", "tibillet.card", "tibillet.asset"} <= models["tibillet_wallet"]
