"""Two tickets on a phone, in English: chosen, held, paid by card, one given on, one cancelled."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from tests.support.page_checks import axe_faults

PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000


@pytest.fixture
def concert(database):
    """An event of four seats at 12.00, on a website where the demo provider takes cards."""
    with database.env() as env:
        website = env["website"].search([], limit=1)
        company = website.company_id
        provider = env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", company.id)], limit=1
        )
        provider.write({"state": "test", "is_published": True})
        begin = datetime.datetime.now() + datetime.timedelta(days=20)
        event = env["event.event"].create(
            {
                "name": "Ceilidh",
                "date_begin": begin,
                "date_end": begin + datetime.timedelta(hours=5),
                "date_tz": "Europe/Paris",
                "website_published": True,
                "company_id": company.id,
                "seats_limited": True,
                "seats_max": 4,
                "tibillet_refund_rule_ids": [(0, 0, {"days_before": 7, "percent": 100})],
                "event_ticket_ids": [(0, 0, {"name": "Full", "price": 12})],
            }
        )
        event.event_ticket_ids.product_id.taxes_id = False
        known = {"event": event.id, "rate": event.event_ticket_ids.id}
        env.cr.commit()
    database.close()
    return known


def test_bought_given_and_cancelled(concert, database, odoo_server, new_page, screenshots):
    server = odoo_server(database)
    page = new_page(**PHONE, locale="en-GB")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.url}/event/{concert['event']}/register", wait_until="networkidle")

    # The seats are held from the choice on, and the page counts down.
    page.locator("button[data-bs-target='#modal_ticket_registration']:visible").first.click()
    form = page.locator("#modal_ticket_registration")
    form.locator(f"input[name='nb_register-{concert['rate']}']").fill("2")
    form.locator("button[type=submit]").click()
    attendee = page.locator("#attendee_registration")
    expect(attendee).to_contain_text("held for you")
    assert _used(database, concert) == 2
    attendee.locator("[name^='1-name-']").fill("Nour")
    attendee.locator("[name^='1-email-']").fill("nour@example.com")
    page.screenshot(path=screenshots / "names-phone-en.png")
    assert not axe_faults(page, "#attendee_registration .o_tibillet_countdown")
    attendee.locator("button[type=submit]").click()
    page.wait_for_url("**/shop/**")

    # The basket, the address, the card.
    page.goto(f"{server.url}/shop/cart", wait_until="networkidle")
    expect(page.locator(".o_tibillet_countdown:visible").first).to_contain_text(
        re.compile(r"\d+:\d\d")
    )
    page.screenshot(path=screenshots / "basket-phone-en.png", full_page=True)
    page.goto(f"{server.url}/shop/checkout?try_skip_step=true", wait_until="networkidle")
    if page.locator("input[name=street]:visible").count():
        _address(page)
    page.wait_for_url("**/shop/payment**")
    page.screenshot(path=screenshots / "payment-phone-en.png", full_page=True)
    demo = page.locator("input[data-provider-code=demo]").first
    if not demo.is_checked():
        demo.check(force=True)
    number = page.locator("input[name=customer_input]:visible")
    if number.count():
        number.first.fill("4242 4242 4242 4242")
    page.locator("button[name=o_payment_submit_button]:visible").first.click()
    page.wait_for_url("**/shop/confirmation**", timeout=120_000)
    page.screenshot(path=screenshots / "paid-phone-en.png", full_page=True)

    with database.env() as env:
        order = env["sale.order"].search([], limit=1, order="id desc")
        people = order.tibillet_registration_ids.sorted("id")
        assert (order.state, order.amount_total) == ("sale", 24)
        assert people.mapped("state") == ["open", "open"]
        assert not any(people.mapped("tibillet_hold_until"))
        pages = [one._tibillet_page_url() for one in people]
        given, gone = people.ids
    database.close()

    # One for a friend.
    page.goto(server.url + pages[0], wait_until="networkidle")
    ticket = page.locator(".o_tibillet_ticket")
    page.get_by_label("Name of who comes").fill("Lou")
    page.get_by_label("E-mail: the ticket goes there").fill("lou@example.com")
    page.get_by_role("button", name="Give the ticket").click()
    expect(ticket).to_contain_text("Lou")
    assert not axe_faults(page, ".o_tibillet_ticket")
    page.goto(server.url + pages[0], wait_until="networkidle")
    expect(ticket).to_contain_text("You gave this ticket on: your code is not valid any more.")
    expect(ticket.get_by_role("button")).to_have_count(0)

    # The other one back: its price is told before, and it is gone.
    page.goto(server.url + pages[1], wait_until="networkidle")
    expect(ticket).to_contain_text("12.00")
    page.screenshot(path=screenshots / "ticket-phone-en.png", full_page=True)
    page.get_by_role("button", name="Cancel this ticket").click()
    expect(ticket).to_contain_text("not valid any more")
    with database.env() as env:
        people = env["event.registration"].browse([given, gone])
        assert people.mapped("state") == ["cancel", "cancel"]
        lou = people[0].tibillet_replaced_by_id
        assert (lou.state, lou.email) == ("open", "lou@example.com")
        assert env["tibillet.ticket.refund"].search([]).amount == 12
        # numbers follow each other; what was given on or cancelled keeps its own
        numbers = env["tibillet.ticket.number"].search([], order="number")
        assert numbers.mapped("name") == ["A-000001", "A-000002", "A-000003"]
        assert numbers.mapped("price_minor") == [1200, 1200, 1200]
        assert numbers.mapped(lambda one: bool(one.cancelled_at)) == [True, True, False]
        assert set(numbers.mapped("channel")) == {"web"}
    database.close()
    assert _used(database, concert) == 1


def _used(database, concert):
    """Seats taken or held of the event, as the database counts them."""
    return database.value(
        "SELECT used FROM tibillet_seat_counter WHERE event_id = %s AND slot_id IS NULL"
        " AND ticket_id IS NULL AND quota_id IS NULL",
        concert["event"],
    )


def _address(page):
    """What a shop asks of who pays."""
    for name, value in (
        ("name", "Nour"),
        ("email", "nour@example.com"),
        ("phone", "0298000000"),
        ("street", "Quai de la Douane"),
        ("zip", "29200"),
        ("city", "Brest"),
    ):
        field = page.locator(f"input[name={name}]:visible")
        if field.count():
            field.first.fill(value)
    country = page.locator("select[name=country_id]:visible")
    if country.count():
        country.select_option(label="France")
    page.locator("#save_address:visible, a[name=website_sale_main_button]:visible").first.click()
