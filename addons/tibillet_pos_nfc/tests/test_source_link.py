from odoo.tests import tagged

from .common import TillCase

LOOK = """
(async () => {
    const find = async (selector) => {
        for (let tries = 0; tries < 300; tries++) {
            const found = document.querySelector(selector);
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`not in the till: ${selector}`);
    };
    (await find(".pos-rightheader button .fa-bars")).click();
    let opened = "";
    window.open = (address) => (opened = address);
    (await find(".tibillet-source")).click();
    if (opened !== "/tibillet/source") {
        throw new Error(`the till links to ${opened}`);
    }
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestSourceLink(TillCase):
    def test_till_links_to_its_source(self):
        """Section 13 of the AGPL: the cashier too is offered the source."""
        self.config.with_user(self.cashier).open_ui()
        self.config.current_session_id.set_opening_control(0, "")
        self.cashier.password = self.cashier.login
        url = f"/pos/ui/{self.config.id}"
        ready = "document.querySelector('.pos-rightheader') !== null"
        self.browser_js(url, LOOK, ready, login=self.cashier.login, timeout=180)
