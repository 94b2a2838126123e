"""The phone's page of a ticket: whom it answers, what it says, and when it is gone."""

from odoo.tests import tagged

from .prints_common import PrintsCase


@tagged("post_install", "-at_install")
class TestPrintsPhone(PrintsCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.one, self.two = self.tickets(self.order(2))
        self.url = f"{self.one._tibillet_page_url()}/phone"

    def get(self, path):
        self.env.flush_all()
        return self.url_open(path)

    def test_it_says_what_the_paper_says(self):
        page = self.get(f"{self.url}?lang=fr").text
        for words in ("Fest-noz d'été", "Salle Érwan", "Full", self.one.tibillet_number):
            self.assertIn(words, page.replace("&#39;", "'"))
        self.assertIn("<svg", page)
        self.assertNotIn(self.one.tibillet_ticket_text, page, "the code is drawn, not written")
        self.assertNotIn(self.one.name, page)
        self.rate.tibillet_nominative = True
        self.assertIn(self.one.name, self.get(self.url).text)

    def test_another_s_address_opens_nothing(self):
        token = self.two._tibillet_token()
        for tail in ("", "/now", "/worker.js"):
            for wrong in (token, "x" * 40):
                path = f"/my/ticket/{self.one.id}/{wrong}/phone{tail}"
                self.assertEqual(self.get(path).status_code, 404)

    def test_cancelled_and_given_on_are_gone(self):
        self.assertEqual(self.get(self.url).status_code, 200)
        self.assertTrue(self.get(f"{self.url}/now").json()["good"])
        self.one.email = self.buyer.email
        after = self.one._tibillet_give("Bo Li", "bo@example.com")
        answer = self.get(self.url)
        self.assertEqual(answer.status_code, 410)
        self.assertNotIn("<svg", answer.text)
        now = self.get(f"{self.url}/now").json()
        self.assertFalse(now["good"])
        self.assertTrue(now["said"])
        self.assertEqual(now["code_id"], "")
        self.assertEqual(self.get(f"{after._tibillet_page_url()}/phone").status_code, 200)
        self.cancel(self.two)
        now = self.get(f"{self.two._tibillet_page_url()}/phone/now").json()
        self.assertIn("cancelled and paid back", now["said"])

    def test_its_worker_reaches_no_other_page(self):
        answer = self.get(f"{self.url}/worker.js")
        self.assertEqual(answer.headers["Service-Worker-Allowed"], self.url)
        self.assertIn(f'self.PAGE = "{self.url}";', answer.text)

    def test_the_ticket_s_page_leads_to_it(self):
        self.assertIn(f"{self.url}?lang=en", self.get(self.one._tibillet_page_url()).text)
