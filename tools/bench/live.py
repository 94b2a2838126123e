"""How long a sale takes from its till to an open live page, by the bus alone."""

import shutil
import statistics
import time

from tests.conftest import CHROMIUM_FLAGS
from tests.support.database import Database
from tests.support.odoo_process import OdooServer
from tests.support.rpc import Rpc
from tools.testing.layout import DATA

from . import bar
from .figure import Figure

ROUNDS = 20
AIM_MS = 2000
# The page also asks by itself once a minute: an answer later than this did not come by the bus.
GIVE_UP_MS = 30_000
SHOWN = """
orders => [...document.querySelectorAll(".tibillet-live tr[data-till]")]
    .some((row) => row.children[1].innerText.trim() === String(orders))
"""


def prepare(env):
    """A bar with one open till, whose cashier may read the live page."""
    made = bar.build(env, tills=1, cards=1)
    manager = env["res.users"].search([("login", "=", bar.LOGIN)])
    manager.group_ids |= env.ref("point_of_sale.group_pos_manager")
    return made


def watch(page, url):
    """Open the live page as the manager does and wait until it shows the till."""
    page.goto(f"{url}/web/login?redirect=/odoo/till-live", timeout=180_000)
    page.fill("#login", bar.LOGIN)
    page.fill("#password", bar.PASSWORD)
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_selector(".tibillet-live tr[data-till]", timeout=180_000)


def sell(page, client, till, rounds):
    """Sales over HTTP, one after the other: ms from the request to the figure on the page."""
    times = []
    for number in range(1, rounds + 1):
        started = time.perf_counter()
        client.call("pos.order", "sync_from_ui", [[till.order()]])
        page.wait_for_function(SHOWN, arg=number, timeout=GIVE_UP_MS)
        times.append((time.perf_counter() - started) * 1000)
    return times


def push(database):
    """A cash sale over HTTP until a browser's open live page shows it: the median."""
    from playwright.sync_api import sync_playwright

    base = Database(database)
    with base.env() as env:
        [till] = prepare(env).tills
    base.close()
    log = DATA / "log" / "servers" / f"bench-{database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    server = OdooServer(database, log).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS)
            )
            page = browser.new_page(viewport={"width": 1366, "height": 850})
            watch(page, server.url)
            times = sell(page, Rpc(server, bar.LOGIN, bar.PASSWORD), till, ROUNDS)
            browser.close()
    finally:
        server.stop()
        base.close()
    return Figure(
        statistics.median(times),
        "ms median",
        "two seconds",
        AIM_MS,
        {"slowest": round(max(times), 1), "rounds": len(times)},
    )


FIGURES = {"live.push": push}
