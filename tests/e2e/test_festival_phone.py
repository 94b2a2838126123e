"""A festival on a phone, in French: two days and a pass in one basket, the waiting list."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from tests.support.page_checks import axe_faults

PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
TAKEN = (
    "SELECT used FROM tibillet_seat_counter WHERE event_id = %s AND slot_id IS NULL"
    " AND ticket_id IS NULL AND quota_id IS NULL"
)


@pytest.fixture
def festival(database):
    """Two days of two places at 10.00, and the full pass at 15.00."""
    with database.env() as env:
        french = env["res.lang"]._activate_lang("fr_FR")
        website = env["website"].search([], limit=1)
        website.write({"language_ids": [(4, french.id)], "default_lang_id": french.id})
        today = datetime.date.today()
        made = env["tibillet.festival"].create(
            {
                "name": "Les Quais",
                "company_id": website.company_id.id,
                "date_from": today + datetime.timedelta(days=20),
                "date_to": today + datetime.timedelta(days=21),
                "seats_max": 2,
                "price": 10,
                "pass_price": 15,
            }
        )
        made.action_make_days()
        (made.event_ids.event_ticket_ids | made.pass_ids).product_id.taxes_id = False
        made.action_publish()
        days = made.event_ids.sorted("date_begin")
        known = {
            "page": made.website_url,
            "id": made.id,
            "days": days.ids,
            "rates": [day.event_ticket_ids[:1].id for day in days],
            "passes": made.pass_event_id.id,
            "pass": made.pass_ids[:1].id,
        }
        env.cr.commit()
    database.close()
    return known


def test_one_basket_and_the_waiting_list(festival, database, odoo_server, new_page, screenshots):
    server = odoo_server(database)
    page = new_page(**PHONE, locale="fr-FR")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(server.url + festival["page"], wait_until="networkidle")
    expect(page.locator("h1")).to_have_text("Les Quais")
    page.screenshot(path=screenshots / "festival-phone-fr.png", full_page=True)
    assert not axe_faults(page, ".o_tibillet_festival")

    first, second = festival["days"]
    choose(page, server, festival["passes"], festival["pass"])
    assert [database.value(TAKEN, day) for day in (first, second)] == [1, 1]
    choose(page, server, first, festival["rates"][0])
    assert [database.value(TAKEN, day) for day in (first, second)] == [2, 1]
    page.goto(f"{server.url}/shop/cart", wait_until="networkidle")
    countdown = page.locator(".o_tibillet_countdown:visible").first
    expect(countdown).to_contain_text(re.compile(r"\d+:\d\d"))
    page.screenshot(path=screenshots / "festival-basket-phone-fr.png", full_page=True)
    with database.env() as env:
        order = env["sale.order"].search([], limit=1, order="id desc")
        assert order.amount_total == 25
    database.close()

    # Somebody else finds the first day full, and waits.
    other = new_page(**PHONE, locale="fr-FR")
    other.set_default_timeout(PATIENCE_MS)
    other.goto(f"{server.url}/event/{first}/waiting", wait_until="networkidle")
    other.get_by_label("Nom").fill("Lou")
    other.locator("#waiting_email").fill("lou@example.com")
    other.screenshot(path=screenshots / "waiting-join-phone-fr.png", full_page=True)
    assert not axe_faults(other, "#wrap")
    other.locator("#wrap button[type=submit]").click()
    expect(other.locator("#wrap")).to_contain_text("1")
    assert not axe_faults(other, "#wrap")
    other.screenshot(path=screenshots / "waiting-line-phone-fr.png", full_page=True)

    # The basket gives its day back: it is held for who waits, and taken.
    with database.env() as env:
        env["event.registration"].search([("event_id", "=", first)]).action_cancel()
        waiting = env["tibillet.waiting"].search([("event_id", "=", first)])
        assert waiting.state == "offered"
        path = waiting._get_path()
        env.cr.commit()
    database.close()
    assert database.value(TAKEN, first) == 1, "held for who waits"
    other.goto(server.url + path, wait_until="networkidle")
    other.screenshot(path=screenshots / "waiting-offer-phone-fr.png", full_page=True)
    assert not axe_faults(other, "#wrap")
    other.locator("form[action$='/take'] button[type=submit]").click()
    other.wait_for_load_state("networkidle")
    other.screenshot(path=screenshots / "waiting-taken-phone-fr.png", full_page=True)
    assert database.value(TAKEN, first) == 1
    database.close()


def choose(page, server, event, rate):
    """One place of a rate, with a name."""
    page.goto(f"{server.url}/event/{event}/register", wait_until="networkidle")
    page.locator("button[data-bs-target='#modal_ticket_registration']:visible").first.click()
    form = page.locator("#modal_ticket_registration")
    form.locator(f"input[name='nb_register-{rate}']").fill("1")
    form.locator("button[type=submit]").click()
    attendee = page.locator("#attendee_registration")
    attendee.locator("[name^='1-name-']").fill("Nour")
    attendee.locator("[name^='1-email-']").fill("nour@example.com")
    attendee.locator("button[type=submit]").click()
    page.wait_for_url("**/shop/**")
