from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.tibillet_pos_nfc.tests.common import TourCase

from .common import OrdersCase, SeatsCase


@tagged("post_install", "-at_install")
class TestTillRules(OrdersCase):
    """Limits, prices typed by the cashier, seats that ran out: before the money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event.seats_max = 20
        cls.anna = cls.env["res.partner"].create({"name": "Anna", "email": "anna@example.com"})
        cls.nobody = cls.env["res.partner"].create({"name": "Without an address"})

    def said(self, line, quantity=1, price=10.0):
        return [line, self.rate.id, False, quantity, price]

    # -- limits ------------------------------------------------------------------------------

    def test_per_person_over_all_tills(self):
        self.event.tibillet_limit_per_person = 2
        for person in (self.anna, self.nobody):
            self.assertTrue(self.hold(f"a{person.id}", 2, partner=person.id)["ok"])
            other = self.hold(f"b{person.id}", 1, partner=person.id)
            self.assertFalse(other["ok"])
            self.assertIn("You have 2 already", other["message"])
        self.session.tibillet_seats_drop([f"a{self.anna.id}"])
        self.assertTrue(self.hold("c", 2, partner=self.anna.id)["ok"], "given back")

    def test_per_person_of_a_customer_chosen_last(self):
        self.rate.tibillet_limit_per_person = 1
        self.assertTrue(self.hold("a")["ok"])
        self.assertTrue(self.hold("b")["ok"])
        self.assertTrue(self.keep(["a"], self.anna.id, [self.said("a")])["ok"])
        self.assertTrue(self.keep(["a"], self.anna.id, [self.said("a")])["ok"], "asked again")
        refusal = self.keep(["b"], self.anna.id, [self.said("b")])
        self.assertFalse(refusal["ok"])
        self.assertIn("at most 1 per person", refusal["message"])
        self.assertTrue(self.keep(["b"], self.nobody.id, [self.said("b")])["ok"])

    def test_per_person_what_is_paid_counts(self):
        self.event.tibillet_limit_per_person = 1
        self.env["event.registration"].create(
            {
                "event_id": self.event.id,
                "event_ticket_id": self.rate.id,
                "partner_id": self.anna.id,
            }
        )
        self.assertIn("You have 1 already", self.hold("a", partner=self.anna.id)["message"])

    def test_the_website_counts_what_a_till_holds(self):
        self.event.tibillet_limit_per_person = 1
        self.assertTrue(self.hold("a", partner=self.anna.id)["ok"])
        [sentence] = self.event._tibillet_over_limits([(self.rate, "")], self.anna)
        self.assertIn("at most 1 per person", sentence)

    def test_per_order_over_its_lines(self):
        self.rate.limit_max_per_order = 2
        self.assertTrue(self.hold("a", 2)["ok"])
        refusal = self.hold("b", 1, basket=[self.said("a", 2)])
        self.assertIn("at most 2 places in one order", refusal["message"])
        self.assertTrue(self.hold("b", 1, basket=[])["ok"], "another order")

    # -- seats that ran out --------------------------------------------------------------------

    def keep(self, lines, partner=False, basket=()):
        return self.session.tibillet_seats_keep(lines, partner, basket)

    def test_taken_again_when_they_are_still_there(self):
        self.event.seats_max = 2
        sent = self.places(2)
        uuid = sent["lines"][0][2]["uuid"]
        for _evening in range(2):
            self.wait(30)
            self.assertEqual(self.keep([uuid])["code"], "hold_expired", "what it was is not said")
            self.assertTrue(self.keep([uuid], False, [self.said(uuid, 2)])["ok"])
            self.assertEqual(self.left(), 0)
        order = self.sync(sent)
        self.assertEqual(self.made(order).mapped("state"), ["open", "open"])
        self.assertFalse(self.made(order).filtered("tibillet_no_seat"))
        self.assertEqual(self.left(), 0)
        self.session.tibillet_seats_drop([uuid])
        self.assertEqual(self.left(), 0, "what is sold stays sold")

    def test_taken_again_is_given_back_too(self):
        self.assertTrue(self.hold("a", 2)["ok"])
        self.wait(30)
        self.assertTrue(self.keep(["a"], False, [self.said("a", 2)])["ok"])
        left = self.left()
        self.session.tibillet_seats_drop(["a"])
        self.assertEqual(self.left(), left + 2)

    def test_refused_when_others_have_them(self):
        self.event.seats_max = 2
        self.assertTrue(self.hold("a", 2)["ok"])
        self.wait(30)
        self.assertTrue(self.hold("b", 1)["ok"])
        refusal = self.keep(["a"], False, [self.said("a", 2)])
        self.assertEqual((refusal["ok"], refusal["code"]), (False, "sold_out"))
        self.assertEqual(self.left(), 1)

    # -- prices typed by the cashier -----------------------------------------------------------

    def test_free_price_before_the_seats(self):
        self.rate.write({"tibillet_free_price": True, "price": 5})
        for price in (4.99, 0, -5, 1e9, "seven", "1e9", 5.555):
            refusal = self.hold("a", price=price)
            self.assertFalse(refusal["ok"], price)
            self.assertTrue(refusal["message"])
        self.assertEqual(self.left(), 20)
        self.assertTrue(self.hold("a", price=5)["ok"])
        self.rate.price = 0
        self.assertFalse(self.hold("b", price=0.3)["ok"])
        self.assertTrue(self.hold("b", price=0)["ok"])
        self.assertTrue(self.hold("c", price=0.5)["ok"])

    def test_free_price_of_a_paid_order_is_told(self):
        self.rate.write({"tibillet_free_price": True, "price": 15})
        order = self.sync(self.places(1))  # 10.00
        self.assertEqual(order.state, "paid")
        place = self.made(order)
        self.assertEqual(place.state, "open")
        self.assertIn("15.00", place.activity_ids.note)
        self.rate.price = 5
        self.assertFalse(self.made(self.sync(self.places(1))).activity_ids)


@tagged("post_install", "-at_install")
class TestBoxOfficeTours(TourCase, HttpCase):
    """From the open till to a sold place: clicks counted; prices typed; cards tapped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SeatsCase.make_concert.__func__(cls)
        cls.rate.product_id.taxes_id = [Command.clear()]

    def place(self):
        self.env.invalidate_all()
        return self.event.registration_ids

    def test_sold_in_three_clicks(self):
        """Two clicks sell, the third is for the next one; who comes is not asked."""
        self.event.website_published = True
        self.assertTrue(self.event.question_ids, "Odoo's own: name, e-mail, phone")
        self.config.write(
            {
                "use_fast_payment": True,
                "fast_payment_method_ids": [Command.set(self.cash.ids)],
            }
        )
        self.run_till("tibillet_box_office", user=self.cashier)
        place = self.place()
        self.assertEqual((place.state, place.pos_order_id.state), ("open", "paid"))
        self.assertEqual(place.pos_order_id.amount_total, 10)
        place._tibillet_numbered()
        self.assertTrue(place.tibillet_number)

    def test_something_to_ask_opens_the_form(self):
        self.event.write({"website_published": True, "tibillet_nominative": True})
        self.run_till("tibillet_box_office_asks", user=self.cashier)
        self.assertEqual(self.place().name, "Anna")

    def test_free_price(self):
        self.rate.write({"tibillet_free_price": True, "price": 5})
        self.run_till("tibillet_box_office_price", user=self.cashier)
        self.assertEqual(self.place().pos_order_id.amount_total, 7.5)

    def test_a_tap_keeps_the_seats_first(self):
        self.run_till("tibillet_seats_tap")
        self.assertSold(1000)
        self.assertEqual(self.place().state, "open")

    def test_a_tap_takes_again_what_ran_out(self):
        self.run_till("tibillet_seats_tap_again")
        self.assertSold(1000)
        self.assertEqual(self.place().state, "open")
        self.assertFalse(self.place().tibillet_no_seat)

    def test_a_tap_pays_for_no_seat_that_is_gone(self):
        self.run_till("tibillet_seats_tap_gone")
        self.assertUntouched()
        self.assertFalse(self.place())
