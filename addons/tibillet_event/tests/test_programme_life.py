from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .programme_common import ProgrammeCase


class LifeCase(ProgrammeCase):
    def act(self, name, event=None, user=None, **values):
        """The form that a button of the event opens, filled in."""
        event = self.programme(event or self.concert, user)
        action = getattr(event, f"action_tibillet_{name}")()
        form = event.env[action["res_model"]].with_context(**action["context"])
        return form.create(values)

    def cancel(self, reason="The singer is ill.", **values):
        return self.act("cancel", reason=reason, **values).action_cancel()

    def move(self, begin, end=None, **values):
        given = {"date_begin": begin, **({"date_end": end} if end else {}), **values}
        return self.act("move", **given).action_move()

    def told(self):
        """Run the scheduler; the mails it wrote, by language of who is told."""
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_event.ir_cron_event_notices").method_direct_trigger()
        self.env.invalidate_all()
        return {mail.recipient_ids.lang or mail.email_to: mail for mail in self.mails()}


@tagged("post_install", "-at_install")
class TestProgrammeLife(LifeCase):
    """Duplicated, cancelled, moved."""

    def test_a_duplicate_has_the_rates_and_nobody_registered(self):
        self.register()
        self.concert.event_ticket_ids.filtered(lambda rate: rate.price == 10).price = 12
        action = self.programme(self.concert).action_tibillet_duplicate()
        copy = self.env["event.event"].browse(action["res_id"])
        rates = {(rate.name, rate.price, rate.seats_max) for rate in copy.event_ticket_ids}
        self.assertEqual(rates, {("Full rate", 12, 0), ("Reduced rate", 6, 20)})
        self.assertFalse(copy.registration_ids)
        self.assertFalse(copy.is_published)
        self.assertEqual((copy.seats_max, copy.date_begin), (50, self.concert.date_begin))

    def test_a_cancelled_one_is_duplicated_as_a_fresh_one(self):
        self.cancel()
        copy = self.programme(self.concert).copy()
        self.assertEqual(copy.kanban_state, "normal")
        self.assertFalse(copy.tibillet_cancel_reason or copy.tibillet_cancelled_at)

    # -- cancelled -----------------------------------------------------------------------------

    def test_cancelled_it_sells_no_more_and_keeps_who_is_registered(self):
        registration = self.register()
        self.cancel()
        self.assertEqual(self.concert.kanban_state, "cancel")
        self.assertEqual(self.concert.tibillet_cancel_reason, "The singer is ill.")
        self.assertTrue(self.concert.tibillet_cancelled_at)
        self.assertEqual(registration.state, "open")
        self.assertFalse(self.concert.event_registrations_open)
        self.assertFalse(any(self.concert.event_ticket_ids.mapped("sale_available")))
        with self.assertRaisesRegex(ValidationError, "no seat is sold any more"):
            self.concert._verify_seats_availability([(False, self.concert.event_ticket_ids[0], 1)])
        registration.action_set_done()
        self.assertEqual(registration.state, "done")

    def test_a_basket_that_was_open_is_not_paid(self):
        ticket = self.concert.event_ticket_ids[0]
        order = self.env["sale.order"].create(
            {
                "company_id": self.place.id,
                "partner_id": self.user_user.partner_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": ticket.product_id.id,
                            "event_id": self.concert.id,
                            "event_ticket_id": ticket.id,
                        },
                    )
                ],
            }
        )
        self.cancel()
        with self.assertRaisesRegex(ValidationError, "Brass band is cancelled"):
            order._check_cart_is_ready_to_be_paid()

    def test_each_is_told_in_their_language(self):
        self.register()
        self.register(lang="en_US")
        self.register(state="cancel", lang="en_US", name="Gone")
        self.cancel()
        mails = self.told()
        self.assertEqual(len(self.mails()), 2)
        self.assertEqual(mails["fr_FR"].subject, "Annulé : Brass band")
        self.assertIn("vendredi 4 décembre 2026", mails["fr_FR"].body_html)
        self.assertIn("20:30", mails["fr_FR"].body_html)
        self.assertEqual(mails["en_US"].subject, "Cancelled: Brass band")
        self.assertIn("The singer is ill.", mails["en_US"].body_html)
        self.told()
        self.assertEqual(len(self.mails()), 2, "told once")

    def test_who_has_no_address_is_counted(self):
        person = self.env["res.partner"].create({"name": "By phone"})
        self.register(partner_id=person.id)
        form = self.act("cancel", reason="Ill")
        self.assertEqual((form.registered, form.without_address), (1, 1))
        form.action_cancel()
        self.assertFalse(self.told())

    def test_a_reason_is_asked_for_and_it_stays_cancelled(self):
        for reason in (False, "", "   "):
            with self.assertRaisesRegex(UserError, "Say why it is cancelled"):
                self.cancel(reason=reason)
        with self.assertRaisesRegex(UserError, "Say why it is cancelled"):
            self.concert.kanban_state = "cancel"
        self.cancel()
        with self.assertRaisesRegex(UserError, "is cancelled already"):
            self.cancel()
        with self.assertRaisesRegex(UserError, "stays so"):
            self.concert.kanban_state = "normal"
        with self.assertRaisesRegex(UserError, "is not moved any more"):
            self.move(datetime(2026, 12, 5, 19, 30))

    # -- moved ---------------------------------------------------------------------------------

    def test_moved_it_stays_as_long_and_people_are_told(self):
        registration = self.register()
        self.register(lang="en_US", state="done")
        with Form(self.act("move")) as form:
            form.date_begin = "2026-12-18 20:00:00"
            self.assertEqual(form.date_end, datetime(2026, 12, 18, 23, 0))
        form.record.action_move()
        self.assertEqual(self.concert.date_begin, datetime(2026, 12, 18, 20, 0))
        self.assertEqual(self.concert.tibillet_moved_from, datetime(2026, 12, 4, 19, 30))
        mails = self.told()
        self.assertEqual(len(self.mails()), 2)
        french = mails["fr_FR"]
        self.assertEqual(french.subject, "Autre date : Brass band")
        self.assertIn("vendredi 4 décembre 2026, 20:30", french.body_html)
        self.assertIn("vendredi 18 décembre 2026, 21:00", french.body_html)
        self.assertIn("Friday 18 December 2026, 21:00", mails["en_US"].body_html)
        self.assertEqual(
            sorted(french.attachment_ids.mapped("name")),
            ["Brass band.ics", registration._tibillet_pdf_name()],
        )
        calendar = french.attachment_ids.filtered(lambda one: one.name.endswith(".ics"))
        self.assertIn(b"DTSTART", calendar.raw)
        self.assertFalse(registration.tibillet_notice)

    def test_moved_twice_before_the_mail_it_is_one_mail_from_the_date_they_know(self):
        self.register()
        self.move(datetime(2026, 12, 5, 19, 30))
        self.move(datetime(2026, 12, 6, 19, 30))
        mails = self.told()
        self.assertEqual(len(self.mails()), 1)
        self.assertIn("vendredi 4 décembre", mails["fr_FR"].body_html)
        self.assertIn("dimanche 6 décembre", mails["fr_FR"].body_html)
        self.assertNotIn("samedi 5 décembre", mails["fr_FR"].body_html)

    def test_moved_then_cancelled_only_the_cancellation_is_told(self):
        self.register()
        self.move(datetime(2026, 12, 5, 19, 30))
        self.cancel()
        self.assertEqual(self.told()["fr_FR"].subject, "Annulé : Brass band")
        self.assertEqual(len(self.mails()), 1)

    def test_nobody_is_told_when_it_is_not_wished(self):
        self.register()
        self.move(datetime(2026, 12, 5, 19, 30), tell=False)
        self.assertFalse(self.told())

    def test_a_reminder_that_left_is_sent_again_for_the_new_date(self):
        self.register()
        reminder = self.concert.event_mail_ids.filtered(
            lambda mail: mail.interval_type == "before_event"
        )[0]
        reminder.mail_done = True
        self.move(datetime(2026, 12, 25, 19, 30))
        self.assertFalse(reminder.mail_done)

    def test_dates_that_cannot_be(self):
        begin = datetime(2026, 12, 18, 20, 0)
        for end in (begin, datetime(2026, 12, 18, 19, 0)):
            with self.assertRaisesRegex(UserError, "end must come after"):
                self.move(begin, end=end)
        with self.assertRaisesRegex(UserError, "The new date is past"):
            self.move(datetime(2026, 11, 1, 20, 0))
        with self.assertRaisesRegex(UserError, "nothing to move"):
            self.move(self.concert.date_begin)
        over = self.make_event(
            date_begin=datetime(2026, 11, 20, 19, 0), date_end=datetime(2026, 11, 20, 22, 0)
        )
        with self.assertRaisesRegex(UserError, "is over"):
            self.move(begin, event=over)
        slots = self.make_event(is_multi_slots=True)
        with self.assertRaisesRegex(UserError, "has slots"):
            self.move(begin, event=slots)
        self.assertEqual(self.concert.date_begin, datetime(2026, 12, 4, 19, 30))

    # -- who may -------------------------------------------------------------------------------

    def test_the_gate_changes_nothing_of_an_event(self):
        for name in ("cancel", "move", "series", "duplicate"):
            with self.subTest(act=name), self.assertRaises(AccessError):
                getattr(self.programme(self.concert, self.user_gate), f"action_tibillet_{name}")()
        for model in ("cancel", "move", "series"):
            forms = self.programme(self.env[f"tibillet.event.{model}"], self.user_gate)
            with self.subTest(form=model), self.assertRaises(AccessError):
                forms.create({"event_id": self.concert.id})

    def test_the_manager_may_too_and_nobody_of_another_place(self):
        self.cancel(user=self.user_manager)
        other = self.make_event(company_id=self.env.company.id, address_id=False)
        with self.assertRaises(AccessError):
            self.programme(other).action_tibillet_cancel()

    # -- lists -----------------------------------------------------------------------------------

    def test_the_list_costs_the_same_for_10_events_and_for_300(self):
        fields = ("name", "kanban_state", "date_begin", "is_published", "tibillet_cancel_reason")
        specification = {name: {} for name in (*fields, "seats_taken", "seats_used")}
        specification["address_id"] = specification["tag_ids"] = {"fields": {"display_name": {}}}
        events = self.programme(self.env["event.event"])
        ours = [("name", "=", "Many")]

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            events.web_search_read(ours, specification, limit=400)
            return self.cr.sql_log_count - before

        values = {
            "name": "Many",
            "company_id": self.place.id,
            "date_begin": "2026-12-04 19:30:00",
            "date_end": "2026-12-04 22:30:00",
        }
        self.env["event.event"].create([values] * 10)
        queries()
        few = queries()
        self.env["event.event"].create([values] * 290)
        self.assertEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestProgrammePage(LifeCase, HttpCase):
    """What a visitor reads on the event's page."""

    def page(self):
        website = self.env["website"].search([], limit=1)
        website.company_id = self.place
        return self.url_open(f"{self.concert.website_url}/register").text

    def test_cancelled_with_its_reason(self):
        self.assertIn("EventScheduled", self.page())
        self.cancel()
        page = self.page()
        self.assertIn("The singer is ill.", page)
        self.assertIn("EventCancelled", page)
        self.assertNotIn("EventScheduled", page)

    def test_the_licence_of_the_organiser(self):
        self.assertNotIn("PLATESV", self.page())
        self.place.tibillet_licence = "platesv-d-2024-001234"
        self.assertIn("PLATESV-D-2024-001234", self.page())
