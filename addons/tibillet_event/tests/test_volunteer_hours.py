"""Hours of volunteers: the table of a period, and the certificate without money."""

import io
from datetime import datetime

from PyPDF2 import PdfReader

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .test_volunteers import evening, shift


@tagged("post_install", "-at_install")
class TestVolunteerHours(HttpCase):
    def setUp(self):
        super().setUp()
        event = evening(self.env)
        bar = shift(event, "18:00", "20:00")
        late = shift(event, "20:00", "22:00", name="Door")
        self.anna, self.bo = self.env["res.partner"].create([{"name": "Anna <b>"}, {"name": "=Bo"}])
        rows = self.env["tibillet.shift.volunteer"].create(
            [
                {"shift_id": one.id, "partner_id": who.id}
                for one, who in ((bar, self.anna), (late, self.anna), (bar, self.bo))
            ]
        )
        rows[0]._came(datetime(2031, 5, 3, 18))
        rows[1]._came(datetime(2031, 5, 3, 20))
        rows[1].presence_end = datetime(2031, 5, 3, 21, 30)
        self.hours = self.env["tibillet.volunteer.hours"].create(
            {"date_from": "2031-05-01", "date_to": "2031-05-31", "rate": 12.0}
        )

    def test_the_table_counts_who_was_present(self):
        self.assertEqual(self.hours.hours, 3.5)
        _heads, rows = self.hours._as_table()
        self.assertEqual(rows, [["Anna <b>", 2, 3.5, 42.0], ["Sum", 2, 3.5, 42.0]])
        self.hours.date_to = "2031-05-02"
        self.assertEqual(self.hours.hours, 0)

    def test_the_certificate_says_hours_and_no_money(self):
        self.hours.partner_id = self.anna
        read = PdfReader(io.BytesIO(self.hours._certificate()))
        text = "".join(page.extract_text() for page in read.pages)
        self.assertIn("Anna <b>", text)
        self.assertIn("3.50 hours", text)
        self.assertIn("Door", text)
        for money in ("12.00", "42.00", "€", "$"):
            self.assertNotIn(money, text)
        self.hours.partner_id = self.bo
        with self.assertRaises(UserError):
            self.hours.action_certificate()

    def test_files_are_for_who_chose_them(self):
        path = f"/tibillet/event/volunteers/{self.hours.id}"
        self.authenticate("admin", "admin")
        mine = self.hours.with_user(self.env.ref("base.user_admin")).create(
            {"date_from": "2031-05-01", "date_to": "2031-05-31", "partner_id": self.anna.id}
        )
        answer = self.url_open(f"/tibillet/event/volunteers/{mine.id}.csv")
        self.assertIn("Anna <b>;2;3.50", answer.text)
        pdf = self.url_open(f"/tibillet/event/volunteers/{mine.id}.pdf")
        self.assertEqual(pdf.content[:5], b"%PDF-")
        self.authenticate(None, None)
        self.assertNotIn("Anna", self.url_open(f"{path}.csv").text)
