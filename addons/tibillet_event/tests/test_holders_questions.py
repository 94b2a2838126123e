"""Questions per event, rate, place or order; names on places on request; the phone never forced."""

import re

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .rates_common import RatesCase


@tagged("post_install", "-at_install")
class TestHoldersQuestions(RatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full, cls.child = cls.rate("Full"), cls.rate("Child")

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def question(self, title, **values):
        return self.env["event.question"].create(
            {
                "title": title,
                "question_type": "text_box",
                "event_ids": [Command.link(self.concert.id)],
                **values,
            }
        )

    def two(self, *names):
        """The form of two places; the second one's name and address left out."""
        form = self.attendees((self.full, "nour@example.com"), (self.child, ""))
        for key in list(form):
            if key.startswith("2-name") or key.startswith("2-email"):
                del form[key]
        return form

    def made(self):
        self.env.invalidate_all()
        return self.env["event.registration"].search(
            [("event_id", "=", self.concert.id)], order="id"
        )

    def test_one_name_is_enough(self):
        self.assertEqual(self.check(self.two()), [])
        self.confirm(self.two())
        self.assertEqual(self.made().mapped("name"), ["Nour", "Nour"])
        self.assertEqual(self.made().mapped("email"), ["nour@example.com"] * 2)

    def test_a_name_on_each_place_of_an_event_or_a_rate(self):
        for what in (self.concert, self.child):
            what.tibillet_nominative = True
            self.assertEqual(self.check(self.two()), ["“Child”: write a name for each place."])
            self.confirm(self.two())
            self.assertFalse(self.made())
            what.tibillet_nominative = False
        self.full.tibillet_nominative = True
        self.assertEqual(self.check(self.two()), [])

    def test_names_need_their_question(self):
        name = self.concert.question_ids.filtered(lambda one: one.question_type == "name")
        self.concert.tibillet_nominative = True
        with self.assertRaisesRegex(UserError, "of each place"):
            name.once_per_order = True
        with self.assertRaisesRegex(ValidationError, "keep the question"):
            self.concert.question_ids -= name

    def test_lespass_dead_nominative_field(self):
        """There the field was shown and no name was asked."""
        self.concert.tibillet_nominative = True
        form = str(self.ask_rates({f"nb_register-{self.full.id}": "2"}))
        inputs = re.findall(r"<input[^>]*name=\\?\"[12]-name-[^>]*>", form)
        self.assertEqual([("required" in one) for one in inputs], [True, True])

    def test_a_question_of_one_rate(self):
        age = self.question(
            "Age", is_mandatory_answer=True, tibillet_rate_ids=[Command.set(self.child.ids)]
        )
        shown = self.ask_rates({f"nb_register-{self.full.id}": "1"})
        self.assertNotIn("Age", shown)
        self.assertIn("Age", self.ask_rates({f"nb_register-{self.child.id}": "1"}))
        self.assertEqual(self.check(self.two()), ["“Child”: answer “Age” for each place."])
        form = {**self.two(), f"1-text_box-{age.id}": "40", f"2-text_box-{age.id}": "7"}
        self.confirm(form)
        answers = self.made().mapped(
            lambda one: [
                answer.value_text_box
                for answer in one.registration_answer_ids
                if answer.question_id == age
            ]
        )
        self.assertEqual(list(answers), [[], ["7"]])

    def test_a_question_of_the_order_goes_to_every_place(self):
        group = self.question("Group", once_per_order=True)
        self.confirm({**self.two(), f"0-text_box-{group.id}": "Choir"})
        for one in self.made():
            answers = one.registration_answer_ids.filtered(lambda a: a.question_id == group)
            self.assertEqual(answers.value_text_box, "Choir")

    def test_the_phone_is_asked_and_never_required(self):
        phone = self.concert.question_ids.filtered(lambda one: one.question_type == "phone")
        phone.is_mandatory_answer = True
        self.assertFalse(phone._tibillet_required(self.concert, 1, self.full.id))
        self.confirm(self.two())
        self.assertEqual(len(self.made()), 2)
