"""Presence, and what everybody who is present may take that day."""

from datetime import datetime

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from ..exceptions import SeatsError
from .common import EventCommon
from .test_volunteers import evening, shift


def at(day, time):
    """A moment of May 2031, in UTC; Paris is two hours ahead."""
    return datetime.fromisoformat(f"2031-05-{day:02d} {time}:00")


@tagged("post_install", "-at_install")
class TestDayRights(EventCommon):
    def setUp(self):
        super().setUp()
        self.company = self.env.company
        place = self.env["tibillet.place"]._of_company(self.company)
        place.tz = "Europe/Paris"
        self.event = evening(self.env)
        self.bar = shift(self.event, "18:00", "20:00")
        self.anna, self.bo = self.env["res.partner"].create([{"name": "Anna"}, {"name": "Bo"}])
        self.row = self.env["tibillet.shift.volunteer"].create(
            {"shift_id": self.bar.id, "partner_id": self.anna.id}
        )
        self.soup, self.beer = self.env["product.product"].create(
            [{"name": "Soup"}, {"name": "Beer"}]
        )
        Right = self.env["tibillet.day.right"]
        self.meal, self.drinks, self.entry = Right.create(
            [
                {"name": "Meal", "product_ids": [(4, self.soup.id)]},
                {"name": "Drinks", "per_day": 2, "product_ids": [(4, self.beer.id)]},
                {"name": "In", "kind": "entry", "event_id": self.event.id},
            ]
        )
        self.mine = self.meal | self.drinks | self.entry

    def left(self, holder, when):
        found = self.env["tibillet.day.right"]._of(holder, self.company, when)
        return {right.name: left for right, left in found if right in self.mine}

    def refused(self, code, right, holder, key, **values):
        with self.assertRaises(SeatsError) as caught:
            right._take(holder, key, **values)
        self.assertEqual(caught.exception.code, code)
        return str(caught.exception)

    def card_of(self, partner=None, **values):
        card = self.env["tibillet.card"].create({"company_id": self.company.id, **values})
        if partner:
            card.wallet_id.write({"kind": "person", "partner_id": partner.id, "company_id": False})
        return card

    # -- presence ---------------------------------------------------------------------------------

    def test_a_tap_comes_and_a_later_one_leaves(self):
        present = self.env["tibillet.shift.volunteer"]._tibillet_present
        self.assertEqual(present(self.bo, at(3, "18:00"))["code"], "no_shift")
        self.assertEqual(present(self.anna, at(3, "12:00"))["code"], "no_shift")
        self.assertEqual(present(self.anna, at(3, "17:50"))["code"], "came")
        self.assertEqual(present(self.anna, at(3, "17:51"))["code"], "twice")
        self.assertEqual((self.row.state, self.row.presence_end), ("present", False))
        self.assertAlmostEqual(self.row.hours, 2 + 1 / 6, places=2)
        self.assertEqual(present(self.anna, at(3, "20:20"))["code"], "left")
        self.assertAlmostEqual(self.row.hours, 2.5)

    def test_by_a_button(self):
        with self.assertRaises(UserError):
            self.row.action_gone()
        self.row.action_present()
        self.row.action_gone()
        self.assertEqual(self.row.state, "present")
        with self.assertRaises(UserError):
            self.row.action_present()

    # -- rights -----------------------------------------------------------------------------------

    def test_until_six_whatever_the_hours(self):
        self.assertEqual(self.left(self.anna, at(3, "19:00")), {}, "has not come")
        self.row._came(at(3, "19:59"))
        full = {"Meal": 1, "Drinks": 2, "In": 1}
        self.assertEqual(self.left(self.anna, at(3, "20:01")), full)
        self.assertEqual(self.left(self.anna, at(4, "03:59")), full, "05:59 by the clock")
        self.assertEqual(self.left(self.anna, at(4, "04:00")), {}, "06:00")
        self.refused("no_right", self.meal, self.anna, "k", at=at(4, "04:00"))

    def test_so_many_and_the_same_act_once(self):
        self.row._came(at(3, "18:00"))
        when = at(3, "19:00")
        first = self.drinks._take(self.anna, "a", self.beer, when)
        self.assertEqual(self.drinks._take(self.anna, "a", self.beer, when), first)
        self.drinks._take(self.anna, "b", self.beer, when)
        self.assertEqual(self.left(self.anna, when)["Drinks"], 0)
        self.assertIn("all taken", self.refused("used_up", self.drinks, self.anna, "c", at=when))
        self.refused("not_for_this", self.meal, self.anna, "d", product=self.beer, at=when)
        self.refused("no_right", self.meal, self.bo, "e", at=when)
        first._undo()
        self.assertEqual(self.drinks._take(self.anna, "f", self.beer, when).number, 1)

    def test_late_is_recorded_and_told(self):
        self.row._came(at(3, "18:00"))
        when = at(3, "19:00")
        self.meal._take(self.anna, "a", self.soup, when)
        late = self.meal._take(self.anna, "b", self.soup, when, late=True)
        self.assertFalse(late.number)
        self.assertIn("all taken", late.late)

    def test_the_database_bounds_the_number(self):
        self.row._came(at(3, "18:00"))
        person, card, day = self.anna, self.env["tibillet.card"], at(3, "18:00").date()
        write = self.meal._write_use
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            with self.env.cr.savepoint():
                write(person, card, day, 2, "k", None, at(3, "19:00"))
        self.assertTrue(write(person, card, day, 1, "l", None, at(3, "19:00")))
        self.assertFalse(write(person, card, day, 1, "m", None, at(3, "19:00")))

    def test_it_is_no_money(self):
        """No account, no balance, no operation stands behind it."""
        counts = [
            self.env[name].search_count([]) for name in ("tibillet.account", "tibillet.operation")
        ]
        self.row._came(at(3, "18:00"))
        self.drinks._take(self.anna, "a", self.beer, at(3, "19:00"))
        after = [
            self.env[name].search_count([]) for name in ("tibillet.account", "tibillet.operation")
        ]
        self.assertEqual(after, counts)
        for model in ("tibillet.day.right", "tibillet.day.right.grant", "tibillet.day.right.use"):
            fields = self.env[model]._fields.values()
            self.assertFalse([one.name for one in fields if one.type == "monetary"], model)

    def test_crew_by_name_and_on_an_anonymous_card(self):
        card = self.card_of()
        values = {"day": "2031-05-03", "right_ids": [(4, self.meal.id)]}
        self.env["tibillet.day.right.grant"].create(
            [{**values, "partner_id": self.bo.id}, {**values, "card_id": card.id}]
        )
        for holder in (self.bo, card):
            self.assertEqual(self.left(holder, at(4, "02:00")), {"Meal": 1})
            self.assertEqual(self.left(holder, at(4, "12:00")), {})
        self.meal._take(card, "a", self.soup, at(3, "20:00"))
        self.refused("used_up", self.meal, card, "b", at=at(3, "20:00"))
        self.assertEqual(self.left(self.bo, at(3, "20:00")), {"Meal": 1}, "not the card's")

    def test_the_card_of_a_person_is_the_person(self):
        card = self.card_of(self.anna)
        self.env["tibillet.shift.volunteer"]._tibillet_present(card, at(3, "18:00"))
        self.meal._take(card, "a", self.soup, at(3, "19:00"))
        self.refused("used_up", self.meal, self.anna, "b", at=at(3, "19:00"))

    def test_a_lost_card_is_refused(self):
        card = self.card_of(self.anna)
        self.row._came(at(3, "18:00"))
        self.assertTrue(self.left(card, at(3, "19:00")))
        card.state = "lost"
        entry = self.env["tibillet.day.right"]._tibillet_day_right_entry
        for act in (
            lambda: self.left(card, at(3, "19:00")),
            lambda: self.meal._take(card, "a", self.soup, at(3, "19:00")),
            lambda: entry(card, self.event, at(3, "19:00")),
            lambda: self.env["tibillet.shift.volunteer"]._tibillet_present(card, at(3, "19:00")),
        ):
            with self.assertRaises(LedgerError) as caught:
                act()
            self.assertEqual(caught.exception.code, "card_lost")
        self.assertTrue(entry(self.anna, self.event, at(3, "19:00")), "she is there all the same")

    def test_entry(self):
        entry = self.env["tibillet.day.right"]._tibillet_day_right_entry
        self.assertFalse(entry(self.anna, self.event, at(3, "19:00")))
        self.row._came(at(3, "18:00"))
        self.assertEqual(entry(self.anna, self.event, at(3, "19:00")), self.entry)
        other = evening(self.env, name="Another")
        self.assertFalse(entry(self.anna, other, at(3, "19:00")))
