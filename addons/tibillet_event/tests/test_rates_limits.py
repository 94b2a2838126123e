from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .rates_common import DAY, RatesCase


@tagged("post_install", "-at_install")
class TestLimits(RatesCase):
    """When a rate is sold, how many at once, and how many one person may hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full = cls.rate("Full", 12)

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def asked(self, rate, count):
        return self.ask_rates({f"nb_register-{rate.id}": str(count)}) or ""

    # -- numbers ---------------------------------------------------------------------------------

    def test_a_number_that_is_none_gets_a_sentence(self):
        for typed in ("two", "-1", "1.5", "1e9", ""):
            with self.subTest(typed):
                self.assertIn("is not a number of places", self.asked(self.full, typed))

    def test_nothing_and_too_many_get_a_sentence(self):
        self.assertIn("Choose at least one place", self.asked(self.full, 0))
        self.assertIn("Choose at least one place", self.ask_rates({}))
        self.assertIn("at most 30 places in one order", self.asked(self.full, 31))
        self.assertIn("at most 30 places in one order", self.asked(self.full, 999999))
        self.full.limit_max_per_order = 4
        self.assertIn("at most 4 places in one order", self.asked(self.full, 5))
        self.assertIn('id="attendee_registration"', self.asked(self.full, 4))

    def test_a_rate_of_nothing_and_of_another_event_is_not_sold_here(self):
        other = self.concert.copy({"website_published": True})
        rate = self.rate("Elsewhere", 3, event_id=other.id)
        for form in ({f"nb_register-{rate.id}": "1"}, {"nb_register-99999999": "1"}):
            self.assertIn("not sold for this event", self.ask_rates(form))
        self.assertEqual(
            self.check({"1-event_ticket_id": str(rate.id)}),
            ["This rate is not sold for this event."],
        )
        answer = self.confirm({"1-event_ticket_id": "abc"})
        self.assertIn("tibillet_rates", answer.headers["Location"])

    def test_the_limit_of_an_order_counts_what_the_basket_holds(self):
        self.full.limit_max_per_order = 3
        order = self.basket(self.full, 2)
        with self.assertRaisesRegex(ValidationError, "at most 3 places"):
            order._cart_add(product_id=self.product.id, quantity=2, event_ticket_id=self.full.id)
        self.assertEqual(order.order_line.product_uom_qty, 2)

    def test_a_group_is_a_group_until_payment(self):
        group = self.rate("Group", 8, tibillet_min_per_order=10)
        self.assertIn("for groups: from 10 places on", self.asked(group, 9))
        order = self.basket(group, 10)
        said = order._cart_update_line_quantity(line_id=order.order_line.id, quantity=4)
        self.assertIn("from 10 places on", said["warning"])
        self.assertEqual(order.order_line.product_uom_qty, 10)
        order.order_line.product_uom_qty = 4
        with self.assertRaisesRegex(ValidationError, "from 10 places on"):
            order._check_cart_is_ready_to_be_paid()
        with self.assertRaisesRegex(ValidationError, "never fits an order"):
            self.rate("Crowd", 8, tibillet_min_per_order=10, limit_max_per_order=5)

    # -- dates -----------------------------------------------------------------------------------

    def test_an_early_rate_ends_and_says_what_is_sold_now(self):
        now = fields.Datetime.now()
        early = self.rate("Early", 9, end_sale_datetime=now - DAY)
        self.full.start_sale_datetime = now - DAY
        said = self.asked(early, 1).replace("\xa0", " ")
        self.assertIn("“Early” ended on", said)
        self.assertIn("Now “Full” is sold: $ 12.00", said)
        with self.assertRaisesRegex(ValidationError, "ended on"):
            self.basket(early)

    def test_a_rate_that_is_not_sold_yet_says_when(self):
        late = self.rate("Last minute", 15, start_sale_datetime=fields.Datetime.now() + DAY)
        self.assertIn("“Last minute” is sold from", self.asked(late, 1))
        with self.assertRaisesRegex(ValidationError, "is sold from"):
            self.basket(late)

    def test_an_end_just_past_is_forgiven_to_a_basket_and_no_longer_than_its_hold(self):
        order = self.basket(self.full)
        now = fields.Datetime.now()
        self.full.end_sale_datetime = now - DAY / 288  # five minutes
        order._check_cart_is_ready_to_be_paid()
        self.full.end_sale_datetime = now - DAY / 72  # twenty
        with self.assertRaisesRegex(ValidationError, "(?s)ended on.*Nothing was charged"):
            order._check_cart_is_ready_to_be_paid()

    # -- persons ---------------------------------------------------------------------------------

    def test_bug_user_limits_look_at_prior_and_requested_together(self):
        """Lespass 2.3, checks 6, 7 and 9: one under the limit could order as many as they liked."""
        self.full.tibillet_limit_per_person = 4
        self.seated(self.full, "nour@example.com", 3)
        form = self.attendees((self.full, "Nour@Example.com "), (self.full, "other@example.com"))
        self.assertEqual(
            self.check(form),
            ["“Full”: at most 4 per person. You have 3 already and ask for 2."],
        )
        answer = self.confirm(form)
        self.assertIn("tibillet_rates", answer.headers["Location"])
        self.assertFalse(self.last_order())

    def test_bug_stock_and_limits_count_baskets_that_are_not_paid(self):
        """Lespass 1.1, stock per rate: unpaid holds were not counted."""
        self.full.tibillet_limit_per_person = 4
        self.confirm(self.attendees(*[(self.full, "nour@example.com")] * 3))
        self.assertEqual(self.last_order().state, "draft")
        form = self.attendees(*[(self.full, "nour@example.com")] * 2)
        self.assertIn("You have 3 already", self.check(form)[0])

    def test_bug_cancelled_places_do_not_count(self):
        """Lespass 1.2, overlapping bookings: cancelled ones still counted."""
        self.full.tibillet_limit_per_person = 2
        places = self.seated(self.full, "nour@example.com", 2)
        form = self.attendees((self.full, "nour@example.com"))
        self.assertTrue(self.check(form))
        places[0].action_cancel()
        self.assertEqual(self.check(form), [])

    def test_the_event_s_limit_is_over_all_its_rates(self):
        self.concert.tibillet_limit_per_person = 3
        reduced = self.rate("Reduced", 8)
        self.seated(reduced, "nour@example.com", 2)
        one = (self.full, "nour@example.com")
        self.assertEqual(self.check(self.attendees(one)), [])
        self.assertIn("“Concert”: at most 3 per person", self.check(self.attendees(one, one))[0])

    def test_places_for_a_friend_who_has_theirs_already(self):
        self.full.tibillet_limit_per_person = 2
        self.seated(self.full, "friend@example.com", 2)
        form = self.attendees((self.full, "nour@example.com"), (self.full, "friend@example.com"))
        self.assertIn("with friend@example.com it would be 3", self.check(form)[0])

    def test_a_free_place_that_skips_the_basket_keeps_to_the_limit(self):
        free = self.rate("Free", 0, tibillet_limit_per_person=1)
        form = self.attendees((free, "nour@example.com"))
        self.assertIn("/success", self.confirm(form).headers["Location"])
        self.assertIn("tibillet_rates", self.confirm(form).headers["Location"])
        held = self.env["event.registration"].search_count([("event_ticket_id", "=", free.id)])
        self.assertEqual(held, 1)

    def test_by_the_account_whatever_the_address_and_again_at_payment(self):
        self.full.tibillet_limit_per_person = 1
        user = new_test_user(self.env, "rates_buyer", "base.group_portal", email="me@example.com")
        self.seated(self.full, "somebody@example.com", 1, partner_id=user.partner_id.id)
        self.authenticate("rates_buyer", "rates_buyer")
        self.assertIn("at most 1 per person", self.asked(self.full, 1))
        order = self.basket(self.full, partner=user.partner_id)
        self.seated(self.full, "x@example.com", 1, sale_order_line_id=order.order_line.id)
        with self.assertRaisesRegex(ValidationError, "(?s)at most 1 per person.*Nothing was"):
            order._check_cart_is_ready_to_be_paid()

    def test_one_row_per_buyer_under_a_limit_and_none_without(self):
        rows = self.env["tibillet.rate.person"]
        form = self.attendees((self.full, "nour@example.com"))
        self.confirm(form)
        self.assertFalse(rows.search([]))
        self.full.tibillet_limit_per_person = 9
        self.confirm(form)
        self.confirm(form)
        row = rows.search([])
        self.assertEqual(len(row), 1)
        self.assertNotIn("nour", row.person)
        row.touched_at = fields.Datetime.now() - 2 * DAY
        self.env.flush_all()
        rows._gc_old()
        self.assertFalse(rows.search([]))
