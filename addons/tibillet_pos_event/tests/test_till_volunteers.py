"""Rights of the day at a till: by tap, once, given back, given away in the closing."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.tibillet_pos_nfc.tests.common import UID, TillCase, TourCase


class VolunteerCase(TillCase):
    """Ana has a card and a shift that goes on; a meal and two drinks are hers once she is here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dress_volunteer()

    @classmethod
    def dress_volunteer(cls):
        cls.env.user.group_ids |= cls.env.ref("tibillet_event.tibillet_event_group_manager")
        now = fields.Datetime.now()
        company = {"company_id": cls.company.id}
        cls.beer.categ_id = cls.env["product.category"].create({"name": "Served"})
        cls.ana = cls.env["res.partner"].create({"name": "Ana Ruiz"})
        cls.card._claim(cls.ana, cls.card._draw_claim_code(), cls.company)
        event = cls.env["event.event"].create(
            {
                "name": "Fest-noz",
                "date_begin": now,
                "date_end": now + timedelta(hours=6),
                "date_tz": "Europe/Paris",
                **company,
            }
        )
        cls.shift = cls.env["tibillet.shift"].create(
            {
                "name": "Bar",
                "event_id": event.id,
                "date_begin": now - timedelta(hours=1),
                "date_end": now + timedelta(hours=2),
            }
        )
        cls.row = cls.env["tibillet.shift.volunteer"].create(
            {"shift_id": cls.shift.id, "partner_id": cls.ana.id}
        )
        cls.meal, cls.drinks, cls.entry = cls.env["tibillet.day.right"].create(
            [
                {"name": "Meal", "product_ids": [(4, cls.crisps.id)], **company},
                {
                    "name": "Drinks",
                    "per_day": 2,
                    "category_ids": [(4, cls.beer.categ_id.id)],
                    **company,
                },
                {"name": "Way in", "kind": "entry", **company},
            ]
        )

    def setUp(self):
        super().setUp()
        self.till_session = self.open_session()
        self.pair(self.till_session)

    def take(self, right=None, product=None, line=None, **more):
        self.line = line or str(uuid4())
        session = more.get("session", self.till_session)
        return session.tibillet_right_take(
            more.get("device", self.credential),
            UID,
            (right or self.meal).id,
            (product or self.crisps).id,
            self.line,
        )

    def here(self):
        self.row._came(fields.Datetime.now())

    def page(self):
        return self.till_session.tibillet_card_page(self.credential, UID)

    def left(self):
        return {one["name"]: one["left"] for one in self.page()["day_rights"]}

    def order(self, line=None, **values):
        """An order of what was handed out, as the till sends it."""
        sent = self.order_values([], [(self.crisps, 1, 2.5)], amount_total=0, amount_tax=0)
        sent["lines"][0][2].update(
            uuid=line or self.line,
            discount=100,
            price_subtotal=0,
            price_subtotal_incl=0,
            tibillet_day_right="Meal",
            **values,
        )
        return sent


@tagged("post_install", "-at_install")
class TestTillVolunteers(VolunteerCase):
    def test_presence_by_tap_opens_the_rights(self):
        page = self.page()
        self.assertEqual(page["day_rights"], [])
        self.assertIn("Bar", page["shift"])
        self.assertEqual(self.take()["why"], "no_right")
        answer = self.till_session.tibillet_presence(self.credential, UID)
        self.assertEqual((answer["ok"], answer["code"]), (True, "came"))
        self.assertEqual(self.row.state, "present")
        self.assertEqual(self.left(), {"Meal": 1, "Drinks": 2, "Way in": 1})
        self.assertEqual(self.page()["day_rights"][0]["products"], self.crisps.ids)
        self.row.shift_id.date_begin -= timedelta(days=9)
        self.row.shift_id.date_end -= timedelta(days=9)
        self.env.flush_all()
        self.assertEqual(
            self.till_session.tibillet_presence(self.credential, UID)["why"], "no_shift"
        )

    def test_once_and_the_same_touch_is_the_same(self):
        self.here()
        first = self.take()
        self.assertTrue(first["ok"], first)
        self.assertTrue(self.take(line=self.line)["ok"], "an answer that was lost")
        self.assertEqual(self.left()["Meal"], 0)
        again = self.take()
        self.assertEqual((again["ok"], again["why"]), (False, "used_up"))
        self.assertIn("all taken", again["message"])

    def test_refusals(self):
        self.here()
        self.assertEqual(self.take(product=self.beer)["why"], "not_for_this")
        self.assertEqual(self.take(self.entry)["why"], "not_for_this")
        other = self.env["tibillet.day.right"].create(
            {"name": "Elsewhere", "company_id": self.other_company.id}
        )
        self.assertEqual(self.take(other)["why"], "no_right")
        self.card.sudo().state = "lost"
        self.assertEqual(self.take()["code"], "card_lost")
        self.assertEqual(self.page()["day_rights"], [])
        self.assertFalse(self.env["tibillet.day.right.use"].search([("right_id", "=", other.id)]))

    def test_after_six_it_is_over(self):
        self.here()
        self.assertTrue(self.left())
        tomorrow = fields.Datetime.now() + timedelta(days=1, hours=6)
        with patch.object(fields.Datetime, "now", return_value=tomorrow):
            self.assertEqual(self.take()["why"], "no_right")

    def test_given_back_before_the_order_is_finished(self):
        self.here()
        self.take()
        first = self.line
        self.assertTrue(self.till_session.tibillet_right_back([first])["ok"])
        self.assertEqual(self.left()["Meal"], 1)
        self.assertEqual(self.take(line=first)["why"], "key_conflict")
        self.assertTrue(self.take()["ok"])
        self.sync(self.order())
        self.assertTrue(self.till_session.tibillet_right_back([self.line])["ok"])
        self.assertEqual(self.left()["Meal"], 0, "it was handed out")

    def test_given_away_and_no_money(self):
        """By a cashier who may offer nothing, without a reason; in the closing with the gifts."""
        self.config.sudo().tibillet_offer_limit = 0
        self.here()
        self.take()
        counted = ("tibillet.operation", "tibillet.account", "pos.payment")
        before = [self.env[name].search_count([]) for name in counted]
        order = self.sync(self.order())
        self.assertEqual((order.state, order.amount_total), ("paid", 0))
        self.assertEqual([self.env[name].search_count([]) for name in counted], before)
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session.sudo())
        self.assertEqual(
            figures["offers"],
            [{"reason": "Day rights of volunteers", "qty": 1, "amount": 250}],
        )
        self.assertEqual((figures["turnover"]["gross"], figures["checks"]["orders"]), (0, 0))
        self.assertEqual((figures["events"]["offered"], figures["events"]["offered_qty"]), (250, 1))

    def test_a_line_that_only_says_so_is_an_offer(self):
        self.config.sudo().tibillet_offer_limit = 0
        with self.assertRaises(ValidationError):
            self.sync(self.order(line=str(uuid4())))
        self.here()
        self.take(self.drinks, self.beer)
        with self.assertRaises(ValidationError):
            self.sync(self.order())  # crisps by the key of a beer

    def test_a_till_that_closes_gives_back_what_was_never_sold(self):
        self.here()
        self.take()
        self.sync(self.order())
        self.take(self.drinks, self.beer)
        self.assertEqual(self.left(), {"Meal": 0, "Drinks": 1, "Way in": 1})
        uses = self.env["tibillet.day.right.use"].search([("partner_id", "=", self.ana.id)])
        self.till_session.sudo().write({"state": "closed"})
        self.assertEqual(
            {use.right_id.name: use.undone for use in uses}, {"Meal": False, "Drinks": True}
        )

    def test_what_was_handed_out_after_it_went_back_is_told(self):
        self.here()
        self.take()
        self.till_session.tibillet_right_back([self.line])
        first = self.line
        self.take()
        self.sync(self.order(line=first))  # the till had no network
        late = self.env["tibillet.day.right.use"].search([("late", "!=", False)])
        self.assertEqual((late.key.split("~")[1], late.partner_id), ("late", self.ana))
        self.assertIn("all taken", late.late)

    def test_what_comes_back_may_be_taken_again(self):
        self.here()
        self.take()
        sold = self.sync(self.order())
        back = self.order(line=str(uuid4()))
        back["lines"][0][2].update(
            qty=-1, refunded_orderline_id=sold.lines.id, tibillet_day_right=False
        )
        self.sync(back, user=self.till_manager)
        self.assertEqual(self.left()["Meal"], 1)
        figures = self.env["tibillet.figures"]._compute_figures(self.till_session.sudo())
        self.assertFalse([row for row in figures["offers"] if row["amount"]])


class VolunteerTours(TourCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        VolunteerCase.dress_volunteer.__func__(cls)

    def serve(self):
        self.run_till("tibillet_day_rights")
        uses = self.env["tibillet.day.right.use"].search([("partner_id", "=", self.ana.id)])
        self.assertEqual(sorted(uses.mapped("undone")), [False, True])
        order = self.till_session.order_ids.filtered(lambda one: one.state == "paid")
        self.assertEqual(
            [(line.tibillet_day_right, line.price_subtotal_incl) for line in order.lines],
            [(self.meal.with_context(lang=self.till_manager.lang).name, 0)],
        )
        self.assertUntouched()

    def assertUntouched(self):
        """Nothing was taken from the card."""
        self.assertEqual(self.free(), 2000)


@tagged("post_install", "-at_install")
class TestVolunteerTour(VolunteerTours):
    browser_size = "1366x850"

    def test_taken_given_back_and_finished(self):
        self.serve()

    def test_without_network(self):
        self.row._came(fields.Datetime.now())
        self.run_till("tibillet_day_rights_offline")
        self.assertFalse(
            self.env["tibillet.day.right.use"].search([("partner_id", "=", self.ana.id)])
        )


@tagged("post_install", "-at_install")
class TestVolunteerTourPhone(VolunteerTours):
    browser_size = "390x844"
    touch_enabled = True

    def test_in_french_on_a_phone(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.till_manager.lang = "fr_FR"
        self.run_till("tibillet_day_rights_french")
