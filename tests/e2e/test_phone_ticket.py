"""A ticket on a phone: opened once, there without network, and gone when it was cancelled."""

import datetime
import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.support.page_checks import axe_faults

PHONE = {"width": 390, "height": 844}
KEPT = """async () => {
    const kept = [];
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) {
            kept.push(new URL(request.url).pathname);
        }
    }
    return kept;
}"""


@pytest.fixture
def ticket(database):
    """A signed ticket of somebody whose name is not asked: its id, text and page."""
    with database.env() as env:
        env["res.lang"]._activate_lang("fr_FR")
        begin = datetime.datetime.now().replace(microsecond=0) + datetime.timedelta(days=3)
        event = env["event.event"].create(
            {
                "name": "Fest-noz",
                "date_begin": begin,
                "date_end": begin + datetime.timedelta(hours=4),
                "website_published": True,
                "event_ticket_ids": [(0, 0, {"name": "Plein tarif", "price": 0})],
            }
        )
        one = env["event.registration"].create(
            {
                "event_id": event.id,
                "event_ticket_id": event.event_ticket_ids.id,
                "name": "Soazig Le Bihan",
            }
        )
        one.action_confirm()
        one._tibillet_printable()
        known = one.id, one.tibillet_ticket_text, one._tibillet_page_url()
        env.cr.commit()
    database.close()
    return known


def read(page):
    """What a reader sees on the screen."""
    seen = Image.open(io.BytesIO(page.screenshot())).convert("L")
    return [one.text for one in zxingcpp.read_barcodes(seen)]


@pytest.mark.parametrize(
    ("lang", "paid", "bad"), [("fr", "Gratuit", "Non valable"), ("en", "Free", "Not valid")]
)
def test_without_network(lang, paid, bad, ticket, database, odoo_server, new_page, screenshots):
    number, text, path = ticket
    server = odoo_server(database)
    page = new_page(**PHONE, locale=f"{lang}-FR")
    answer = page.goto(f"{server.url}{path}/phone?lang={lang}")
    assert answer.headers["cache-control"] == "no-store"
    expect(page.locator("#ticket")).to_contain_text(paid)
    expect(page.locator("#seen")).not_to_be_empty()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.screenshot(path=screenshots / f"phone-{lang}.png")
    assert not axe_faults(page, "main")
    assert read(page) == [text]
    assert "Soazig" not in page.content(), "a name stands on it only where names are asked"
    assert page.evaluate(KEPT) == [f"{path}/phone"], "this page is kept and nothing else"

    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#ticket")).to_contain_text(paid)
    said = page.locator("#offline").text_content()
    expect(page.locator("#seen")).to_contain_text(said)
    assert read(page) == [text]
    page.locator("#code").click()
    box = page.locator("#code").bounding_box()
    assert (box["width"], box["height"]) == (PHONE["width"], PHONE["height"])
    page.screenshot(path=screenshots / f"phone-whole-{lang}.png")
    assert read(page) == [text]
    page.locator("#code").click()

    # Cancelled meanwhile: the phone hears of it as soon as there is network, and forgets the code.
    with database.env() as env:
        env["event.registration"].browse(number).action_cancel()
        env.cr.commit()
    database.close()
    page.context.set_offline(False)
    expect(page.locator("#gone")).to_be_visible()
    expect(page.locator("#gone")).to_contain_text(bad)
    expect(page.locator("#code")).to_have_count(0)
    page.screenshot(path=screenshots / f"phone-gone-{lang}.png")
    assert not axe_faults(page, "main")
    assert page.evaluate(KEPT) == []
    assert page.reload().status == 410


def test_a_server_that_is_busy_takes_no_ticket_away(ticket, database, odoo_server, new_page):
    """An error is no word of the venue: only one that says so removes a ticket from a phone."""
    text, path = ticket[1:]
    server = odoo_server(database)
    page = new_page(**PHONE)
    page.goto(f"{server.url}{path}/phone")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.context.route("**/phone/now*", lambda route: route.fulfill(status=503, body=""))
    page.reload()
    said = page.locator("#offline").text_content()
    expect(page.locator("#seen")).to_contain_text(said)
    assert read(page) == [text]
    assert page.evaluate(KEPT) == [f"{path}/phone"]
