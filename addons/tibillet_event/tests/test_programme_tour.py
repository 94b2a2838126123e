from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestProgrammeTour(HttpCase):
    """Two clicks and three fields (the venue is there already) put an event on the website."""

    def test_an_event_in_two_minutes(self):
        place = self.env["res.company"].create(
            {"name": "Le Phare", "country_id": self.env.ref("base.fr").id}
        )
        place.partner_id.tz = "Europe/Paris"
        user = new_test_user(
            self.env,
            login="tour_programme",
            groups="tibillet_event.tibillet_event_group_user",
            company_id=place.id,
            company_ids=[Command.set(place.ids)],
            tz="Europe/Paris",
        )
        website = self.env["website"].search([], limit=1)
        website.company_id = place
        self.start_tour("/odoo/events", "tibillet_event_new", login=user.login)
        event = self.env["event.event"].search([("name", "=", "Evening of tales")])
        self.assertEqual(len(event), 1)
        # What is typed is the clock of who types: here the browser's, which is UTC.
        self.assertEqual(str(event.date_begin), "2027-12-11 20:30:00")
        self.assertEqual(str(event.date_end), "2027-12-11 23:30:00")
        self.assertEqual(event.date_tz, "Europe/Paris")
        self.assertEqual(event.event_ticket_ids.mapped("price"), [8])
        self.assertEqual((event.company_id, event.address_id), (place, place.partner_id))
        self.authenticate(None, None)
        page = self.url_open(event.website_url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Evening of tales", page.text)
