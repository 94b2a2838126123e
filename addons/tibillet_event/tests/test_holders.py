"""A ticket is given to a friend: cancelled, theirs is new, both are told, limits are asked."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_refunds_page import TicketPageCase


@tagged("post_install", "-at_install")
class TestHolders(TicketPageCase):
    def setUp(self):
        super().setUp()
        self.order_made = self.order(2)
        self.ticket, self.second = self.tickets(self.order_made)
        self.ticket.write({"name": "Anna", "email": "anna@example.com"})

    def give(self, name="Bo Li", email="bo@example.com", ticket=None):
        return (ticket or self.ticket)._tibillet_give(name, email)

    def mails_to(self, address):
        return self.env["mail.mail"].search([("email_to", "=", address)])

    def test_given_by_the_page(self):
        former = self.ticket.barcode
        answer = self.post(self.ticket, "give", name=" Bo  Li ", email="BO@example.com")
        self.assertIn("now belongs to", answer.text)
        after = self.ticket.tibillet_replaced_by_id
        self.assertEqual((after.name, after.email), ("Bo Li", "bo@example.com"))
        self.assertEqual((self.ticket.state, after.state), ("cancel", "open"))
        self.assertEqual((self.ticket.name, self.ticket.barcode), ("Anna", former))
        self.assertNotEqual(after.barcode, former)
        self.assertTrue(after.tibillet_transferred_at)
        self.assertEqual(after.partner_id, self.buyer, "who paid stays known")
        page = self.page(self.ticket).text
        self.assertIn("You gave this ticket on", page)
        self.assertNotIn("Bo Li", page, "who has it now is not told")
        self.assertNotIn("bo@example.com", page)
        self.assertNotIn("/give", page)
        self.assertEqual(self.page(after).status_code, 200)

    def test_the_form_answered_twice(self):
        form = {"name": "Bo Li", "email": "bo@example.com"}
        for _time in range(2):
            self.assertIn("now belongs to", self.post(self.ticket, "give", **form).text)
        self.assertEqual(len(self.tickets(self.order_made)), 3)
        answer = self.post(self.ticket, "give", name="Cy", email="cy@example.com")
        self.assertIn("This ticket was given on", answer.text)
        self.assertEqual(len(self.tickets(self.order_made)), 3)

    def test_the_former_code_opens_no_gate(self):
        after = self.give()
        scan = self.env["event.registration"].register_attendee
        answer = scan(self.ticket.barcode, self.concert.id)
        self.assertEqual(answer["status"], "canceled_registration")
        self.assertEqual(scan(after.barcode, self.concert.id)["status"], "confirmed_registration")

    def test_both_are_told_each_in_their_language_and_it_is_kept(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.partner"].create({"name": "Bo", "email": "bo@example.com", "lang": "fr_FR"})
        after = self.give()
        self.assertIn("Votre billet", self.mails_to("bo@example.com").subject)
        self.assertIn(after._tibillet_page_url(), self.mails_to("bo@example.com").body_html)
        self.assertIn("Ticket given on", self.mails_to("anna@example.com").subject)
        self.assertIn("Bo Li", self.mails_to("anna@example.com").body_html)
        bodies = " ".join(str(one.body) for one in after.message_ids)
        self.assertIn("Given on by Anna to Bo Li", bodies)
        bodies = " ".join(str(one.body) for one in self.ticket.message_ids)
        self.assertIn("Given on to Bo Li", bodies)

    def test_answered_twice_is_once(self):
        after = self.give()
        self.assertEqual(self.give(), after)
        self.assertEqual(len(self.mails_to("bo@example.com")), 1)
        self.assertEqual(after._tibillet_give("Bo Li", "bo@example.com"), after)

    def test_only_the_name(self):
        code = self.ticket.barcode
        self.assertEqual(self.give("Anna Lind", "anna@example.com"), self.ticket)
        self.assertEqual((self.ticket.name, self.ticket.barcode), ("Anna Lind", code))
        self.assertFalse(self.ticket.tibillet_transferred_at)
        self.assertFalse(self.env["mail.mail"].search([("subject", "ilike", "given on")]))
        bodies = " ".join(str(one.body) for one in self.ticket.message_ids)
        self.assertIn("Anna is now Anna Lind", bodies)

    def test_only_the_name_where_names_are_checked(self):
        self.concert.tibillet_nominative = True
        after = self.give("Anna Lind", "anna@example.com")
        self.assertNotEqual(after, self.ticket)
        self.assertEqual((after.name, self.ticket.state), ("Anna Lind", "cancel"))

    def test_bad_input_keeps_what_was_typed(self):
        for name, email, said in (
            ("", "bo@example.com", "Write the name"),
            ("Bo", "bo@", "not complete"),
            ("Bo", "", "not complete"),
            ("Bo", "bo@example.com, al@example.com", "not complete"),
        ):
            answer = self.post(self.ticket, "give", name=name, email=email)
            self.assertIn(said, answer.text)
            self.assertIn(f'value="{name or email}"', answer.text)
        self.assertEqual(self.ticket.name, "Anna")

    def test_never_a_scanned_a_cancelled_or_a_refunded_one(self):
        self.ticket.action_set_done()
        with self.assertRaisesRegex(UserError, "scanned"):
            self.give()
        self.cancel(self.second)
        with self.assertRaisesRegex(UserError, "cannot be given on"):
            self.give(ticket=self.second)

    def test_until_the_date_of_the_event(self):
        self.concert.tibillet_transfer_until = fields.Datetime.now() - timedelta(minutes=1)
        with self.assertRaisesRegex(UserError, "could be changed until"):
            self.give()
        self.concert.tibillet_transfer_until = fields.Datetime.now() + timedelta(minutes=1)
        after = self.give()
        self.concert.tibillet_transfer_until = False
        self.begins_in(-0.1)
        with self.assertRaisesRegex(UserError, "It has begun"):
            self.give("Cy", "cy@example.com", after)

    def test_an_archived_and_a_cancelled_event(self):
        self.concert.active = False
        with self.assertRaisesRegex(UserError, "put away"):
            self.give()
        self.concert.active = True
        self.concert.write({"kanban_state": "cancel", "tibillet_cancel_reason": "Ill."})
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self.give()

    def test_limits_are_asked_of_the_new_one(self):
        self.concert.tibillet_limit_per_person = 1
        self.give()
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "with bo@example.com it would be 2"):
            self.give(ticket=self.second)
        self.assertEqual(self.second.name, "Guest 1")
        self.give("Cy", "cy@example.com", self.second)

    def test_a_rate_for_some_stays_with_them(self):
        self.rate.write({"tibillet_rights": "member", "tibillet_rights_text": "members"})
        with self.assertRaisesRegex(UserError, "is for members: bo@example.com"):
            self.give()

    def test_answers_about_oneself_do_not_go_along(self):
        questions = self.env["event.question"].create(
            [
                {"title": "Diet", "question_type": "text_box"},
                {"title": "Group", "question_type": "text_box", "once_per_order": True},
            ]
        )
        self.ticket.registration_answer_ids = [
            (0, 0, {"question_id": one.id, "value_text_box": "x"}) for one in questions
        ]
        after = self.give()
        self.assertEqual(after.registration_answer_ids.question_id, questions[1])
        self.assertEqual(after.registration_answer_ids.value_text_box, "x")

    def test_what_was_given_on_the_buyer_does_not_see(self):
        after = self.give()
        page = self.url_open(self.order_made.get_portal_url()).text
        self.assertNotIn(f"/my/ticket/{after.id}/", page)
        self.assertIn(f"/my/ticket/{self.second.id}/", page)
        self.assertIn("Given on", page)
        self.assertNotIn("Bo Li", page)

    def test_a_ticket_given_on_comes_back_to_who_paid(self):
        after = self.give()
        refund = self.cancel(after)
        self.assertEqual((refund.partner_id, refund.amount), (self.buyer, 10))
        subjects = self.mails_to("bo@example.com").mapped("subject")
        self.assertIn("Ticket cancelled: Concert", subjects)
