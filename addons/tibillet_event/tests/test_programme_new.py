from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .programme_common import ProgrammeCase

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # noqa: E501
KINDS = (
    "concert",
    "festival",
    "meeting",
    "conference",
    "catering",
    "work_camp",
    "volunteering",
)


@tagged("post_install", "-at_install")
class TestProgrammeNew(ProgrammeCase):
    """An event in two minutes, and what no event can be made of."""

    def answers(self, **values):
        return {
            "name": "Evening of tales",
            "date_begin": datetime(2026, 12, 11, 19, 30),
            "price": 8,
            "free": False,
            **values,
        }

    def form(self, user=None, **values):
        forms = self.programme(self.env["tibillet.event.new"], user)
        return forms.create(self.answers(**values))

    def made(self, **values):
        form = self.form(**values)
        action = form.action_create()
        event = self.env["event.event"].browse(action["res_id"])
        self.assertEqual(event, form.event_id)
        return event

    def test_four_answers_make_an_event_with_its_page(self):
        """Name, beginning, price; the venue is the place's own unless another is chosen."""
        with Form(self.programme(self.env["tibillet.event.new"])) as form:
            form.name = "Evening of tales"
            form.date_begin = "2026-12-11 19:30:00"
            form.price = 8
            self.assertEqual(form.date_end, datetime(2026, 12, 11, 22, 30))
            self.assertEqual(form.address_id, self.place.partner_id)
            self.assertFalse(form.free)
        form.record.action_create()
        event = form.record.event_id
        self.assertEqual((event.name, event.company_id), ("Evening of tales", self.place))
        self.assertEqual(event.date_tz, "Europe/Paris")
        self.assertTrue(event.is_published)
        self.assertTrue(event.event_registrations_open)
        self.assertEqual(event.event_type_id, self.env.ref("tibillet_event.event_type_concert"))
        self.assertEqual((event.seats_limited, event.seats_max), (True, 50))
        self.assertEqual(event.event_ticket_ids.mapped("price"), [8])
        self.assertEqual(event.organizer_id, self.place.partner_id)
        self.assertEqual(len(event.event_mail_ids), 3)
        self.assertIn("Concert", event.tag_ids.mapped("name"))

    def test_the_end_is_said_when_it_is_another(self):
        end = datetime(2026, 12, 12, 3, 0)
        self.assertEqual(self.made(date_end=end).date_end, end)

    def test_odoos_own_form_ends_three_hours_later_too(self):
        events = self.env["event.event"].with_context(default_date_begin="2026-12-11 19:30:00")
        values = events.default_get(["date_begin", "date_end"])
        self.assertEqual(values["date_end"], datetime(2026, 12, 11, 22, 30))
        given = events.with_context(default_date_end="2026-12-12 01:00:00")
        self.assertEqual(str(given.default_get(["date_end"])["date_end"]), "2026-12-12 01:00:00")

    def test_more_rates_and_an_event_for_nothing(self):
        rates = [
            Command.create({"name": "Reduced rate", "price": 5, "seats_max": 10}),
            Command.create({"name": "Children", "price": 0}),
        ]
        tickets = self.made(rate_ids=rates).event_ticket_ids.sorted("sequence")
        self.assertEqual(tickets.mapped("name"), ["Full rate", "Reduced rate", "Children"])
        self.assertEqual(tickets.mapped("price"), [8, 5, 0])
        self.assertEqual(tickets.mapped("seats_max"), [0, 10, 0])
        free = self.made(name="Debate", free=True, price=0)
        self.assertEqual(free.event_ticket_ids.mapped("price"), [0])

    def test_not_published_and_without_limit(self):
        event = self.made(publish=False, seats_max=0)
        self.assertFalse(event.is_published)
        self.assertFalse(event.seats_limited)

    def test_its_picture_is_the_cover_of_its_page(self):
        event = self.made(picture=PIXEL)
        self.assertIn(f"/web/image/event.event/{event.id}/tibillet_picture", event.cover_properties)
        copy = event.copy()
        self.assertIn(f"/web/image/event.event/{copy.id}/tibillet_picture", copy.cover_properties)
        event.tibillet_picture = False
        self.assertIn("event_cover_4", event.cover_properties)

    def test_its_page_says_what_was_written_and_never_an_example(self):
        self.assertFalse(self.made().description)
        self.assertFalse(self.concert.description)
        event = self.made(name="Ball", description="Two bands.\n<b>Bring</b> shoes.")
        self.assertIn("Two bands.<br>", str(event.description).replace("<br/>", "<br>"))
        self.assertIn("&lt;b&gt;Bring", str(event.description))

    def test_pressed_twice_it_is_one_event(self):
        form = self.form()
        self.assertEqual(form.action_create(), form.action_create())
        events = self.env["event.event"].search([("name", "=", "Evening of tales")])
        self.assertEqual(len(events), 1)

    def test_vat_that_comes_on_top_is_said_before(self):
        tax = self.tax(5.5, price_include_override="tax_excluded")
        form = self.form(vat_id=tax.id, vat_reason="show")
        self.assertIn("8.44", form.paid_text)
        included = self.tax(5.5, name="Included", price_include_override="tax_included")
        self.assertFalse(self.form(vat_id=included.id, vat_reason="show").paid_text)

    def refused(self, sentence, **values):
        with self.assertRaises(UserError) as refusal:
            self.form(**values).action_create()
        self.assertIn(sentence, str(refusal.exception))

    def test_refusals(self):
        line = Command.create
        self.refused("Give the event a name", name="   ")
        self.refused("end must come after", date_end=datetime(2026, 12, 11, 19, 30))
        self.refused("This date is past", date_begin=datetime(2026, 11, 1, 19, 30))
        self.refused("Write the price of the first rate", price=0)
        self.refused("Write the price of the first rate", price=-3)
        self.refused("up to 999,999.99", price=1e9)
        self.refused("The capacity is a number", seats_max=-1)
        self.refused("Give every rate a name", rate_ids=[line({"name": " ", "price": 3})])
        self.refused("is 0 for free, or more", rate_ids=[line({"name": "Half", "price": -3})])
        self.refused(
            "seats of “Half”", rate_ids=[line({"name": "Half", "price": 3, "seats_max": -3})]
        )
        self.refused("Say why the event has this rate", vat_id=self.tax(20).id)
        self.form().action_create()
        self.refused("exists already on Friday 11 December 2026, 20:30")
        self.refused("exists already", name=" Evening of tales ")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.refused("You do not work for this place", company_id=other.id)

    def test_kinds_are_ready_and_do_not_impose_a_clock(self):
        for name in KINDS:
            with self.subTest(kind=name):
                kind = self.env.ref(f"tibillet_event.event_type_{name}")
                self.assertFalse(kind.default_timezone)
                self.assertTrue(kind.has_seats_limitation and kind.seats_max)
                self.assertEqual(len(kind.event_type_ticket_ids), 1)
                self.assertEqual(len(kind.event_type_mail_ids), 3)
                form = self.form(kind_id=kind.id, name=f"A {name}", seats_max=12)
                form.action_create()
                self.assertEqual(form.event_id.event_ticket_ids.mapped("price"), [8])
                self.assertEqual(form.event_id.seats_max, 12)
        meeting = self.env.ref("tibillet_event.event_type_meeting")
        values = {"name": "Meeting", "date_begin": "2026-12-11 19:30:00", "kind_id": meeting.id}
        form = self.programme(self.env["tibillet.event.new"]).create(values)
        self.assertTrue(form.free)
        self.assertEqual((form.rate_name, form.seats_max), ("Free entry", 30))

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self.form(user=self.user_gate)
        with self.assertRaises(AccessError):
            self.form(user=self.user_employee)
        form = self.form(user=self.user_manager)
        form.action_create()
        self.assertTrue(form.event_id.is_published)
