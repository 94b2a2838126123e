"""Each rule of `make lint` is silent on a clean tree and speaks when a fault is planted."""

import pytest

from tests.quality.planting import MANIFEST, PO, addon, programs_configuration, write
from tools.lint import __main__ as lint
from tools.lint import chapters, manifests, programs, translations, tree
from tools.testing.layout import ROOT


def said(rule, root):
    """What a rule says of a tree, as one text."""
    return "\n".join(fault.text(root) for fault in rule(root))


@pytest.fixture
def clean(tmp_path):
    """A clean tree with one addon."""
    addon(tmp_path)
    return tmp_path


# -- the tree ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '    "resol' + 'ved": "https://packages.example.org/eslint.tgz",',
        "pip install --index-" + "url https://packages.example.org/simple odoo",
        "registry=" + "https://packages.example.org/npm/",
        "extra-index-url = " + "https://packages.example.org/simple",
        "deb https://" + "artifactory" + ".example.org/debian sid main",
        "see /" + "home/marie/odoo.conf",
        "cd /" + "root/project",
    ],
)
def test_an_address_of_a_registry_or_a_path_of_a_machine_is_a_fault(clean, text):
    assert said(tree.check, clean) == ""
    write(clean / "docs" / "note.md", f"# Note\n\n{text}\n")
    assert "docs/note.md:3: " in said(tree.check, clean)


def test_the_host_that_pip_of_this_machine_uses_is_a_fault(clean, monkeypatch):
    host = "packages.our-machine.example"
    write(clean / "README.md", f"fetched from {host}\n")
    assert said(tree.check, clean) == ""
    monkeypatch.setenv("PIP_INDEX_URL", f"https://{host}/simple")
    assert "README.md:1: " in said(tree.check, clean)


@pytest.mark.parametrize(
    "text", ["/var/lib/odoo", "the work/home/life balance", "https://example.org/home/page"]
)
def test_a_path_of_production_or_of_the_web_is_not(clean, text):
    write(clean / "docs" / "note.md", text)
    assert said(tree.check, clean) == ""


# -- manifests -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("AGPL-3", "LGPL-3", "the licence is AGPL-3"),
        ("19.0.1.0.0", "18.0.1.0.0", "the version is 19.0.x.y.z"),
        ("19.0.1.0.0", "1.0", "the version is 19.0.x.y.z"),
        ("TiBillet for Odoo contributors", "Somebody", "the author is"),
        ("Nothing but a place for faults", "", "no summary"),
        ('"data": []', '"data": ["views/gone.xml"]', "views/gone.xml of data is not there"),
    ],
)
def test_a_wrong_manifest_is_a_fault(clean, before, after, sentence):
    assert said(manifests.check, clean) == ""
    path = clean / "addons" / "tibillet_wallet" / "__manifest__.py"
    path.write_text(path.read_text().replace(before, after))
    assert sentence in said(manifests.check, clean)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("static/description/icon.png", "no icon"),
        ("readme/DESCRIPTION.md", "DESCRIPTION is missing"),
        ("readme/CONFIGURE.md", "CONFIGURE is missing"),
        ("readme/USAGE.md", "USAGE is missing"),
        ("readme/ROADMAP.md", "ROADMAP is missing"),
        ("i18n/fr.po", "no French"),
        ("tests/test_planted.py", "no tests"),
    ],
)
def test_a_missing_file_of_an_addon_is_a_fault(clean, name, sentence):
    (clean / "addons" / "tibillet_wallet" / name).unlink()
    assert sentence in said(manifests.check, clean)


def test_a_test_that_odoo_would_not_load_is_a_fault(clean):
    write(clean / "addons" / "tibillet_wallet" / "tests" / "test_forgotten.py")
    assert "test_forgotten.py is not imported" in said(manifests.check, clean)


def test_a_secret_without_neutralisation_is_a_fault(clean):
    folder = clean / "addons" / "tibillet_wallet"
    write(folder / "models" / "key.py", "    private_key = fields.Char()\n")
    assert "must be neutralised" in said(manifests.check, clean)
    write(folder / "data" / "neutralize.sql", "UPDATE tibillet_key SET private_key = NULL;\n")
    assert said(manifests.check, clean) == ""


# -- French --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ('msgid "Lost"\nmsgstr ""\n', "not translated: “Lost”"),
        ('#, fuzzy\nmsgid "Lost"\nmsgstr "Perdue"\n', "fuzzy: “Lost”"),
        ('#~ msgid "Lost"\n#~ msgstr "Perdue"\n', "obsolete: “Lost”"),
        ('msgid "%(name)s is lost"\nmsgstr "%(nom)s perdue"\n', "other placeholders"),
    ],
)
def test_incomplete_french_is_a_fault(clean, entry, sentence):
    assert said(translations.check, clean) == ""
    write(clean / "addons" / "tibillet_wallet" / "i18n" / "fr.po", f"{PO}\n{entry}")
    assert sentence in said(translations.check, clean)


# -- chapters ------------------------------------------------------------------------------------

MENU = '<odoo><menuitem id="card_menu" name="Cards"/></odoo>'
CHAPTER = (
    "<!-- menu: tibillet_wallet.card_menu -->\n## Cards\n"
    "Here the person at the desk finds a card by its number and serves its holder.\n"
)


def test_a_menu_without_a_chapter_in_each_language_is_a_fault(clean):
    write(clean / "addons" / "tibillet_wallet" / "views" / "menus.xml", MENU)
    text = said(chapters.check, clean)
    assert "tibillet_wallet.card_menu has no chapter in French" in text
    assert "tibillet_wallet.card_menu has no chapter in English" in text
    write(clean / "docs" / "guide" / "desk.fr.md", CHAPTER)
    assert "in English" in said(chapters.check, clean)
    assert "in French" not in said(chapters.check, clean)
    write(clean / "docs" / "guide" / "desk.en.md", CHAPTER)
    assert said(chapters.check, clean) == ""


def test_a_menu_written_as_a_record_counts_too(clean):
    record = '<odoo><record id="card_menu" model="ir.ui.menu"/></odoo>'
    write(clean / "addons" / "tibillet_wallet" / "views" / "menus.xml", record)
    assert "tibillet_wallet.card_menu has no chapter" in said(chapters.check, clean)


def test_a_chapter_of_a_menu_that_is_gone_is_a_fault(clean):
    write(clean / "docs" / "guide" / "desk.en.md", CHAPTER)
    assert "docs/guide/desk.en.md:1: " in said(chapters.check, clean)


def test_a_chapter_that_says_nothing_is_a_fault(clean):
    write(clean / "addons" / "tibillet_wallet" / "views" / "menus.xml", MENU)
    write(clean / "docs" / "guide" / "desk.en.md", CHAPTER.partition("Here")[0])
    assert "says nothing" in said(chapters.check, clean)


# -- programs ------------------------------------------------------------------------------------


def test_ruff_speaks(clean):
    programs_configuration(clean)
    assert said(programs.ruff, clean) == ""
    write(clean / "addons" / "tibillet_wallet" / "models" / "card.py", "import os\n")
    assert "models/card.py:1: F401" in said(programs.ruff, clean)


def test_pylint_odoo_speaks(clean):
    programs_configuration(clean)
    folder = clean / "addons" / "tibillet_wallet"
    assert said(programs.pylint, clean) == ""
    write(folder / "__init__.py", "from . import models\n")
    write(folder / "models" / "__init__.py", "from . import card\n")
    injected = "def find(cr, uid):\n    cr.execute('SELECT 1 FROM card WHERE uid = %s' % uid)\n"
    write(folder / "models" / "card.py", injected)
    assert "sql-injection" in said(programs.pylint, clean)


@pytest.fixture
def with_node(clean):
    """A clean tree in which eslint and prettier are installed."""
    programs.install_node_packages(ROOT)
    programs_configuration(clean)
    return clean


def test_eslint_speaks(with_node):
    script = with_node / "addons" / "tibillet_wallet" / "static" / "src" / "card.js"
    write(script, "export const card = 1;\n")
    assert said(programs.eslint, with_node) == ""
    write(script, "export const card = unknown == 1;\n")
    text = said(programs.eslint, with_node)
    assert "card.js:1: no-undef" in text
    assert "card.js:1: eqeqeq" in text


def test_prettier_speaks(with_node):
    script = with_node / "addons" / "tibillet_wallet" / "static" / "src" / "card.js"
    write(script, "export const card = 1;\n")
    assert said(programs.prettier, with_node) == ""
    write(script, "export const card = 'one'\n")
    assert "static/src/card.js: layout" in said(programs.prettier, with_node)


def test_a_broken_program_is_not_a_clean_tree(clean):
    programs_configuration(clean)
    write(clean / "pyproject.toml", "[tool.ruff]\nline-length = true\n")
    with pytest.raises(programs.ProgramFailed):
        said(programs.ruff, clean)


# -- the command ---------------------------------------------------------------------------------


def test_the_exit_code_says_whether_there_were_faults(clean, capsys):
    assert lint.run(["manifests", "french"], clean) == 0
    write(
        clean / "addons" / "tibillet_wallet" / "__manifest__.py",
        (MANIFEST % ("[]", "")).replace("AGPL", "X"),
    )
    assert lint.run(["manifests"], clean) == 1
    assert "addons/tibillet_wallet/__manifest__.py: the licence is" in capsys.readouterr().out
    assert lint.run(["speling"], clean) == 2


def test_every_rule_of_the_contract_is_run():
    assert set(lint.RULES) == {
        "ruff",
        "pylint-odoo",
        "eslint",
        "prettier",
        "dependencies",
        "french",
        "manifests",
        "chapters",
        "tree",
    }
