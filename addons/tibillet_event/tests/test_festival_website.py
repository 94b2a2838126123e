"""A festival's page, and one basket over its events."""

import re
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_seats_website import SeatsHttpCase


@tagged("post_install", "-at_install")
class TestFestivalWebsite(SeatsHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls.harbour = cls.make_festival()
        cls.today = today

    @classmethod
    def make_festival(cls, name="Harbour", days=2, **values):
        today = fields.Date.today()
        festival = cls.env["tibillet.festival"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "date_from": today + timedelta(days=20),
                "date_to": today + timedelta(days=19 + days),
                "seats_max": 2,
                "price": 10,
                "pass_price": 15,
                **values,
            }
        )
        festival.action_make_days()
        rates = festival.event_ids.event_ticket_ids | festival.pass_ids
        rates.product_id = cls.product
        festival.event_ids.event_ticket_ids.price = 10
        festival.pass_ids.price = 15
        return festival

    def book(self, rate, number=1):
        """Choose places of a rate on its event's page and say names: the two forms."""
        event = rate.event_id
        answer = self.make_jsonrpc_request(
            f"/event/{event.id}/registration/new",
            {f"nb_register-{rate.id}": str(number), "csrf_token": "x"},
        )
        page = self.url_open(f"/event/{event.id}/register").text
        form = {"csrf_token": re.search(r'csrf_token: "([^"]+)"', page)[1]}
        for index in range(1, number + 1):
            form[f"{index}-event_ticket_id"] = rate.id
            for question in event.question_ids:
                if question.question_type in ("name", "email"):
                    value = "Anna" if question.question_type == "name" else "anna@demo.example"
                    form[f"{index}-{question.question_type}-{question.id}"] = value
        self.url_open(f"/event/{event.id}/registration/confirm", data=form, allow_redirects=False)
        return str(answer)

    def test_volunteers_are_asked_for(self):
        self.harbour.action_publish()
        url = self.harbour.website_url
        self.assertNotIn("Give a hand", self.url_open(url).text)
        begin = fields.Datetime.now() + timedelta(days=20)
        self.env["tibillet.shift"].create(
            {
                "name": "Build-up",
                "festival_id": self.harbour.id,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=3),
            }
        )
        self.assertIn(f'href="{url}/volunteers"', self.url_open(url).text)
        self.assertIn("Build-up", self.url_open(f"{url}/volunteers").text)
        action = self.harbour.action_tibillet_shifts()
        self.assertEqual(self.env["tibillet.shift"].search(action["domain"]).name, "Build-up")

    def test_not_there_until_published(self):
        url = self.harbour.website_url
        self.assertEqual(self.url_open(url).status_code, 404)
        self.harbour.action_publish()
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Full pass", page.text)
        self.assertEqual(page.text.count('aria-label="Book '), 2)
        self.assertIn("Harbour", self.url_open("/festival").text)
        for wrong in ("/festival/nothing", "/festival/harbour-999999", "/festival/x-1e9"):
            self.assertEqual(self.url_open(wrong).status_code, 404)

    def test_another_place_is_not_shown(self):
        self.harbour.action_publish()
        away = self.env["res.company"].create({"name": "Away"})
        other = self.env["tibillet.festival"].create(
            {
                "name": "Elsewhere",
                "company_id": away.id,
                "date_from": self.today,
                "date_to": self.today,
                "is_published": True,
            }
        )
        self.assertEqual(self.url_open(other.website_url).status_code, 404)
        self.assertNotIn("Elsewhere", self.url_open("/festival").text)

    def test_one_basket_over_events_and_a_pass(self):
        self.harbour.action_publish()
        friday, saturday = self.harbour.event_ids.sorted("date_begin")
        self.book(friday.event_ticket_ids)
        order = friday.registration_ids.sale_order_id
        first = order.tibillet_hold_until
        self.clock("4 minutes")
        self.book(self.harbour.pass_ids)
        self.env.invalidate_all()
        self.assertEqual(self.harbour.pass_event_id.registration_ids.sale_order_id, order)
        self.assertEqual(order.amount_total, 25)
        self.assertEqual((self.used(friday), self.used(saturday)), (2, 1))
        held = order.tibillet_registration_ids.mapped("tibillet_hold_until")
        self.assertEqual(len(held), 4)
        self.assertGreater(max(held), first, "the pass was chosen later")
        self.assertEqual(order.tibillet_hold_until, first, "the countdown is the earliest")
        self.assertIn("sold out", self.book(friday.event_ticket_ids))
        order.action_confirm()
        self.assertEqual(set(order.tibillet_registration_ids.mapped("state")), {"open"})
        self.assertCounted()

    def test_what_ran_out_of_a_basket_is_said_and_nothing_is_charged(self):
        self.harbour.action_publish()
        friday, saturday = self.harbour.event_ids.sorted("date_begin")
        self.book(friday.event_ticket_ids)
        self.book(self.harbour.pass_ids)
        order = friday.registration_ids.sale_order_id[:1]
        self.clock("30 minutes")
        self.env.cr.execute("SELECT tibillet_seat_release(NULL, 500)")
        self.env.invalidate_all()
        self.assertEqual((self.used(friday), self.used(saturday)), (0, 0))
        self.register(2, saturday.event_ticket_ids)
        with self.assertRaisesRegex(Exception, "Nothing was charged"):
            order._check_cart_is_ready_to_be_paid()
        self.assertEqual((self.used(friday), self.used(saturday)), (0, 2))

    def test_the_page_costs_the_same_with_fifty_festivals(self):
        def cost():
            self.url_open("/festival")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            text = self.url_open("/festival").text
            return self.env.cr.sql_log_count - before, text.count('class="h5 d-block')

        self.env["tibillet.festival"].search([]).is_published = False
        self.harbour.action_publish()
        for number in range(4):
            self.make_festival(f"F{number}").action_publish()
        few, five = cost()
        for number in range(45):
            self.env["tibillet.festival"].create(
                {
                    "name": f"G{number}",
                    "company_id": self.company.id,
                    "date_from": self.today,
                    "date_to": self.today,
                    "is_published": True,
                    "address_id": self.env["res.partner"].create({"name": f"Site {number}"}).id,
                }
            )
        many, fifty = cost()
        self.assertEqual((five, fifty), (5, 50))
        self.assertEqual(many, few)

    def test_a_long_festival_costs_as_many_queries_as_a_short_one(self):
        def cost(festival):
            festival.action_publish()
            self.url_open(festival.website_url)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = self.url_open(festival.website_url).text
            return self.env.cr.sql_log_count - before, page.count("<article")

        short, three = cost(self.make_festival("Short", 3))
        long, twelve = cost(self.make_festival("Long", 12))
        self.assertEqual((three, twelve), (3, 12))
        self.assertLessEqual(long, short)
