from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .rates_common import RatesCase


@tagged("post_install", "-at_install")
class TestFreePrice(RatesCase):
    """A price that the buyer chooses, from a minimum on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.solidarity = cls.rate("Solidarity", 5, tibillet_free_price=True)
        cls.hat = cls.rate("Hat", 0, tibillet_free_price=True)

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def said(self, amount, rate=None):
        rate = rate or self.solidarity
        return self.ask_rates({f"nb_register-{rate.id}": "1", f"tibillet_amount_{rate.id}": amount})

    def test_a_comma_a_point_a_space_and_the_euro_sign_are_read(self):
        for text in ("7,50", "7.50", " 7,5 € ", "7.5"):
            with self.subTest(text):
                answer = self.said(text)
                self.assertIn('id="attendee_registration"', answer)
                self.assertIn(f'name="tibillet_amount_{self.solidarity.id}" value="7.5', answer)

    def test_what_cannot_be_an_amount_gets_a_sentence(self):
        for text, words in (
            ("", "write the price that you choose"),
            ("beaucoup", "“beaucoup” is not an amount"),
            ("1e9", "“1e9” is not an amount"),
            ("12.345", "is not an amount"),
            ("4.99", "at least $ 5.00"),
            ("-8", "at least $ 5.00"),
            ("0", "at least $ 5.00"),
            ("1000000", "at most $ 999,999.99"),
            ("9" * 30, "at most $ 999,999.99"),
        ):
            with self.subTest(text):
                answer = self.said(text).replace("\xa0", " ")
                self.assertIn(words, answer)
                self.assertIn("What you typed is still there", answer)
                self.assertNotIn('id="attendee_registration"', answer)

    def test_a_minimum_of_nothing_takes_nothing_or_what_a_card_can_be_charged(self):
        self.assertIn("nothing, or at least 0.50", self.said("0,49", self.hat))
        for text in ("0", "0,50", "999999,99"):
            with self.subTest(text):
                self.assertIn('id="attendee_registration"', self.said(text, self.hat))

    def test_the_chosen_price_is_on_the_order_and_survives_what_recomputes_prices(self):
        names = ("a@example.com", "b@example.com")
        form = self.attendees(*[(self.solidarity, name) for name in names])
        answer = self.confirm({**form, f"tibillet_amount_{self.solidarity.id}": "12,50"})
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/shop/checkout", answer.headers["Location"])
        order = self.last_order()
        self.assertEqual((order.order_line.price_unit, order.amount_total), (12.5, 25))
        self.assertAlmostEqual(order.amount_tax, 4.17)
        self.assertEqual(len(order.order_line.registration_ids), 2)
        half = {"compute_price": "percentage", "percent_price": 50, "applied_on": "3_global"}
        pricelist = self.env["product.pricelist"].create(
            {"name": "Half", "item_ids": [Command.create(half)]}
        )
        order.pricelist_id = pricelist
        order._recompute_prices()
        order.write({"partner_id": self.env["res.partner"].create({"name": "Other"}).id})
        order._recompute_cart()
        self.assertEqual((order.order_line.price_unit, order.amount_total), (12.5, 25))
        order._cart_update_line_quantity(line_id=order.order_line.id, quantity=1)
        self.assertEqual(order.amount_total, 12.5)

    def test_a_free_price_from_nothing_goes_through_the_basket_when_something_is_given(self):
        form = self.attendees((self.hat, "a@example.com"))
        self.confirm({**form, f"tibillet_amount_{self.hat.id}": "3"})
        order = self.last_order()
        self.assertEqual(order.amount_total, 3)
        self.assertEqual(order.order_line.registration_ids.state, "draft")

    def test_a_free_price_of_nothing_is_a_place_at_once(self):
        form = self.attendees((self.hat, "zero@example.com"))
        answer = self.confirm({**form, f"tibillet_amount_{self.hat.id}": "0"})
        self.assertIn("/registration/success", answer.headers["Location"])
        place = self.env["event.registration"].search([("email", "=", "zero@example.com")])
        self.assertEqual(place.state, "open")

    def test_a_forged_price_is_refused_when_the_form_comes_in(self):
        before = self.env["event.registration"].search_count([])
        form = self.attendees((self.solidarity, "a@example.com"))
        for text in ("0,01", "-5", "abc", None):
            with self.subTest(text):
                more = {} if text is None else {f"tibillet_amount_{self.solidarity.id}": text}
                answer = self.confirm({**form, **more})
                self.assertIn("registration_error_code=tibillet_rates", answer.headers["Location"])
        self.assertEqual(self.env["event.registration"].search_count([]), before)
        page = self.url_open(f"/event/{self.concert.id}/register").text
        self.assertIn("write the price that you choose", page)

    def test_two_chosen_prices_are_two_lines(self):
        order = self.basket(self.solidarity, tibillet_amount=8)
        for amount in (10, 8):
            order._cart_add(
                product_id=self.product.id,
                quantity=1,
                event_ticket_id=self.solidarity.id,
                tibillet_amount=amount,
            )
        lines = order.order_line.sorted("tibillet_amount")
        self.assertEqual(lines.mapped("product_uom_qty"), [2, 1])
        self.assertEqual(order.amount_total, 26)

    def test_the_basket_and_the_backend_refuse_what_is_below_the_minimum(self):
        with self.assertRaisesRegex(ValidationError, "at least"):
            self.basket(self.solidarity, tibillet_amount=4)
        order = self.basket(self.solidarity, tibillet_amount=6)
        with self.assertRaisesRegex(ValidationError, "at least"):
            order.order_line.tibillet_amount = 1
        with self.assertRaisesRegex(ValidationError, "at most"):
            order.order_line.tibillet_amount = 1e9
        order.order_line.tibillet_amount = 7
        self.assertEqual(order.amount_total, 7)

    def test_a_line_of_the_backend_begins_at_the_minimum(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "A"}).id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.product.id,
                            "event_id": self.concert.id,
                            "event_ticket_id": self.solidarity.id,
                        },
                    )
                ],
            }
        )
        self.assertEqual(order.amount_total, 5)

    def test_a_minimum_that_rose_is_told_before_payment(self):
        order = self.basket(self.solidarity, tibillet_amount=6)
        self.solidarity.price = 9
        with self.assertRaisesRegex(ValidationError, "(?s)at least.*Nothing was charged"):
            order._check_cart_is_ready_to_be_paid()

    def test_a_rate_cannot_ask_what_no_card_can_be_charged(self):
        with self.assertRaisesRegex(ValidationError, "0.50"):
            self.rate("Cents", 0.2, tibillet_free_price=True)
        with self.assertRaisesRegex(ValidationError, "between 0 and"):
            self.rate("Less than nothing", -1)
        with self.assertRaisesRegex(ValidationError, "between 0 and"):
            self.rate("A million", 1_000_000)
