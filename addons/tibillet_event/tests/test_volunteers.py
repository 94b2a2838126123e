"""Shifts: the maximum, no overlap, signing up with and without the website."""

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EventCommon
from .test_seats_website import SeatsHttpCase


def evening(env, **values):
    """A published event in ten days, and a way to make shifts of it."""
    return env["event.event"].create(
        {
            "name": "Fest-noz",
            "date_begin": "2031-05-03 18:00:00",
            "date_end": "2031-05-03 23:00:00",
            "date_tz": "Europe/Paris",
            "is_published": True,
            **values,
        }
    )


def shift(event, begin, end, **values):
    return event.env["tibillet.shift"].create(
        {
            "name": values.pop("name", "Bar"),
            "event_id": event.id,
            "date_begin": f"2031-05-03 {begin}:00",
            "date_end": f"2031-05-03 {end}:00",
            **values,
        }
    )


@tagged("post_install", "-at_install")
class TestVolunteers(EventCommon):
    def setUp(self):
        super().setUp()
        self.event = evening(self.env)
        self.people = self.env["res.partner"].create(
            [
                {"name": name, "email": f"{name.lower()}@demo.example"}
                for name in ("Anna", "Bo", "Cy")
            ]
        )

    def put(self, shift, person, **values):
        row = self.env["tibillet.shift.volunteer"].create(
            {"shift_id": shift.id, "partner_id": person.id, **values}
        )
        self.env.flush_all()
        shift.invalidate_recordset()
        return row

    def refused(self, name, act):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError) as caught:
            with self.env.cr.savepoint():
                act()
                self.env.flush_all()
        self.assertIn(name, caught.exception.diag.constraint_name)
        self.env.invalidate_all()

    def test_the_maximum_holds_and_a_cancelled_place_is_free(self):
        bar = shift(self.event, "18:00", "20:00", minimum=2, maximum=2)
        self.assertEqual((bar.staffing, bar.staffing_text[0]), ("below", "▲"))
        first = self.put(bar, self.people[0])
        self.put(bar, self.people[1])
        self.assertEqual((bar.taken, bar.staffing), (2, "full"))
        self.refused("not_overfull", lambda: self.put(bar, self.people[2]))
        self.refused("not_overfull", lambda: bar.write({"maximum": 1, "minimum": 1}))
        first.action_cancel()
        self.env.flush_all()
        self.put(bar, self.people[2])
        self.refused("not_overfull", first.action_confirm)
        self.assertEqual(bar.taken, 2)
        bar.volunteer_ids.filtered(lambda row: row.state == "confirmed")[0].unlink()
        self.env.flush_all()
        bar.invalidate_recordset()
        self.assertEqual(bar.taken, 1)
        bar.write({"taken": 9})
        self.env.flush_all()
        bar.invalidate_recordset()
        self.assertEqual(bar.taken, 1, "only the database counts")

    def test_touching_yes_overlapping_no(self):
        bar = shift(self.event, "18:00", "20:00")
        after = shift(self.event, "20:00", "22:00", name="Gate")
        between = shift(self.event, "19:59", "21:00", name="Stage")
        anna = self.people[0]
        self.put(bar, anna)
        self.put(after, anna)
        self.refused("no_overlap", lambda: self.put(between, anna))
        self.put(between, self.people[1])
        self.refused("once", lambda: self.put(bar, anna))
        self.refused("no_overlap", lambda: after.write({"date_begin": "2031-05-03 19:30:00"}))

    def test_signing_up_for_several_keeps_what_can_be(self):
        bar = shift(self.event, "18:00", "20:00", maximum=1)
        late = shift(self.event, "20:00", "22:00", name="Gate")
        cross = shift(self.event, "21:00", "23:00", name="Stage")
        with mute_logger("odoo.sql_db"):
            done, refused = (bar | late | cross)._sign_up("Dora", "dora@demo.example", "en_US")
            again, full = bar._sign_up("Emil", "emil@demo.example", "en_US")
        self.assertEqual(done.shift_id, bar | late)
        self.assertEqual([(one, "another shift" in why) for one, why in refused], [(cross, True)])
        self.assertEqual(set(done.mapped("state")), {"proposed"})
        self.assertFalse(again)
        self.assertIn("last place", full[0][1])
        mail = self.env["mail.mail"].search([("subject", "=", "Your shifts: Fest-noz")])
        self.assertEqual(len(mail), 1)
        self.assertIn("Gate", mail.body_html)
        self.assertIn(done[0]._get_path(), mail.body_html)
        for name, email in (("", "a@demo.example"), ("A", "nowhere"), ("A", None)):
            with self.assertRaises(UserError):
                late._sign_up(name, email)

    def test_one_person_is_one_contact(self):
        bar = shift(self.event, "18:00", "20:00")
        done, _none = bar._sign_up(" anna", "ANNA@demo.example")
        self.assertEqual(done.partner_id, self.people[0])
        other, _none = bar._sign_up("Ann_", "anna@demo.example")
        self.assertNotEqual(other.partner_id, self.people[0], "a family shares an address")

    def test_steps_say_what_they_refuse(self):
        row = self.put(shift(self.event, "18:00", "20:00"), self.people[0])
        row.action_absent()
        with self.assertRaises(UserError):
            row.action_absent()
        row.action_confirm()
        row.action_cancel()
        self.assertEqual(row.state, "cancelled")


@tagged("post_install", "-at_install")
class TestVolunteersWebsite(SeatsHttpCase):
    def setUp(self):
        super().setUp()
        self.event = evening(self.env, company_id=self.env.company.id)
        self.bar = shift(self.event, "18:00", "20:00", maximum=1)
        self.gate = shift(self.event, "20:00", "22:00", name="Door")

    def post(self, path, **form):
        return self.url_open(path, data={"csrf_token": self.csrf_token(), **form})

    def rows(self):
        shifts = self.bar | self.gate
        return self.env["tibillet.shift.volunteer"].search([("shift_id", "in", shifts.ids)])

    def test_sign_up_for_several_without_script_and_cancel(self):
        path = f"/event/{self.event.id}/volunteers"
        page = self.url_open(path).text
        self.assertIn("Door", page)
        self.assertIn("needed", page)
        answer = self.post(path, name="Anna", email="no", shift=[self.bar.id])
        self.assertIn("not complete", answer.text)
        self.assertIn('checked="checked"', answer.text, "what was chosen stays")
        ids = [self.bar.id, self.gate.id]
        answer = self.post(path, name="Anna", email="anna@demo.example", shift=ids)
        self.assertIn("Thank you", answer.text)
        self.assertEqual(self.rows().shift_id, self.bar | self.gate)
        self.assertIn("Full", self.url_open(path).text)
        mine = self.rows()[0]._get_path()
        self.assertNotIn(mine, answer.text, "the link goes by mail alone")
        self.assertIn("Cancel this shift", self.url_open(mine).text)
        self.assertEqual(self.url_open(mine[:-1] + "z").status_code, 404)
        bar_row = self.rows().filtered(lambda row: row.shift_id == self.bar)
        self.assertIn("My shifts", self.post(f"{mine}/cancel/{bar_row.id}").text)
        self.assertEqual(bar_row.state, "cancelled")
        door_row = self.rows() - bar_row
        self.gate.cancel_hours = 24 * 365 * 100
        self.assertIn("too late", self.post(f"{mine}/cancel/{door_row.id}").text)
        self.assertEqual(door_row.state, "proposed")

    def test_what_is_not_offered_cannot_be_taken(self):
        self.gate.is_open = False
        path = f"/event/{self.event.id}/volunteers"
        self.assertNotIn("Door", self.url_open(path).text)
        answer = self.post(path, name="A", email="a@demo.example", shift=[self.gate.id, "x", "-1"])
        self.assertIn("Choose a shift", answer.text)
        self.assertFalse(self.rows())
        self.event.is_published = False
        self.assertIn(self.url_open(path).status_code, (403, 404))

    def test_too_often(self):
        from unittest.mock import patch

        from ..controllers import volunteers

        path = f"/event/{self.event.id}/volunteers"
        with patch.object(volunteers, "TRIES", ("event-volunteers", 1, 600)):
            self.post(path, name="A", email="a@demo.example", shift=[self.gate.id])
            answer = self.post(path, name="B", email="b@demo.example", shift=[self.gate.id])
        self.assertIn("Too many", answer.text)
        self.assertEqual(len(self.rows()), 1)
