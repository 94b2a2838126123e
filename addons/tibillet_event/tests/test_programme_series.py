from datetime import date, datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.programme import wall_clock
from .programme_common import ProgrammeCase


@tagged("post_install", "-at_install")
class TestProgrammeSeries(ProgrammeCase):
    """An event repeated: seen before, at the same hour whatever the clocks do."""

    def form(self, event=None, **values):
        event = event or self.concert
        forms = self.programme(self.env["tibillet.event.series"])
        return forms.create({"event_id": event.id, **values})

    def made(self, form):
        form.action_create()
        origin = form._origin_event()
        return self.env["event.event"].search([("tibillet_series_id", "=", origin.id)]) - origin

    def test_rhythms(self):
        friday = date(2026, 12, 4)
        self.assertEqual(
            wall_clock.dates(friday, "week", 2), [date(2026, 12, 11), date(2026, 12, 18)]
        )
        self.assertEqual(
            wall_clock.dates(friday, "fortnight", 2), [date(2026, 12, 18), date(2027, 1, 1)]
        )
        self.assertEqual(
            wall_clock.dates(date(2027, 1, 31), "month_day", 2),
            [date(2027, 2, 28), date(2027, 3, 31)],
        )
        self.assertEqual(
            wall_clock.dates(friday, "month_weekday", 2), [date(2027, 1, 1), date(2027, 2, 5)]
        )
        # A fifth Thursday is the last one where a month has four.
        self.assertEqual(
            wall_clock.dates(date(2026, 12, 31), "month_weekday", 2),
            [date(2027, 1, 28), date(2027, 2, 25)],
        )

    def test_hours_that_do_not_exist_or_come_twice(self):
        paris = "Europe/Paris"
        self.assertEqual(
            wall_clock.moment(datetime(2027, 3, 28, 2, 30), paris), datetime(2027, 3, 28, 1, 30)
        )
        self.assertEqual(
            wall_clock.moment(datetime(2026, 10, 25, 2, 30), paris), datetime(2026, 10, 25, 0, 30)
        )

    def test_half_past_eight_stays_so_when_the_clocks_change(self):
        spring = self.make_event(
            date_begin=datetime(2027, 3, 26, 19, 30), date_end=datetime(2027, 3, 27, 1, 0)
        )
        spring.event_ticket_ids[0].write(
            {
                "start_sale_datetime": datetime(2027, 3, 19, 11, 0),
                "end_sale_datetime": datetime(2027, 3, 26, 18, 0),
            }
        )
        [later] = self.made(self.form(spring, count=1))
        self.assertEqual(later.date_begin, datetime(2027, 4, 2, 18, 30))
        self.assertEqual(later.date_end, datetime(2027, 4, 3, 0, 0))
        ticket = later.event_ticket_ids.filtered("end_sale_datetime")
        self.assertEqual(ticket.start_sale_datetime, datetime(2027, 3, 26, 11, 0))
        self.assertEqual(ticket.end_sale_datetime, datetime(2027, 4, 2, 17, 0))

    def test_seen_first_then_made_with_rates_and_without_people(self):
        self.register()
        form = Form(
            self.programme(self.env["tibillet.event.series"]).with_context(
                default_event_id=self.concert.id
            )
        )
        form.count = 3
        whens = [form.day_ids.edit(index).when_text for index in range(3)]
        self.assertEqual(whens, ["Friday, 20:30"] * 3)
        self.assertEqual(form.day_ids.edit(2).day, date(2026, 12, 25))
        with form.day_ids.edit(1) as line:
            line.seats_max = 80
        events = self.made(form.save())
        self.assertEqual(events.mapped("name"), ["Brass band"] * 3)
        self.assertEqual(events.sorted("date_begin").mapped("seats_max"), [50, 80, 50])
        self.assertFalse(events.registration_ids)
        self.assertFalse(any(events.mapped("is_published")))
        for event in events:
            self.assertEqual(sorted(event.event_ticket_ids.mapped("price")), [6, 10])
            self.assertEqual(len(event.event_mail_ids), 3)

    def test_by_hand_and_published(self):
        days = [date(2027, 1, 9), date(2027, 2, 20)]
        form = self.form(
            rhythm="hand", publish=True, day_ids=[Command.create({"day": day}) for day in days]
        )
        events = self.made(form).sorted("date_begin")
        self.assertEqual([event.date_begin.date() for event in events], days)
        self.assertTrue(all(events.mapped("is_published")))
        self.assertFalse(any(events.mapped("seats_limited")))

    def test_pressed_twice_and_again_from_one_of_its_events(self):
        form = self.form(count=2)
        first = self.made(form)
        self.assertEqual(self.made(form), first)
        again = self.form(first.sorted("date_begin")[0], count=1)
        with self.assertRaisesRegex(UserError, "in the series already"):
            again.action_create()
        more = self.form(first.sorted("date_begin")[1], count=1)
        self.assertEqual(len(self.made(more)), 3)

    def test_refusals(self):
        line = Command.create
        by_hand = {"rhythm": "hand"}
        cases = [
            ("1 to 60", {"count": 0}),
            ("1 to 60", {"count": 61}),
            ("at least one date", by_hand),
            ("is past", {**by_hand, "day_ids": [line({"day": date(2026, 11, 20)})]}),
            ("already", {**by_hand, "day_ids": [line({"day": date(2026, 12, 4)})]}),
            ("already", {**by_hand, "day_ids": [line({"day": date(2027, 1, 4)})] * 2}),
            (
                "The capacity is a number",
                {**by_hand, "day_ids": [line({"day": date(2027, 1, 4), "seats_max": -1})]},
            ),
        ]
        for sentence, values in cases:
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                self.form(**values).action_create()
        with self.assertRaisesRegex(UserError, "has slots"):
            self.form(self.make_event(is_multi_slots=True)).action_create()
        self.concert.write({"kanban_state": "cancel", "tibillet_cancel_reason": "Ill"})
        with self.assertRaisesRegex(UserError, "is not repeated"):
            self.form().action_create()

    def test_the_database_keeps_two_of_a_series_from_one_moment(self):
        first = self.made(self.form(count=1))
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "_series"):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE event_event SET date_begin = %s WHERE id = %s",
                    [self.concert.date_begin, first.id],
                )
