"""The till in a browser, as the cashier sees and touches it."""

import re
import time

from playwright.sync_api import expect

from tests.e2e.counter import BEER, CASHIER, DRAWER, PASSWORD

BRIDGE_PORT = 8765
SEND = "**/pos.order/sync_from_ui"
POURED = "(posmodel.getOrder()?.lines ?? []).reduce((sum, line) => sum + line.qty, 0)"
CLOSING_SECONDS = 120
FIRST_PAGE_MS = 180000
PATIENCE_MS = 20000
expect.set_options(timeout=PATIENCE_MS)  # what is expected is waited for like what is touched


class TillPage:
    """One page on the real till.

    :param page: a Playwright page
    :param server: the running Odoo
    :param bar: a `tests.e2e.counter.Counter`
    """

    def __init__(self, page, server, bar, screenshots=None):
        self.page = page
        self.server = server
        self.bar = bar
        self.screenshots = screenshots
        page.set_default_timeout(PATIENCE_MS)

    # -- getting there -------------------------------------------------------------------

    def open(self):
        """Load the till, through Odoo's own sign-in page the first time."""
        page = self.page
        path = f"/pos/ui/{self.bar.config_id}"
        # A first page compiles its bundles.
        page.goto(f"{self.server.url}/web/login?redirect={path}", timeout=FIRST_PAGE_MS)
        form = page.locator("form.oe_login_form")
        if form.count():
            form.locator("input[name=login]").fill(CASHIER)
            form.locator("input[name=password]").fill(PASSWORD)
            form.locator("button[type=submit]").click(timeout=FIRST_PAGE_MS)
        page.wait_for_selector(".pos .pos-content", timeout=FIRST_PAGE_MS)
        return self

    def open_register(self):
        """Type what is in the drawer and begin."""
        page = self.page
        page.click(".open-register-btn")
        page.fill(".opening-cash-section input", f"{DRAWER:.0f}")
        page.click(".modal-footer .btn-primary")
        page.wait_for_selector(".modal", state="detached")
        page.wait_for_selector(".product-screen")

    def link_reader(self, token):
        """Touch the light of the reader, and type the token that the bridge showed."""
        page = self.page
        page.click(".tibillet-status")
        page.click(".tibillet-band[data-code=bridge_unpaired] [data-key=pair_reader]")
        page.fill("#tibillet_token", token)
        page.click(".modal-footer .btn-primary")
        page.wait_for_selector(".tibillet-band", state="detached")
        page.wait_for_function("() => posmodel.tibilletTill.state.reader === 'ready'")

    def pair(self, code):
        """Type the manager's code."""
        page = self.page
        page.click(".tibillet-status")
        page.fill("#tibillet_code", code)
        page.click(".tibillet-pair")
        page.wait_for_selector(".modal", state="detached")
        page.wait_for_selector(".tibillet-status[data-reader=yes]")

    def reload(self):
        """Load the page again, as F5 does, and go on."""
        self.page.reload(timeout=FIRST_PAGE_MS)
        self.page.wait_for_selector(".pos .product-screen", timeout=FIRST_PAGE_MS)

    # -- selling ---------------------------------------------------------------------------

    def beer(self, count=1):
        """Put beers into the basket, and see them there: a tap on an empty one pays nothing."""
        held = self.page.evaluate(POURED)
        for _ in range(count):
            self.page.locator(".product", has_text=BEER.french).click()
        self.page.wait_for_function(f"(wanted) => {POURED} >= wanted", arg=held + count)

    def tables(self):
        """Show the floor."""
        self.page.click(".table-button")
        self.page.wait_for_selector(".floor-map .table")

    def table(self, number):
        """Sit down at a table: its order, or a new one."""
        label = self.page.locator(".label", has_text=re.compile(rf"^\s*{number}\s*$"))
        self.page.locator(".floor-map .table", has=label).click()
        self.page.wait_for_selector(".product-screen")

    def basket(self):
        """Lines of the basket on the screen."""
        return self.page.locator(".order-container .orderline")

    def band(self, code, timeout=8000):
        """Wait for the band over the till; returns its words (a yes is gone in 1.5 s)."""
        words = self.page.wait_for_function(
            "code => document.querySelector(`.tibillet-band[data-code=${code}]`)?.innerText",
            arg=code,
            timeout=timeout,
        )
        return words.json_value().replace("\u00a0", " ").replace("\u202f", " ")

    def press(self, key):
        """Press one of the band's keys."""
        self.page.click(f".tibillet-band [data-key={key}]")

    def pay_on_screen(self):
        """Go to the payment screen, where the till waits for a card."""
        self.page.click(".pay-order-button")
        self.page.wait_for_selector(".payment-screen")

    def validate(self):
        """Press the payment screen's big button."""
        self.page.click(".payment-screen .validation-button >> visible=true")

    def next_order(self):
        """Leave the receipt, once it is there."""
        self.page.wait_for_selector(".receipt-screen .pos-receipt")
        self.page.click(".receipt-screen [name=done] >> visible=true")
        self.page.wait_for_selector(".product-screen")

    def when_an_order_is_sent(self, act):
        """Do something at the very moment the browser sends a paid order, which is lost."""

        def lose(route):
            if not self._is_paid(route):
                route.continue_()
                return
            self.page.unroute(SEND)
            act()
            route.abort("connectionrefused")
            self.page.evaluate("window.orderWasSent = true")

        self.page.route(SEND, lose)

    def lose_orders(self):
        """Let no paid order reach the server; returns what ends that."""

        def lose(route):
            if self._is_paid(route):
                route.abort("connectionrefused")
            else:
                route.continue_()

        self.page.route(SEND, lose)
        return lambda: self.page.unroute(SEND, lose)

    @staticmethod
    def _is_paid(route):
        """Whether it is a paid order that is sent, or a basket that is still being filled."""
        return '"state":"paid"' in route.request.post_data.replace(" ", "")

    def refund_last_order(self):
        """Choose the last paid order's line, and the card as the way to give it back."""
        page = self.page
        page.click(".orders-button")
        page.click(".pos-search-bar .filter")
        page.click(".pos-search-bar .filter li:has-text('Payé')")
        page.click(".ticket-screen .order-row:has-text('Payé') >> nth=0")
        page.click(".ticket-screen .numpad button[value='1']")
        page.click(".ticket-screen .pay-order-button")
        page.wait_for_selector(".payment-screen")
        page.click(".paymentmethod:has-text('TiBillet')")
        page.click(".send_refund_request")
        self.band("tap_now")

    def sent(self, timeout=40000):
        """Wait until the server has every order that went behind the next customer."""
        self.page.wait_for_function(
            """() => !Object.keys(localStorage).some(
                (name) => name.startsWith("tibillet_unsent.") &&
                    JSON.parse(localStorage.getItem(name)).length)""",
            timeout=timeout,
        )

    def close_register(self):
        """Count what is in the drawer without being told, and close, as every evening."""
        page = self.page
        before = self.bar.closed_sessions()
        page.click(".pos-rightheader .dropdown-toggle")
        page.click(".o-dropdown--menu .dropdown-item:has-text('Fermer la caisse')")
        page.fill(".tibillet-cash-loose", f"{self.bar.cash_in_drawer():.2f}".replace(".", ","))
        page.click(".tibillet-cash-counted:enabled")
        page.wait_for_selector(".tibillet-cash-result[data-look='yes']")
        self.picture("counted")
        page.click(".tibillet-cash-close")
        page.wait_for_selector(".payment-methods-overview")
        self.picture("closing")
        page.evaluate("() => { window.tibilletClosing = true; }")
        page.click(".close-pos-popup .modal-footer .btn-primary")
        end = time.monotonic() + CLOSING_SECONDS
        while self.bar.closed_sessions() == before:
            assert time.monotonic() < end, "the register did not close"
            page.wait_for_timeout(250)
        # the till then loads its page anew: whoever opens another waits, or the two collide
        page.wait_for_function("() => !window.tibilletClosing")
        page.wait_for_load_state()

    def picture(self, name):
        """Keep a picture of what the cashier sees."""
        if self.screenshots:
            self.page.screenshot(path=self.screenshots / f"{name}.png")
