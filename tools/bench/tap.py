"""A tap in the browser, beside Odoo's own eWallet at the same till and basket."""

import shutil
import statistics
import subprocess

from tests.conftest import CHROMIUM_FLAGS
from tests.support.odoo_process import OdooServer
from tools.testing.layout import DATA
from tools.testing.template import odoo_command

from . import bar
from .figure import Figure, percentile

ROUNDS = 50
CUSTOMER = "Bench customer"

HELPERS = """
window.bench = {
    find: (selector, text) => [...document.querySelectorAll(selector)].find(
        (el) => el.offsetParent !== null && (!text || el.textContent.includes(text))),
    async until(seen) {
        const start = performance.now();
        for (;;) {
            const found = seen();
            if (found) { return found; }
            if (performance.now() - start > 20000) { throw new Error(`waited for ${seen}`); }
            await new Promise((resolve) => requestAnimationFrame(resolve));
        }
    },
    async touch(selector, text) {
        (await this.until(() => this.find(selector, text))).click();
    },
    async beer() {
        await this.touch(".product-list article", "Beer");
        await this.until(() => this.find(".orderline", "Beer"));
    },
    free() {
        return this.find(".product-screen") && !this.find(".orderline");
    },
};
"""
CARD = """
async (uid) => {
    const bench = window.bench;
    await bench.beer();
    const start = performance.now();
    window.posmodel.tibilletTill.simulated.tap(uid);
    await bench.until(() => bench.find(".tibillet-band[data-tone='yes']") && bench.free());
    return performance.now() - start;
}
"""
EWALLET = """
async (customer) => {
    const bench = window.bench;
    await bench.beer();
    const start = performance.now();
    await bench.touch(".product-screen .set-partner");
    await bench.touch(".partner-line", customer);
    await bench.until(() => !bench.find(".modal"));
    await bench.touch(".product-screen .more-btn");
    await bench.touch(".control-buttons button", "eWallet Pay");
    await bench.until(() => !bench.find(".modal") && bench.find(".orderline", "eWallet"));
    await bench.touch(".product-screen .pay-order-button");
    await bench.touch(".payment-screen .validation-button");
    await bench.touch(".receipt-screen .button.next");
    await bench.until(() => bench.free());
    return performance.now() - start;
}
"""


def tap(database):
    """Card touches the reader → the till is free: median of fifty, by the screen."""
    from tests.support.database import Database

    _install(database, "pos_loyalty")
    base = Database(database)
    with base.env() as env:
        made = bar.build(env)
        manager = env["res.users"].search([("login", "=", bar.LOGIN)])
        manager.group_ids |= env.ref("point_of_sale.group_pos_manager")
        env["ir.config_parameter"].set_param("tibillet_pos_nfc.simulated_reader", "test")
        _ewallet(env, made)
        uids, config = made.uids, made.tills[0].config
    base.close()
    log = DATA / "log" / "servers" / f"bench-{database}.log"
    server = OdooServer(database, log, workers=2).start()
    try:
        card, wallet = _in_the_browser(server, config, uids)
    finally:
        server.stop()
        base.close()
    median = statistics.median(card)
    return Figure(
        median,
        "ms median",
        "Odoo's eWallet",
        statistics.median(wallet),
        {
            "p95": round(percentile(card, 0.95), 1),
            "rounds": len(card),
            "aim_ms": 250,
            "touches": 1,
            "ewallet_touches": 7,
            "ewallet_p95": round(percentile(wallet, 0.95), 1),
        },
    )


def _install(database, module):
    subprocess.run(
        [*odoo_command(database), "-i", module, "--stop-after-init", "--no-http"],
        check=True,
        capture_output=True,
    )


def _ewallet(env, made):
    """A customer with an eWallet full enough for all rounds."""
    company = env["res.company"].browse(made.tills[0].company)
    env = env(context={"allowed_company_ids": company.ids})
    partner = env["res.partner"].create({"name": CUSTOMER})
    env.ref("loyalty.ewallet_product_50").product_tmpl_id.active = True
    Program = env["loyalty.program"]
    program = Program.browse(Program.create_from_template("ewallet")["res_id"])
    program.write({"company_id": company.id, "pos_ok": True})
    env["loyalty.card"].create(
        {"program_id": program.id, "partner_id": partner.id, "points": 100_000}
    )


def _in_the_browser(server, config, uids):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS)
        )
        page = browser.new_page(viewport={"width": 1366, "height": 850}, locale="en-US")
        page.goto(f"{server.url}/web/login")
        page.fill("#login", bar.LOGIN)
        page.fill("#password", bar.PASSWORD)
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_url("**/odoo/**", timeout=60_000)
        page.goto(f"{server.url}/pos/ui/{config}")
        page.click(".open-register-btn", timeout=90_000)
        page.wait_for_selector(".product-screen", timeout=60_000)
        page.wait_for_selector(".tibillet-status[data-reader='yes']", timeout=30_000)
        page.evaluate(HELPERS)
        page.evaluate("window.posmodel.tibilletTill.sounds.muted = true")
        for turn in range(3):
            page.evaluate(CARD, uids[turn])
        card = [page.evaluate(CARD, uids[3 + turn]) for turn in range(ROUNDS)]
        page.evaluate(EWALLET, CUSTOMER)
        wallet = [page.evaluate(EWALLET, CUSTOMER) for _turn in range(ROUNDS)]
        browser.close()
    return card, wallet


FIGURES = {"till.tap": tap}
