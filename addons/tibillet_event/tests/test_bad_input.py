from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_seats_website import SeatsHttpCase

HUGE = "9" * 25


@tagged("post_install", "-at_install")
class TestBadInput(SeatsHttpCase):
    """What no form should send, and what changes while somebody buys: a sentence, nothing lost."""

    def basket(self):
        self.choose(1)
        self.confirm(1)
        return self.concert.registration_ids.sale_order_id

    def test_a_quota_lowered_below_what_is_sold(self):
        quota = self.env["tibillet.quota"].create(
            {"name": "Reduced", "event_id": self.concert.id, "seats_max": 2}
        )
        self.paid.tibillet_quota_id = quota
        self.register(2, self.paid)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                quota.seats_max = 1
                self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(quota.seats_max, 2)
        self.assertCounted()

    def test_withdrawn_or_over_while_somebody_pays(self):
        order = self.basket()
        order._check_cart_is_ready_to_be_paid()
        now = fields.Datetime.now()
        for changed in (
            {"active": False},
            {
                "active": True,
                "date_begin": now - timedelta(days=2),
                "date_end": now - timedelta(days=1),
            },
        ):
            self.concert.write(changed)
            with self.assertRaisesRegex(ValidationError, "Concert is not sold any more"):
                order._check_cart_is_ready_to_be_paid()
        self.assertEqual(order.state, "draft")

    def test_moved_while_somebody_pays(self):
        order = self.basket()
        self.concert.write(
            {
                "date_begin": self.concert.date_begin + timedelta(days=7),
                "date_end": self.concert.date_end + timedelta(days=7),
            }
        )
        order._check_cart_is_ready_to_be_paid()
        self.assertEqual(self.used(self.concert), 1, "the seat is theirs on the new day")

    def test_a_form_that_makes_no_sense(self):
        """Quantities and rates that no page offers."""
        new = f"/event/{self.concert.id}/registration/new"
        seat = f"nb_register-{self.paid.id}"
        for form in (
            {},
            {seat: "0"},
            {seat: "-1"},
            {seat: "two"},
            {seat: "1e3"},
            {seat: "1.5"},
            {seat: HUGE},
            {seat: ""},
            {f"nb_register-{HUGE}": "1"},
            {"nb_register-x": "1"},
            {"nb_register-": "1"},
            {"nb_register-0": "1"},
            {seat: "1", "event_slot_id": HUGE},
            {seat: "1", "event_slot_id": "x"},
        ):
            with self.subTest(form=form):
                self.make_jsonrpc_request(new, {**form, "csrf_token": "x"})
                self.assertLessEqual(self.used(self.concert), 1)
                self.env.cr.execute("SELECT tibillet_seat_drop(key) FROM tibillet_seat_hold")
        self.assertFalse(self.concert.registration_ids)
        self.assertCounted()

    def test_addresses_that_nobody_wrote(self):
        """Every public address of ours, with what is missing, foreign, huge or not a number."""
        token = self.csrf_token()
        guessed = "0" * 64
        addresses = ["/festival/nope", f"/festival/nope-{HUGE}", "/festival/-1"]
        addresses += [f"/event/guests/{one}" for one in ("x", guessed, HUGE)]
        for number in ("0", "1", "2147483648", HUGE):
            page = f"/my/ticket/{number}/{guessed}"
            addresses += [page, f"{page}/order", f"/event/waiting/{number}/{guessed}"]
            for act in ("cancel", "give", "order/cancel"):
                addresses.append((f"{page}/{act}", {}))
            for act in ("take", "leave"):
                addresses.append((f"/event/waiting/{number}/{guessed}/{act}", {}))
        here = f"/event/{self.concert.id}"
        for form in (
            {},
            {"name": "A", "email": "nobody", "seats": "1"},
            {"name": "A", "email": "a@demo.example", "seats": HUGE},
            {"name": "A", "email": "a@demo.example", "seats": "-1"},
            {"name": "A", "email": "a@demo.example", "seats": "1", "ticket_id": HUGE},
            {"name": "A", "email": "a@demo.example", "seats": "1", "slot_id": "x"},
        ):
            addresses.append((f"{here}/waiting/join", form))
        for form in ({}, {"1-event_ticket_id": HUGE}, {"x-event_ticket_id": "1"}):
            addresses.append((f"{here}/registration/confirm", form))
        addresses += [
            ("/event/guests/x/invite", {"names": "A"}),
            ("/shop/tibillet_code/remove", {"code_id": HUGE}),
            ("/shop/pricelist", {"promo": "é" * 5000}),
        ]
        for address in addresses:
            path, form = address if isinstance(address, tuple) else (address, None)
            data = None if form is None else {"csrf_token": token, **form}
            with self.subTest(path=path, form=form):
                answer = self.url_open(path, data=data, allow_redirects=False)
                self.assertLess(answer.status_code, 500)
        self.assertFalse(self.concert.registration_ids)
        self.assertEqual(self.used(self.concert), 0)
        self.assertFalse(self.env["tibillet.waiting"].search([("event_id", "=", self.concert.id)]))
