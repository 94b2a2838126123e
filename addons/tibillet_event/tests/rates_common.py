"""An event with rates, and a visitor who fills in the forms of its page."""

from datetime import timedelta

from odoo import fields, http
from odoo.tests import HttpCase

DAY = timedelta(days=1)


class RatesCase(HttpCase):
    """One concert, one product at 20 % included, and the forms of the page by HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.website = cls.env["website"].get_current_website()
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "20 % included",
                "amount": 20,
                "price_include_override": "tax_included",
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
                "tax_group_id": cls.env["account.tax.group"]
                .create({"name": "VAT", "company_id": cls.company.id})
                .id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Place",
                "type": "service",
                "service_tracking": "event",
                "list_price": 0,
                "taxes_id": [fields.Command.set(cls.tax.ids)],
            }
        )
        cls.concert = cls.env["event.event"].create(
            {
                "name": "Concert",
                "date_begin": fields.Datetime.now() + 30 * DAY,
                "date_end": fields.Datetime.now() + 31 * DAY,
                "date_tz": "Europe/Paris",
                "website_published": True,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def rate(cls, name, price=0, **values):
        values.setdefault("event_id", cls.concert.id)
        return cls.env["event.event.ticket"].create(
            {"name": name, "price": price, "product_id": cls.product.id, **values}
        )

    @classmethod
    def basket(cls, rate, quantity=1, partner=None, **values):
        """A basket of the website, as its controllers make one."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.env["res.partner"].create({"name": "A"})).id,
                "website_id": cls.website.id,
                "company_id": cls.company.id,
            }
        )
        order._cart_add(
            product_id=rate.product_id.id, quantity=quantity, event_ticket_id=rate.id, **values
        )
        return order

    @classmethod
    def seated(cls, rate, email, count=1, **values):
        """Places that somebody holds already."""
        return cls.env["event.registration"].create(
            [
                {
                    "event_id": rate.event_id.id,
                    "event_ticket_id": rate.id,
                    "email": email,
                    "name": email,
                    **values,
                }
                for _place in range(count)
            ]
        )

    # -- the forms of the page -------------------------------------------------------------------

    def url(self, step, event=None):
        return f"/event/{(event or self.concert).id}/registration/{step}"

    def ask_rates(self, form, event=None):
        """Send the form of rates; the answer is the next form, or the sentences."""
        return self.make_jsonrpc_request(self.url("new", event), form)

    def check(self, form, event=None):
        return self.make_jsonrpc_request(self.url("check", event), form)

    def confirm(self, form, event=None):
        return self.url_open(
            self.url("confirm", event),
            data={"csrf_token": http.Request.csrf_token(self), **form},
            allow_redirects=False,
        )

    def attendees(self, *places, **more):
        """The form of attendees: (rate, e-mail) per place."""
        event = places[0][0].event_id
        questions = {q.question_type: q.id for q in event.question_ids}
        form = {}
        for index, (rate, email) in enumerate(places, 1):
            form[f"{index}-event_ticket_id"] = str(rate.id)
            form[f"{index}-name-{questions['name']}"] = "Nour"
            form[f"{index}-email-{questions['email']}"] = email
        return {**form, **more}

    def last_order(self):
        online = [("website_id", "!=", False)]
        return self.env["sale.order"].search(online, limit=1, order="id desc")
