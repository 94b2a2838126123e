from odoo import http
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .rates_common import RatesCase


@tagged("post_install", "-at_install")
class TestOptions(RatesCase):
    """What is chosen beside a place is a line of its own, with its own tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full = cls.rate("Full", 12)
        cls.free = cls.rate("Free", 0)
        ten = cls.tax.copy({"name": "10 % included", "amount": 10})
        article = {"name": "Meal", "type": "service", "taxes_id": [Command.set(ten.ids)]}
        cls.article = cls.env["product.product"].create(article)
        cls.meal = cls.option("Meal", 11)
        cls.shuttle = cls.option("Shuttle", 5, per="order")
        cls.backstage = cls.option("Backstage", 0, ticket_ids=[Command.set(cls.full.ids)])

    @classmethod
    def option(cls, name, price, **values):
        values = {"event_id": cls.concert.id, "product_id": cls.article.id, **values}
        return cls.env["tibillet.rate.option"].create({"name": name, "price": price, **values})

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def two(self, rate=None, **ticked):
        rate = rate or self.full
        return self.attendees((rate, "a@example.com"), (rate, "b@example.com"), **ticked)

    def tick(self, index, option):
        return {f"tibillet_option_{index}_{option.id}": "1"}

    def test_the_form_shows_what_goes_with_each_rate(self):
        answer = self.ask_rates({f"nb_register-{self.free.id}": "1"})
        self.assertIn(f'name="tibillet_option_1_{self.meal.id}"', answer)
        self.assertIn(f'name="tibillet_option_0_{self.shuttle.id}"', answer)
        self.assertNotIn(f'name="tibillet_option_1_{self.backstage.id}"', answer)

    def test_a_meal_for_one_and_a_shuttle_for_all(self):
        ticked = {**self.tick(2, self.meal), **self.tick(0, self.shuttle)}
        self.confirm(self.two(**ticked))
        order = self.last_order()
        lines = {line.tibillet_option_id.name or "Place": line for line in order.order_line}
        self.assertEqual(
            {name: line.price_total for name, line in lines.items()},
            {"Place": 24, "Meal": 11, "Shuttle": 5},
        )
        self.assertEqual((lines["Place"].price_tax, lines["Meal"].price_tax), (4, 1))
        places = lines["Place"].registration_ids.sorted("id")
        self.assertEqual(places[1].tibillet_option_ids, self.meal)
        self.assertEqual(places[0].tibillet_option_ids, self.shuttle)
        self.assertEqual(lines["Meal"].name_short, "Meal")

    def test_a_free_place_with_a_meal_is_an_order(self):
        self.confirm(self.two(self.free, **self.tick(1, self.meal)))
        order = self.last_order()
        self.assertEqual(order.amount_total, 11)
        self.assertEqual(set(order.order_line.registration_ids.mapped("state")), {"draft"})

    def test_fewer_places_fewer_meals_and_no_more_than_were_chosen(self):
        self.confirm(self.two(**self.tick(1, self.meal), **self.tick(2, self.meal)))
        order = self.last_order()
        meal = order.order_line.filtered("tibillet_option_id")
        said = order._cart_update_line_quantity(line_id=meal.id, quantity=5)
        self.assertIn("“Meal” is chosen with the places", said["warning"])
        self.assertEqual(meal.product_uom_qty, 2)
        place = order.order_line - meal
        order._cart_update_line_quantity(line_id=place.id, quantity=1)
        self.assertEqual((meal.product_uom_qty, order.amount_total), (1, 23))
        order._cart_update_line_quantity(line_id=place.id, quantity=0)
        self.assertFalse(order.order_line)

    def test_an_option_of_another_rate_is_refused(self):
        form = self.two(self.free, **self.tick(1, self.backstage))
        self.assertEqual(self.check(form), ["This option is not offered with this rate."])
        for forged in (
            "tibillet_option_1_abc",
            "tibillet_option_9_1",
            "tibillet_option_1_99999999",
        ):
            with self.subTest(forged):
                said = self.check(self.two(**{forged: "1"}))
                self.assertEqual(said, ["This option is not offered with this rate."])

    def test_a_code_is_not_for_options_and_a_new_price_is_told(self):
        self.env["tibillet.code"].create({"name": "HALF", "percent": 50})
        self.confirm(self.two(**self.tick(1, self.meal)))
        order = self.last_order()
        order._tibillet_add_code("HALF")
        self.assertEqual(order.amount_total, 12 + 11)
        self.meal.price = 13
        with self.assertRaisesRegex(ValidationError, "“Meal” now costs"):
            order._check_cart_is_ready_to_be_paid()

    def test_what_was_chosen_is_archived_and_what_makes_no_sense_is_refused(self):
        self.confirm(self.two(**self.tick(1, self.meal)))
        (self.meal | self.shuttle).unlink()
        self.assertFalse(self.meal.active)
        self.assertFalse(self.shuttle.exists())
        with self.assertRaisesRegex(ValidationError, "choose a service"):
            self.option("Place", 1, product_id=self.product.id)
        with self.assertRaisesRegex(ValidationError, "between 0 and"):
            self.option("Gold", 1e9)
        other = self.rate("Elsewhere", 3, event_id=self.concert.copy().id)
        with self.assertRaisesRegex(ValidationError, "its own event only"):
            self.option("Meal", 1, ticket_ids=[Command.set(other.ids)])


@tagged("post_install", "-at_install")
class TestGuests(RatesCase):
    """A guest list: who may invite how many, each a place at 0."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guest = cls.rate("Guest", 0, tibillet_invitation=True)
        cls.band = cls.env["res.partner"].create({"name": "The band"})
        cls.list = cls.env["tibillet.guest.list"].create(
            {
                "event_id": cls.concert.id,
                "ticket_id": cls.guest.id,
                "partner_id": cls.band.id,
                "quota": 2,
            }
        )

    def test_each_invitation_is_a_place_and_counted(self):
        place = self.list._invite("Ana", "Ana@Example.com")
        self.assertEqual((place.event_ticket_id, place.state), (self.guest, "open"))
        self.assertEqual(place.email, "ana@example.com")
        self.assertEqual(self.list.used_count, 1)
        self.assertFalse(place.sale_order_id)

    def test_the_list_is_full_and_a_place_that_is_cancelled_is_there_again(self):
        first = self.list._invite("A", "a@example.com")
        self.list._invite("B", "b@example.com")
        full = "The guest list is full: its 2 places are given."
        with self.assertRaisesRegex(ValidationError, full), self.env.cr.savepoint():
            self.list._invite("C", "c@example.com")
        first.action_cancel()
        third = self.list._invite("C", "c@example.com")
        self.assertEqual(self.list.used_count, 2)
        with self.assertRaisesRegex(ValidationError, full), self.env.cr.savepoint():
            first.action_confirm()
        with self.assertRaisesRegex(ValidationError, "given already"):
            self.list.quota = 1
        with self.assertRaisesRegex(ValidationError, "keeps the rate"):
            third.event_ticket_id = self.rate("Full", 12)
        with self.assertRaisesRegex(ValidationError, "no invitation of this event"):
            self.list.ticket_id = self.rate("Other", 12)

    def test_the_page_takes_names_and_says_what_is_wrong(self):
        self.authenticate(None, None)
        url = self.list._get_url()
        page = self.url_open(url).text
        self.assertIn("The band", page)
        for name, email, words in (
            ("", "a@example.com", "Write the name"),
            ("Ana", "ana@", "This address is not complete"),
            ("Ana", "ana@example.com", "Invited"),
            ("Ana again", "ANA@example.com", "ana@example.com is on your list already"),
        ):
            with self.subTest(words):
                data = {"name": name, "email": email, "csrf_token": http.Request.csrf_token(self)}
                answer = self.url_open(f"{url}/invite", data=data).text
                self.assertIn(words, answer)
                if words != "Invited" and name:
                    self.assertIn(f'value="{name}"', answer)
        self.assertEqual(self.list.used_count, 1)
        self.assertEqual(self.url_open("/event/guests/wrong").status_code, 404)
