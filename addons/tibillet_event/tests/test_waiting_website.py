from odoo.tests import tagged

from .test_seats_website import SeatsHttpCase


@tagged("post_install", "-at_install")
class TestWaitingWebsite(SeatsHttpCase):
    def setUp(self):
        super().setUp()
        self.sold = self.register(2, self.paid)

    def join(self, who="cleo", seats="1", rate="", **values):
        form = {
            "csrf_token": self.csrf_token(),
            "name": who.title(),
            "email": f"{who}@demo.example",
            "seats": seats,
            "ticket_id": rate,
            **values,
        }
        return self.url_open(f"/event/{self.concert.id}/waiting/join", data=form)

    def line(self):
        return self.env["tibillet.waiting"].search([("event_id", "=", self.concert.id)])

    def post(self, path):
        return self.url_open(path, data={"csrf_token": self.csrf_token()}, allow_redirects=False)

    def test_join_without_script_see_and_leave(self):
        page = self.url_open(f"/event/{self.concert.id}/register").text
        self.assertIn(f"/event/{self.concert.id}/waiting", page)
        form = self.url_open(f"/event/{self.concert.id}/waiting").text
        self.assertIn("waiting/join", form)
        answer = self.join()
        one = self.line()
        self.assertEqual((one.name, one.email, one.seats), ("Cleo", "cleo@demo.example", 1))
        self.assertIn("You are number", answer.text)
        self.assertIn("already, once", self.join().text)
        self.assertEqual(len(self.line()), 1)
        self.post(f"{one._get_path()}/leave")
        self.assertEqual(one.state, "left")

    def test_what_was_typed_stays(self):
        answer = self.join(seats="99")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Between 1 and 10", answer.text)
        self.assertIn("cleo@demo.example", answer.text)
        self.assertFalse(self.line())

    def test_another_signature_opens_nothing(self):
        self.join()
        one = self.line()
        path = one._get_path()
        another = path[:-1] + ("0" if path[-1] != "0" else "1")
        for wrong in (another, path.replace(f"/{one.id}/", "/0/")):
            self.assertEqual(self.url_open(wrong).status_code, 404)
            self.assertEqual(self.post(f"{wrong}/leave").status_code, 404)
        self.assertEqual(one.state, "waiting")

    def test_an_offer_fills_one_basket_from_any_browser(self):
        self.join(rate=self.paid.id)
        one = self.line()
        self.sold[0].action_cancel()
        self.assertEqual(one.state, "offered")
        self.authenticate(None, None)  # another browser
        self.url_open(one._get_path())
        self.assertEqual(one.state, "offered", "looking takes nothing")
        names = self.post(f"{one._get_path()}/take").text
        self.assertIn("attendee_registration", names)
        self.assertIn("o_tibillet_countdown", names)
        self.assertIn("cleo@demo.example", names)
        self.post(f"{one._get_path()}/take")
        answer = self.confirm(1)
        self.assertIn("/shop/", answer.headers["Location"])
        mine = self.concert.registration_ids.filtered(lambda r: r.state == "draft")
        self.assertEqual(len(mine), 1)
        self.assertEqual(mine.tibillet_hold_until, one.offered_until)
        one.invalidate_recordset()
        self.assertEqual(one.state, "taken")
        self.assertEqual(self.used(self.concert), 2)
        self.authenticate(None, None)  # a third one
        answer = self.post(f"{one._get_path()}/take")
        self.assertIn("/shop/cart", answer.headers["Location"])
        self.assertIn("Concert", self.url_open("/shop/cart").text)
        self.assertEqual(len(self.concert.registration_ids.sale_order_id), 1)
        self.assertCounted()

    def test_a_free_place_is_registered_at_once(self):
        self.join(rate=self.free.id)
        one = self.line()
        self.sold[0].action_cancel()
        self.post(f"{one._get_path()}/take")
        answer = self.confirm(0, 1)
        self.assertIn("registration/success", answer.headers["Location"])
        one.invalidate_recordset()
        self.assertEqual(one.state, "taken")
        self.confirm(0, 1)
        self.assertEqual(self.used(self.concert), 2)
        self.assertIn("You have taken", self.url_open(one._get_path()).text)

    def test_too_late(self):
        self.join(rate=self.paid.id)
        one = self.line()
        self.sold[0].action_cancel()
        self.env.cr.execute("UPDATE tibillet_seat_hold SET hold_until = hold_until - interval '2d'")
        self.env.invalidate_all()
        answer = self.post(f"{one._get_path()}/take")
        self.assertIn("Join again", answer.text)
        self.assertFalse(self.basket())

    def test_chosen_again_on_the_page_keeps_the_offer(self):
        self.join(rate=self.paid.id)
        one = self.line()
        self.sold[0].action_cancel()
        self.post(f"{one._get_path()}/take")
        self.assertIn("held for you", self.choose(1))
        self.assertEqual(one.state, "offered")
        self.confirm(1)
        self.assertEqual(self.used(self.concert), 2)
        self.assertCounted()

    def test_too_often(self):
        from unittest.mock import patch

        from ..controllers import waiting

        with patch.object(waiting, "JOINS", ("event-waiting", 1, 600)):
            self.join()
            self.assertIn("Too many", self.join("dora").text)
        self.assertEqual(len(self.line()), 1)
