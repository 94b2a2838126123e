"""Fixtures of the tests that run on real processes (everything below `tests/`).

    def test_something(database, odoo_server, rpc):
        server = odoo_server(database, workers=2)
        admin = rpc(server)
        assert admin.call("res.partner", "search_count", [[]])
        assert database.value("SELECT count(*) FROM res_partner")

- `database`: a fresh copy of the template with all our addons (`tests/support/database.py`).
- `new_database`: makes further ones: `new_database()`, or `new_database(core=True)` without ours.
- `odoo_server`: factory of servers on free ports (`tests/support/odoo_process.py`), stopped at the
  end; a WARNING in their log fails the test (see `tools/testing/plugin.py` for `expects_log`).
- `rpc`: signs in to a server (`tests/support/rpc.py`).
- `chromium`: path of the browser; `browser`: Playwright's, launched once; `new_page`: factory of
  pages in a context of their own (`new_page(width=390, height=844, locale="fr-FR")`).
- `screenshots`: folder that outlives the run, one per test file.

Run them with `make test TESTS=tests/e2e`, which prepares the template and the database server.
"""

import contextlib
import itertools
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.database import Database, copy_of
from tests.support.odoo_process import OdooServer
from tests.support.rpc import Rpc
from tools.testing import databases, template
from tools.testing.layout import DATA
from tools.testing.plugin import watch_log

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def _named(variable):
    name = os.environ.get(variable)
    if not name:
        pytest.fail("no template database: run this with `make test TESTS=…`", pytrace=False)
    return name


def _short(request):
    return re.sub(r"\W+", "_", request.node.name)[:60]


@pytest.fixture(scope="session")
def template_database():
    """Name of the template with all our addons; never connect Odoo to it, copy it."""
    return _named("TIBILLET_TEST_TEMPLATE")


@pytest.fixture(scope="session")
def core_template():
    """Name of the template with Odoo's own modules only."""
    return _named("TIBILLET_TEST_CORE_TEMPLATE")


_DATABASES = itertools.count(1)


@pytest.fixture
def new_database(request):
    """Factory of databases; each is dropped when the test ends."""
    with contextlib.ExitStack() as clean:

        def make(core=False, template_name=None) -> Database:
            source = template_name or (
                request.getfixturevalue("core_template" if core else "template_database")
            )
            name = f"{template.PREFIX}_run_{os.getpid()}_{next(_DATABASES)}"
            attachments = template.core_filestore(source) if core else None
            clean.callback(databases.drop, name)
            made = copy_of(source, name, attachments)
            clean.callback(made.close)
            return made

        yield make


@pytest.fixture
def database(new_database):
    """A fresh copy of the template with all our addons."""
    return new_database()


@pytest.fixture
def odoo_server(request):
    """Factory of running servers: `odoo_server(database, workers=2, cron=True, options=[…])`."""
    folder = DATA / "log" / "servers"
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as clean:
        numbers = itertools.count(1)

        def start(database, **options) -> OdooServer:
            log = folder / f"{_short(request)}-{os.getpid()}-{next(numbers)}.log"
            log.unlink(missing_ok=True)
            watch_log(log)
            server = OdooServer(database, log, **options)
            clean.callback(server.stop)
            return server.start()

        yield start


@pytest.fixture
def rpc():
    """Sign in to a server: `rpc(server, login="admin", password="admin")`."""
    return Rpc


@pytest.fixture(scope="session")
def chromium():
    """Path of the browser."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if shutil.which(name):
            return shutil.which(name)
    return pytest.fail("no Chromium on this machine", pytrace=False)


@pytest.fixture(scope="session")
def browser(chromium):
    """A Chromium driven by Playwright, one for the whole session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def new_page(browser):
    """Factory of pages, each in a context of its own (cookies, language, size)."""
    with contextlib.ExitStack() as clean:

        def make(width=1366, height=850, locale="fr-FR", **options):
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale=locale, **options
            )
            clean.callback(context.close)
            return context.new_page()

        yield make


@pytest.fixture
def screenshots(request) -> Path:
    """Folder for this test file's pictures; they stay after the run."""
    folder = DATA / "screenshots" / Path(request.node.fspath).stem
    folder.mkdir(parents=True, exist_ok=True)
    return folder
