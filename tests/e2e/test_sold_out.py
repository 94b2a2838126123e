"""Sold out at one till is grey at the next by itself: two browsers, one server, the real bus."""

import time

from playwright.sync_api import expect

from tests.e2e.counter import BEER
from tests.e2e.till_page import TillPage

PAIRED = "() => posmodel.tibilletTill.state.paired"


def paired(till, bar, name):
    """Give this browser a device of its own, as the manager does."""
    with bar.database.env(company_id=bar.company_id) as env:
        devices = env["tibillet.device"].with_user(bar.manager_id)
        code = devices.create({"name": name, "config_id": bar.config_id})._new_code()
    till.page.evaluate("code => posmodel.tibilletTill.pair(code)", code)
    till.page.wait_for_function(PAIRED)
    return till


def beer(till):
    return till.page.locator("article.product", has_text=BEER.french)


def hold_finger_on(product):
    """Press long enough for the product's own window."""
    product.hover()
    product.page.mouse.down()
    product.page.wait_for_selector(".tibillet-product-acts")
    product.page.mouse.up()


def test_sold_out_is_grey_on_every_till(bar, odoo_server, new_page, screenshots):
    server = odoo_server(bar.database)
    left = TillPage(new_page(), server, bar, screenshots).open()
    left.open_register()
    right = TillPage(new_page(width=1024, height=600), server, bar, screenshots).open()
    if right.page.locator(".open-register-btn").count():
        right.page.click(".open-register-btn")
    for till, name in ((left, "Comptoir gauche"), (right, "Comptoir droit")):
        if till.page.locator(".floor-map").count():
            till.page.click(".new-order, .register-label, [name=register]")
        till.page.wait_for_selector(".product-screen")
        paired(till, bar, name)
        expect(beer(till)).not_to_have_attribute("data-sold-out", "yes")

    hold_finger_on(beer(left))
    left.picture("sold-out-asked")
    began = time.perf_counter()
    left.page.click(".tibillet-say-out")
    right.page.wait_for_selector("article.product[data-sold-out=yes]")
    took = time.perf_counter() - began
    print(f"sold out seen at the other till after {1000 * took:.0f} ms, the touch included")
    expect(beer(right)).to_have_attribute("data-sold-out", "yes")
    expect(beer(left)).to_have_attribute("data-sold-out", "yes")
    right.picture("sold-out-seen")

    # It survives a reload, and a touch sells nothing.
    right.reload()
    expect(beer(right)).to_have_attribute("data-sold-out", "yes")
    beer(right).click()
    assert BEER.french in right.band("sold_out")
    expect(right.basket()).to_have_count(0)
    right.picture("sold-out-touched")

    # One touch there puts it back in sale here.
    right.press("back_in_sale")
    expect(beer(left)).not_to_have_attribute("data-sold-out", "yes")
    expect(beer(right)).not_to_have_attribute("data-sold-out", "yes")
    assert bar.database.value("SELECT count(*) FROM tibillet_sold_out WHERE ended_at IS NULL") == 0
    for till in (left, right):
        till.page.goto("about:blank")
    bar.wait_until_quiet()
