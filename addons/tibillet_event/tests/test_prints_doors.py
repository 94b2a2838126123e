"""Who gets the PDF of a ticket, by which address; and what the others read."""

from odoo.tests import tagged

from .prints_common import PrintsCase


@tagged("post_install", "-at_install")
class TestPrintsDoors(PrintsCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.order_made = self.order(2)
        self.one, self.two = self.tickets(self.order_made)
        (self.one + self.two).write({"email": self.buyer.email})

    def get(self, path, **more):
        self.env.flush_all()
        return self.url_open(path, **more)

    def assert_pdf(self, answer, pages):
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertRegex(
            answer.headers["Content-Disposition"], r"filename\*=UTF-8''tickets?-[a-z0-9-]+\.pdf$"
        )
        self.assertEqual(len(self.texts(answer.content)), pages)

    def test_the_holder_s_address(self):
        url = f"{self.one._tibillet_page_url()}/pdf"
        self.assert_pdf(self.get(url), 1)
        self.assert_pdf(self.get(f"{url}?form=roll"), 1)
        self.assert_pdf(self.get(f"{url}?form=../etc"), 1)  # what is no paper is the organiser's
        self.assertIn(url, self.get(self.one._tibillet_page_url()).text)

    def test_another_s_address_opens_nothing(self):
        token = self.two._tibillet_token()
        for wrong in (token, "x" * 40, "é"):
            self.assertEqual(self.get(f"/my/ticket/{self.one.id}/{wrong}/pdf").status_code, 404)
        self.assertEqual(self.get(f"/my/ticket/999999999/{token}/pdf").status_code, 404)

    def test_the_buyer_s_whole_order(self):
        self.assert_pdf(self.get(f"{self.one._tibillet_page_url()}/order/pdf"), 2)
        after = self.two._tibillet_give("Bo Li", "bo@example.com")
        self.assert_pdf(self.get(f"{self.one._tibillet_page_url()}/order/pdf"), 1)
        self.assertEqual(self.get(f"{after._tibillet_page_url()}/order/pdf").status_code, 404)

    def test_the_page_of_the_order(self):
        url = self.order_made.get_portal_url(suffix="/tickets.pdf")
        self.assert_pdf(self.get(url), 2)
        self.assertIn(url.split("?")[0], self.get(self.order_made.get_portal_url()).text)
        bare = url.split("?")[0]
        self.assertEqual(self.get(bare).status_code, 404)
        self.assertEqual(self.get(f"{bare}?access_token=x").status_code, 404)
        self.two._tibillet_give("Bo Li", "bo@example.com")
        self.assert_pdf(self.get(url), 1)

    def test_odoo_s_own_address(self):
        ids = [self.one.id, self.two.id]
        hashed = self.concert._get_tickets_access_hash(ids)
        url = f"/event/{self.concert.id}/my_tickets"
        self.assert_pdf(self.get(f"{url}?registration_ids={ids}&tickets_hash={hashed}"), 2)
        for bad in (
            "",
            f"?registration_ids={[self.one.id]}&tickets_hash={hashed}",
            f"?registration_ids={ids}&tickets_hash=x",
            f"?registration_ids={{}}&tickets_hash={hashed}",
            f"?registration_ids=[1.5,null]&tickets_hash={hashed}",
            f"?registration_ids=nonsense&tickets_hash={hashed}",
        ):
            self.assertEqual(self.get(url + bad).status_code, 404, bad)

    def test_cancelled_says_so_at_every_address(self):
        ids = [self.one.id]
        hashed = self.concert._get_tickets_access_hash(ids)
        self.cancel(self.one)
        for url in (
            f"{self.one._tibillet_page_url()}/pdf",
            f"/event/{self.concert.id}/my_tickets?registration_ids={ids}&tickets_hash={hashed}",
        ):
            answer = self.get(url)
            self.assertEqual(answer.status_code, 409)
            self.assertIn("cancelled and paid back", answer.text)

    def test_in_the_visitor_s_language(self):
        self.website.language_ids |= self.env.ref("base.lang_fr")
        answer = self.get(f"/fr{self.one._tibillet_page_url()}/pdf")
        self.assertIn("Prix payé", "".join(self.texts(answer.content)))

    def test_not_without_end(self):
        url = f"{self.one._tibillet_page_url()}/pdf"
        codes = [self.get(url).status_code for _time in range(62)]
        self.assertEqual(codes[0], 200)
        self.assertEqual(codes[-1], 429)
