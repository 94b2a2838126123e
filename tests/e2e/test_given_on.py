"""A visitor's ticket on a phone, in French: given to a friend, the other one cancelled."""

import datetime

import pytest
from playwright.sync_api import expect

from tests.support.page_checks import axe_faults

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 850}


@pytest.fixture
def tickets(database):
    """Two tickets at 12.00, paid by the demo provider; addresses of their pages."""
    with database.env() as env:
        french = env["res.lang"]._activate_lang("fr_FR")
        website = env["website"].search([], limit=1)
        website.write({"language_ids": [(4, french.id)], "default_lang_id": french.id})
        company = website.company_id
        begin = datetime.datetime.now() + datetime.timedelta(days=5)
        product = env["product.product"].create(
            {
                "name": "Place",
                "type": "service",
                "service_tracking": "event",
                "taxes_id": False,
                "company_id": company.id,
            }
        )
        event = env["event.event"].create(
            {
                "name": "Fest-noz",
                "date_begin": begin,
                "date_end": begin + datetime.timedelta(hours=5),
                "date_tz": "Europe/Paris",
                "website_published": True,
                "company_id": company.id,
                "tibillet_refund_rule_ids": [
                    (0, 0, {"days_before": 7, "percent": 100}),
                    (0, 0, {"days_before": 2, "percent": 50}),
                ],
                "event_ticket_ids": [(0, 0, {"name": "Plein", "price": 12})],
            }
        )
        rate = event.event_ticket_ids
        rate.write({"product_id": product.id, "price": 12})
        order = env["sale.order"].create(
            {
                "partner_id": env["res.partner"]
                .create({"name": "Nour", "email": "nour@example.com", "lang": "fr_FR"})
                .id,
                "company_id": company.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": 2,
                            "event_id": event.id,
                            "event_ticket_id": rate.id,
                        },
                    )
                ],
            }
        )
        order.action_confirm()
        found = order.tibillet_registration_ids.sorted("id")
        found.action_confirm()
        found.write({"name": "Nour"})
        provider = env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", company.id)], limit=1
        )
        provider.state = "test"
        env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": env["payment.method"]
                .search([("code", "=", "demo")], limit=1)
                .id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": "fest-noz-1",
                "sale_order_ids": [(6, 0, order.ids)],
                "operation": "online_direct",
                "state": "done",
            }
        )
        known = {
            "ids": found.ids,
            "pages": [one._tibillet_page_url() for one in found],
            "order": order.get_portal_url(),
        }
        env.cr.commit()
    database.close()
    return known


def test_given_and_cancelled_on_a_phone(tickets, database, odoo_server, new_page, screenshots):
    server = odoo_server(database)
    page = new_page(**PHONE, locale="fr-FR")
    given, cancelled = (server.url + one for one in tickets["pages"])

    page.goto(server.url + tickets["order"], wait_until="networkidle")
    expect(page.locator("body")).to_contain_text("Billets : voir, donner ou annuler")

    page.goto(given, wait_until="networkidle")
    ticket = page.locator(".o_tibillet_ticket")
    expect(ticket).to_contain_text("Rendu maintenant :")
    expect(ticket).to_contain_text("Jusqu'à 2 jours avant : 50")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not axe_faults(page, ".o_tibillet_ticket")
    page.screenshot(path=screenshots / "ticket-phone-fr.png", full_page=True)
    page.get_by_label("Nom de la personne qui vient").fill("Lou")
    page.get_by_label("E-mail : le billet y est envoyé").fill("lou@example.com")
    page.get_by_role("button", name="Donner le billet").click()
    expect(ticket).to_contain_text("Le billet est maintenant à Lou.")
    assert not axe_faults(page, ".o_tibillet_ticket")
    page.screenshot(path=screenshots / "given-phone-fr.png")
    page.goto(given)
    expect(ticket).to_contain_text("Vous avez cédé ce billet : votre code n'est plus valable.")
    expect(ticket.get_by_role("button")).to_have_count(0)

    page.goto(cancelled, wait_until="networkidle")
    expect(ticket).to_contain_text("6,00")
    page.get_by_role("button", name="Annuler ce billet").click()
    expect(ticket).to_contain_text("Annulé : ce billet n'est plus valable.")
    assert not axe_faults(page, ".o_tibillet_ticket")
    page.screenshot(path=screenshots / "cancelled-phone-fr.png")

    desk = new_page(**DESK, locale="fr-FR")
    with database.env() as env:
        ticket_given = env["event.registration"].browse(tickets["ids"][0]).tibillet_replaced_by_id
        address = server.url + "/en" + ticket_given._tibillet_page_url()
        assert (ticket_given.name, ticket_given.email) == ("Lou", "lou@example.com")
        refund = env["tibillet.ticket.refund"].search([])
        assert (refund.amount, refund.line_ids.registration_id.id) == (6, tickets["ids"][1])
    database.close()
    desk.goto(address, wait_until="networkidle")
    desk.screenshot(path=screenshots / "ticket-desk-en.png", full_page=True)
