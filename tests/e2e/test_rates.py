"""A place at a free price, with a code, on a phone: typed wrong, typed right, held, confirmed."""

import datetime

import pytest
from playwright.sync_api import expect

from tests.support.page_checks import axe_faults

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def concert(database):
    """A French website with an event of three rates, two codes and an option."""
    with database.env() as env:
        french = env["res.lang"]._activate_lang("fr_FR")
        website = env["website"].search([], limit=1)
        website.write({"language_ids": [(4, french.id)], "default_lang_id": french.id})
        begin = datetime.datetime.now() + datetime.timedelta(days=20)
        event = env["event.event"].create(
            {
                "name": "Fest-noz",
                "date_begin": begin,
                "date_end": begin + datetime.timedelta(hours=5),
                "date_tz": "Europe/Paris",
                "website_published": True,
                "company_id": website.company_id.id,
            }
        )
        rates = env["event.event.ticket"].create(
            [
                {
                    "name": "Solidaire",
                    "event_id": event.id,
                    "price": 5,
                    "tibillet_free_price": True,
                    "tibillet_limit_per_person": 4,
                },
                {"name": "Plein", "event_id": event.id, "price": 12},
                {
                    "name": "Adhérent",
                    "event_id": event.id,
                    "price": 8,
                    "tibillet_rights": "member",
                    "tibillet_rights_text": "les adhérents",
                },
            ]
        )
        rates.product_id.taxes_id = False
        meal = env["product.product"].create(
            {"name": "Repas", "type": "service", "taxes_id": False}
        )
        env["tibillet.rate.option"].create(
            {"name": "Crêpe", "event_id": event.id, "product_id": meal.id, "price": 3}
        )
        for name, percent in (("MOITIE", 50), ("OFFERT", 100)):
            env["tibillet.code"].create(
                {"name": name, "percent": percent, "limit_uses": 5, "combinable": True}
            )
        known = {"event": event.id, "solidarity": rates[0].id}
        env.cr.commit()
    database.close()
    return known


def test_a_free_price_with_a_code_on_a_phone(concert, database, odoo_server, new_page, screenshots):
    server = odoo_server(database)
    page = new_page(**PHONE, locale="fr-FR")
    page.goto(f"{server.url}/event/{concert['event']}/register", wait_until="networkidle")
    rates = page.locator(".o_tibillet_rates")
    expect(rates).to_contain_text("prix libre, à partir de")
    expect(rates).to_contain_text("« Adhérent » est pour : les adhérents.")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not axe_faults(page, ".o_tibillet_rates")
    rates.scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "event-phone-fr.png")

    # The rates: what is typed wrong is said, and still there.
    page.locator("button[data-bs-target='#modal_ticket_registration']:visible").first.click()
    form = page.locator("#modal_ticket_registration")
    amount = form.get_by_label("Votre prix pour une place")
    amount.fill("beaucoup")
    number = form.locator(f"input[name='nb_register-{concert['solidarity']}']")
    number.fill("1")
    form.get_by_text("J'ai un code").click()
    form.get_by_label("Code").fill("moitie")
    page.screenshot(path=screenshots / "rates-phone-fr.png")
    assert not axe_faults(page, ".o_tibillet_amount, .o_tibillet_code")
    form.locator("button[type=submit]").click()
    refused = page.locator(".o_tibillet_rates_refused")
    expect(refused).to_contain_text("« beaucoup » n'est pas un montant")
    page.screenshot(path=screenshots / "refused-phone-fr.png")
    refused.get_by_role("button", name="Modifier").click()
    expect(refused).to_have_count(0)
    assert amount.input_value() == "beaucoup" and number.input_value() == "1"
    amount.fill("8,00")
    form.locator("button[type=submit]").click()

    # The attendee, with a pancake.
    attendee = page.locator("#attendee_registration")
    attendee.locator("[name^='1-name-']").fill("Nour")
    attendee.locator("[name^='1-email-']").fill("nour@example.com")
    attendee.get_by_label("Crêpe").check()
    page.screenshot(path=screenshots / "attendee-phone-fr.png")
    attendee.locator("button[type=submit]").click()
    page.wait_for_url("**/shop/**")

    # The basket: half of 8.00 and the pancake; then everything but the pancake offered.
    page.goto(f"{server.url}/shop/cart", wait_until="networkidle")
    total = page.locator("tr[name=o_order_total]:visible, #amount_total_summary:visible").first
    expect(total).to_contain_text("7,00")
    code = page.locator("form[name=coupon_code]:visible").first
    code.locator("input[name=promo]").fill("inconnu")
    code.locator("button").click()
    expect(page.locator("body")).to_contain_text("Le code « inconnu » n'est pas connu ici.")
    code = page.locator("form[name=coupon_code]:visible").first
    code.locator("input[name=promo]").fill("offert")
    code.locator("button").click()
    expect(total).to_contain_text("3,00")
    page.screenshot(path=screenshots / "basket-phone-fr.png", full_page=True)
    page.locator("button[aria-label='Retirer le code OFFERT']:visible").first.click()
    expect(total).to_contain_text("7,00")

    with database.env() as env:
        order = env["sale.order"].search([], limit=1, order="id desc")
        line = order.order_line.filtered("event_ticket_id")
        assert (line.tibillet_amount, line.discount, order.amount_total) == (8, 50, 7)
        assert line.registration_ids.email == "nour@example.com"
    database.close()
