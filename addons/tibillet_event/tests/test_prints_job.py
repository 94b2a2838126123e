"""Tickets printed by staff: some at once, many by the clock, part by part."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.prints import tibillet_ticket_print as prints
from .prints_common import PrintsCase


@tagged("post_install", "-at_install")
class TestPrintsJob(PrintsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = new_test_user(
            cls.env,
            login="desk",
            groups="tibillet_event.tibillet_event_group_gate",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.jobs = cls.env["tibillet.ticket.print"]

    def places(self, count):
        people = self.env["event.registration"].create(
            [
                {"event_id": self.concert.id, "event_ticket_id": self.free.id, "name": f"G {n}"}
                for n in range(count)
            ]
        )
        people.action_confirm()
        return people

    def ask(self, tickets, user=None):
        action = tickets.with_user(user or self.desk).action_tibillet_print()
        return self.jobs.browse(action["res_id"]).with_user(user or self.desk)

    def pages(self, job):
        return self.texts(
            job.sudo()
            .with_context(bin_size=False)
            .env["ir.attachment"]
            .search(
                [("res_model", "=", job._name), ("res_id", "=", job.id), ("res_field", "=", "file")]
            )
            .raw
        )

    def clock(self):
        self.env.flush_all()
        self.env.ref("tibillet_event.ir_cron_print_tickets").method_direct_trigger()
        self.env.invalidate_all()

    def test_some_are_printed_at_once(self):
        tickets = self.places(3)
        job = self.ask(tickets)
        self.assertEqual((job.total, job.form, job.user_id), (3, "a4", self.desk))
        job.form = "a6"
        action = job.action_print()
        self.assertEqual(job.state, "done")
        self.assertEqual(len(self.pages(job)), 3)
        self.authenticate("desk", "desk")
        answer = self.url_open(action["url"])
        self.assertEqual(answer.content[:5], b"%PDF-")

    def test_the_file_is_for_nobody_else(self):
        job = self.ask(self.places(1))
        url = job.action_print()["url"]
        self.env.flush_all()
        self.authenticate(None, None)
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_who_is_left_out_is_said(self):
        one, two, three = self.places(3)
        job = self.ask(one + two + three)
        two.action_cancel()
        job.action_print()
        self.assertEqual(len(self.pages(job)), 2)
        self.assertEqual(job.left_out, "1 × This ticket was cancelled: it is not valid any more.")
        three.action_cancel()
        nothing = self.ask(two + three)
        with self.assertRaisesRegex(UserError, "was cancelled"):
            nothing.action_print()
        self.assertEqual(nothing.state, "new")

    def test_many_by_the_clock_and_on_after_a_stop(self):
        tickets = self.places(7)
        tickets[3].action_cancel()
        job = self.ask(tickets)
        with patch.object(prints, "AT_ONCE", 5), patch.object(prints, "PART", 2):
            job.action_print()
            self.assertEqual((job.state, job.percent), ("running", 0))
            one = job.sudo()
            self.assertEqual(one._next_part(), 2)
            self.assertEqual((job.done, job.percent), (2, 28))
            self.env.invalidate_all()  # the server stopped here, and another goes on
            drawn = []
            original = type(tickets)._tibillet_draw
            with patch.object(
                type(tickets),
                "_tibillet_draw",
                lambda some, *args: drawn.append(len(some)) or original(some, *args),
            ):
                self.clock()
        self.assertEqual(drawn, [1, 2, 1], "what was drawn before the stop is not drawn again")
        self.assertEqual((job.state, job.done, job.percent), ("done", 7, 100))
        numbers = (tickets - tickets[3]).mapped("tibillet_number")
        pages = self.pages(job)
        for number, page in zip(numbers, pages, strict=True):
            self.assertIn(number, page)
        self.assertIn("1 × This ticket was cancelled", job.left_out)
        self.assertFalse(one._parts(), "parts are not kept beside the whole")

    def test_many_of_which_none_is_good(self):
        tickets = self.places(3)
        job = self.ask(tickets)
        tickets.action_cancel()
        with patch.object(prints, "AT_ONCE", 1):
            job.action_print()
            self.clock()
        self.assertEqual(job.state, "failed")
        self.assertIn("3 × ", job.left_out)

    def test_chosen_tickets_stay_while_it_runs(self):
        tickets = self.places(3)
        job = self.ask(tickets[:2])
        with patch.object(prints, "AT_ONCE", 1):
            job.action_print()
        with self.assertRaisesRegex(UserError, "are being printed"):
            job.registration_ids = [Command.link(tickets[2].id)]

    def test_one_organiser_at_a_time(self):
        other = self.env["res.company"].create({"name": "La Cale"})
        event = self.concert.copy({"company_id": other.id, "name": "Bal"})
        one = self.env["event.registration"].create({"event_id": event.id, "name": "Anna"})
        self.env.user.company_ids |= other
        both = self.places(1) + one
        with self.assertRaisesRegex(UserError, "one organiser at a time"):
            both.action_tibillet_print()
        job = self.ask(both[0])
        with self.assertRaises(ValidationError):
            job.sudo().registration_ids = [Command.link(one.id)]
        with self.assertRaises(AccessError):
            one.with_user(self.desk).action_tibillet_print()

    def test_of_an_order_and_of_an_event(self):
        order = self.order(2)
        self.places(1)
        action = order.action_tibillet_print()
        self.assertEqual(self.jobs.browse(action["res_id"]).total, 2)
        action = self.concert.action_tibillet_print()
        self.assertEqual(self.jobs.browse(action["res_id"]).total, 3)
        empty = self.concert.copy()
        with self.assertRaisesRegex(UserError, "no ticket to print"):
            empty.action_tibillet_print()

    def test_deleted_after_a_week(self):
        job = self.ask(self.places(1))
        job.action_print()
        self.env.flush_all()
        self.jobs._gc_files()
        self.assertTrue(job.exists())
        self.env.cr.execute(
            "UPDATE tibillet_ticket_print SET write_date = write_date - interval '8 days'"
        )
        self.jobs.invalidate_model()
        self.jobs._gc_files()
        self.assertFalse(job.exists())

    def test_not_a_query_more_for_each_ticket(self):
        few, many = self.places(3), self.places(30)
        for tickets in (few, many):
            tickets._tibillet_printable()
        counts = []
        for tickets in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets._tibillet_pdf("a6", "fr_FR")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
