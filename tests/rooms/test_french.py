"""French is complete: each `i18n/fr.po` holds exactly the terms that its addon shows.

The terms come from Odoo's own export of a database with all our addons. What a file says of them
(empty, fuzzy, wrong placeholders) is asked by `make lint`. `python -m tools.testing.french` brings
the files up to date.
"""

import pytest

from tools.testing import french
from tools.testing.layout import own_addons

ADDONS = own_addons()


@pytest.fixture(scope="module")
def terms(template_database, request):
    """Terms of every addon of ours, exported once."""
    from tests.support.database import copy_of
    from tools.testing import databases, template

    name = f"{template.PREFIX}_run_french"
    copy_of(template_database, name)
    request.addfinalizer(lambda: databases.drop(name))
    return french.export(name, ADDONS)


@pytest.mark.parametrize("addon", ADDONS)
def test_every_term_that_is_shown_has_its_french_and_no_other(addon, terms):
    found = list(french.difference(terms[addon], ADDONS[addon] / "i18n" / "fr.po"))
    assert not found, "\n".join(found)


def test_a_missing_and_a_superfluous_term_are_seen(terms, tmp_path):
    pot = terms["tibillet_wallet"]
    path = tmp_path / "tibillet_wallet" / "i18n" / "fr.po"
    path.parent.mkdir(parents=True)
    gaps = french.update(pot, path)
    assert gaps, "the export is empty"
    assert not list(french.difference(pot, path))
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\nmsgid "Nobody says this"\nmsgstr "Personne"\n', encoding="utf-8")
    assert list(french.difference(pot, path)) == [
        "tibillet_wallet: in fr.po, and shown nowhere: “Nobody says this”"
    ]
    path.write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    assert len(list(french.difference(pot, path))) == len(set(gaps))
