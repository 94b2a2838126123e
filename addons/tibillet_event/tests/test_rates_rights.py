from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .rates_common import RatesCase


@tagged("post_install", "-at_install")
class TestRights(RatesCase):
    """Rates for holders of a right; rates that are taken away while baskets hold them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full = cls.rate("Full", 12)
        cls.member = cls.rate(
            "Members", 8, tibillet_rights="member, volunteer", tibillet_rights_text="our members"
        )
        cls.user = new_test_user(
            cls.env, "rates_member", "base.group_portal", email="m@example.com"
        )

    def holding(self, *codes):
        """The user holds these codes at the company, and nobody else holds any."""
        owner = self.user.partner_id

        def rights(partner, company, at=None):
            self.assertEqual(company, self.company)
            return frozenset(codes) if partner == owner else frozenset()

        return patch.object(type(self.env["res.partner"]), "_tibillet_rights", rights)

    def ask_member(self):
        return self.ask_rates({f"nb_register-{self.member.id}": "1"})

    def test_locked_with_a_sentence_for_who_is_not_known(self):
        self.authenticate(None, None)
        said = "“Members” is for our members: sign in with the account that has it."
        page = self.url_open(f"/event/{self.concert.id}/register").text
        self.assertIn(said, page)
        self.assertNotIn(f'name="nb_register-{self.member.id}"', page)
        self.assertIn(f'name="nb_register-{self.full.id}"', page)
        self.assertIn(said, self.ask_member())
        form = self.attendees((self.member, "m@example.com"))
        self.assertEqual(self.check(form), [said])
        self.assertIn("tibillet_rates", self.confirm(form).headers["Location"])

    def test_one_of_several_rights_is_enough_and_another_is_not(self):
        self.authenticate("rates_member", "rates_member")
        for codes, opened in (
            (("volunteer",), True),
            (("member", "x"), True),
            (("x",), False),
            ((), False),
        ):
            with self.subTest(codes), self.holding(*codes):
                self.assertEqual('id="attendee_registration"' in self.ask_member(), opened)
                page = self.url_open(f"/event/{self.concert.id}/register").text
                self.assertEqual(f'name="nb_register-{self.member.id}"' in page, opened)

    def test_the_basket_asks_the_server_not_the_page(self):
        with self.holding():
            with self.assertRaisesRegex(ValidationError, "is for our members"):
                self.basket(self.member, partner=self.user.partner_id)
        with self.holding("member"):
            self.basket(self.member, partner=self.user.partner_id)
            with self.assertRaisesRegex(ValidationError, "is for our members"):
                self.basket(self.member)

    def test_bug_a_right_lost_since_the_basket_does_not_pay(self):
        """Lespass 1.1: a cancelled membership passed; rights were not asked again at payment."""
        with self.holding("member"):
            order = self.basket(self.member, partner=self.user.partner_id)
            order._check_cart_is_ready_to_be_paid()
        with self.holding():
            with self.assertRaisesRegex(ValidationError, "(?s)is for our members.*Nothing was"):
                order._check_cart_is_ready_to_be_paid()

    def test_without_words_of_its_own_the_codes_are_said(self):
        self.member.tibillet_rights_text = False
        self.assertIn(
            "is for member, volunteer", self.member._tibillet_closed(self.env["res.partner"])
        )

    # -- taken away while baskets hold it --------------------------------------------------------

    def test_a_rate_in_a_basket_or_with_places_is_archived_with_a_sentence(self):
        order = self.basket(self.full)
        seated = self.rate("Seated", 5)
        self.seated(seated, "a@example.com")
        unused = self.rate("Unused", 5)
        said = []
        with patch.object(
            type(self.env.user), "_bus_send", lambda user, kind, body: said.append(body["message"])
        ):
            (self.full | seated | unused).unlink()
        self.assertFalse(unused.exists())
        self.assertEqual((self.full.active, seated.active), (False, False))
        self.assertEqual(order.order_line.event_ticket_id, self.full)
        self.assertEqual(len(said), 1)
        self.assertIn("Archived, not deleted", said[0])
        self.assertNotIn(self.full, self.concert.event_ticket_ids)
        with self.assertRaisesRegex(ValidationError, "“Full” is no longer sold"):
            order._check_cart_is_ready_to_be_paid()
        self.authenticate(None, None)
        answer = self.ask_rates({f"nb_register-{self.full.id}": "1"})
        self.assertIn("“Full” is no longer sold", answer)

    def test_a_new_price_is_told_before_payment_and_then_paid(self):
        order = self.basket(self.full, 2)
        self.full.price = 14
        with self.assertRaisesRegex(ValidationError, "(?s)now costs.*14.00.*no longer.*12.00"):
            order._check_cart_is_ready_to_be_paid()
        self.assertEqual(order.amount_total, 24)
        order._tibillet_refresh()
        self.assertEqual(order.amount_total, 28)
        self.assertIn("“Full” now costs", order.shop_warning)
        order._check_cart_is_ready_to_be_paid()

    def test_an_invitation_is_never_sold(self):
        guest = self.rate("Guest", 0, tibillet_invitation=True)
        self.authenticate(None, None)
        answer = self.ask_rates({f"nb_register-{guest.id}": "1"})
        self.assertIn("“Guest” is by invitation", answer)
        with self.assertRaisesRegex(ValidationError, "its price is 0"):
            guest.price = 5
