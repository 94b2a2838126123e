import json

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .rates_common import RatesCase


class ByCardCase(RatesCase):
    """A rate for two hours, and one for who pays with the card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        assets = cls.env["tibillet.asset"]
        one = {"kind": "time", "unit_label": "min", "scale": 0, "company_id": cls.company.id}
        cls.hours = assets.create({"name": "Heures", "code": "heures", **one})
        cls.token = assets.create(
            {"name": "Jeton", "code": "jeton", "kind": "local", "company_id": cls.company.id}
        )
        other = cls.env["res.company"].create({"name": "Another place"})
        cls.foreign = assets.create(
            {"name": "Ailleurs", "code": "ailleurs", **one, "company_id": other.id}
        )
        cls.full = cls.rate("Full", 12)
        cls.helped = cls.rate(
            "Helped", tibillet_price_asset_id=cls.hours.id, tibillet_price_minor=120
        )
        cls.card = cls.rate("Card", 9, tibillet_card_only=True)


@tagged("post_install", "-at_install")
class TestRatesByCard(ByCardCase):
    """What a rate may cost, and who says so."""

    def test_its_article_has_the_price_and_the_taxes(self):
        article = self.helped.product_id
        self.assertNotEqual(article, self.product)
        self.assertEqual(
            (article.tibillet_price_asset_id, article.tibillet_price_minor), (self.hours, 120)
        )
        self.assertEqual(article.taxes_id, self.tax)
        self.assertEqual((article.list_price, article.service_tracking), (0, "event"))
        self.assertEqual(self.helped.tibillet_asset_price_text, "120\xa0min")
        twin = self.rate("Twin", tibillet_price_asset_id=self.hours.id, tibillet_price_minor=120)
        self.assertEqual(twin.product_id, article)
        twin.tibillet_price_minor = 60
        self.assertNotEqual(twin.product_id, article)
        self.assertEqual(article.tibillet_price_minor, 120, "the other rate keeps its price")
        self.assertEqual(self.full.tibillet_asset_price_text, "")

    def test_written_on_the_events_form(self):
        self.env.user.group_ids |= self.env.ref("tibillet_wallet.tibillet_wallet_group_manager")
        with Form(self.concert) as event, event.event_ticket_ids.new() as line:
            line.name = "By hand"
            line.price = 8
            line.tibillet_price_asset_id = self.hours
            line.tibillet_price_minor = 30
        rate = self.concert.event_ticket_ids.filtered(lambda one: one.name == "By hand")
        self.assertEqual((rate.tibillet_price_minor, rate.price), (30, 0))
        self.assertEqual(rate.product_id.tibillet_price_asset_id, self.hours)

    def test_back_to_money(self):
        self.helped.write(
            {"tibillet_price_asset_id": False, "tibillet_price_minor": 0, "price": 12}
        )
        self.assertFalse(self.helped.product_id.tibillet_price_asset_id)
        self.assertTrue(self.helped._tibillet_pays_online())

    def test_the_vat_of_its_event_keeps_its_price(self):
        tax = self.tax.copy({"name": "5.5 % included", "amount": 5.5})
        self.concert.write(
            {
                "tibillet_vat_id": tax.id,
                "tibillet_vat_reason": "other",
                "tibillet_vat_note": "Decided",
            }
        )
        self.assertEqual(self.helped.product_id.taxes_id, tax)
        self.assertEqual(
            (self.helped.tibillet_price_asset_id, self.helped.tibillet_price_minor),
            (self.hours, 120),
        )
        self.assertEqual(self.full.product_id.taxes_id, tax)

    def test_a_copied_event_keeps_it(self):
        copied = self.concert.copy().event_ticket_ids.filtered(lambda one: one.name == "Helped")
        self.assertEqual((copied.tibillet_price_minor, copied.price), (120, 0))

    def test_what_it_cannot_cost(self):
        hours = {"tibillet_price_asset_id": self.hours.id, "tibillet_price_minor": 60}
        for values, words in (
            ({"tibillet_price_asset_id": self.foreign.id, "tibillet_price_minor": 60}, "another"),
            ({"tibillet_price_asset_id": self.token.id, "tibillet_price_minor": 60}, "is money"),
            ({**hours, "tibillet_price_minor": 0}, "1 or more, in min"),
            ({**hours, "tibillet_price_minor": -60}, "1 or more, in min"),
            ({**hours, "tibillet_usual_price": -1}, "0 or more"),
            ({**hours, "price": 5}, "no price in money"),
            ({**hours, "tibillet_free_price": True}, "no free price"),
            ({**hours, "tibillet_invitation": True}, "no invitation"),
            ({"tibillet_price_minor": 60}, "in which asset"),
            ({"tibillet_card_only": True, "price": 0}, "write its price"),
            ({"tibillet_card_only": True, "tibillet_invitation": True}, "no card pays it"),
        ):
            with self.subTest(values), self.assertRaises(ValidationError) as refused:
                self.rate("Wrong", **values)
            self.assertIn(words, str(refused.exception).replace("\n", " "))
        for values, words in (
            ({"price": 5}, "no price in money"),
            ({"tibillet_card_only": True}, "needs no “With the card only”"),
            ({"tibillet_price_minor": 0}, "1 or more"),
        ):
            with self.subTest(values), self.assertRaises(ValidationError) as refused:
                self.helped.write(values)
            self.assertIn(words, str(refused.exception))
        self.env.invalidate_all()
        self.assertEqual((self.helped.tibillet_price_minor, self.helped.price), (120, 0))

    def test_an_asset_that_is_accepted_here(self):
        signed = self.env["tibillet.acceptance"].create(
            {"asset_id": self.foreign.id, "company_id": self.company.id}
        )
        hours = {"tibillet_price_asset_id": self.foreign.id, "tibillet_price_minor": 5}
        with self.assertRaisesRegex(ValidationError, "another place"):
            self.rate("Not yet", **hours)
        signed.write(
            {
                "state": "active",
                "contract_date": "2026-01-01",
                "countersigned_by_id": self.env.uid,
            }
        )
        rate = self.rate("There", tibillet_price_asset_id=self.foreign.id, tibillet_price_minor=5)
        self.assertEqual(rate.tibillet_price_minor, 5)

    def test_who_sets_it(self):
        values = {"tibillet_price_minor": 90}
        manager = new_test_user(self.env, "by_card_manager", "event.group_event_manager")
        self.helped.with_user(manager).write(values)
        self.assertEqual(self.helped.product_id.tibillet_price_minor, 90)
        self.assertEqual(self.helped.with_user(manager).tibillet_asset_price_text, "90\xa0min")
        for login, group in (
            ("by_card_stranger", "base.group_user"),
            ("by_card_portal", "base.group_portal"),
            ("by_card_desk", "event.group_event_registration_desk"),
        ):
            user = new_test_user(self.env, login, group)
            with self.subTest(login), self.assertRaises(AccessError):
                self.helped.with_user(user).write(values)


@tagged("post_install", "-at_install")
class TestRatesByCardOnline(ByCardCase):
    """The website shows them with their price and where they are had, and sells none."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.said = {
            self.helped: "“Helped” is had at the till, by tapping the card: 120\xa0min.",
            self.card: "“Card” is had at the till, by tapping the card: $\xa09.00.",
        }

    def test_shown_with_its_price_and_where_it_is_had(self):
        page = self.url_open(f"/event/{self.concert.id}/register").text
        for rate, sentence in self.said.items():
            with self.subTest(rate.name):
                self.assertIn(sentence, page)
                self.assertNotIn(f'name="nb_register-{rate.id}"', page)
        self.assertIn(f'name="nb_register-{self.full.id}"', page)
        self.assertIn("9.00 with the card", page)
        self.assertNotIn(">Free<", page, "two hours are no gift")

    def test_no_form_takes_them(self):
        for rate, sentence in self.said.items():
            with self.subTest(rate.name):
                self.assertIn(sentence, self.ask_rates({f"nb_register-{rate.id}": "1"}))
                form = self.attendees((rate, "a@example.com"))
                self.assertEqual(self.check(form), [sentence])
                self.assertIn("tibillet_rates", self.confirm(form).headers["Location"])
        self.assertFalse(self.concert.registration_ids)

    def test_no_basket_and_no_order_takes_them(self):
        order = self.basket(self.full)
        for rate in self.said:
            with self.subTest(rate.name):
                with self.assertRaisesRegex(ValidationError, "had at the till"):
                    self.basket(rate)
                values = {
                    "order_id": order.id,
                    "product_id": rate.product_id.id,
                    "event_id": self.concert.id,
                    "event_ticket_id": rate.id,
                }
                with self.assertRaisesRegex(ValidationError, "had at the till"):
                    self.env["sale.order.line"].create(values)
                with self.assertRaisesRegex(ValidationError, "had at the till"):
                    order.order_line.write(
                        {"product_id": rate.product_id.id, "event_ticket_id": rate.id}
                    )

    def test_the_cart_by_http(self):
        for rate, sentence in self.said.items():
            rate.product_id.product_tmpl_id.write({"website_published": True, "sale_ok": True})
            asked = {
                "product_template_id": rate.product_id.product_tmpl_id.id,
                "product_id": rate.product_id.id,
                "quantity": 1,
                "event_ticket_id": rate.id,
            }
            with mute_logger("odoo.http"):
                answer = self.url_open("/shop/cart/add", json={"params": asked})
            self.assertIn(sentence, json.loads(answer.text)["error"]["data"]["message"])
        lines = self.env["sale.order.line"].search([("event_id", "=", self.concert.id)])
        self.assertFalse(lines)

    def test_a_basket_of_before_does_not_pay(self):
        order = self.basket(self.full)
        order._check_cart_is_ready_to_be_paid()
        self.full.tibillet_card_only = True
        with self.assertRaisesRegex(ValidationError, "(?s)had at the till.*Nothing was charged"):
            order._check_cart_is_ready_to_be_paid()
