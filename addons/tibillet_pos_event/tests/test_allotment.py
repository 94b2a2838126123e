from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.tibillet_pos_nfc.tests.common import TourCase

from .common import OrdersCase, SeatsCase


class Tonight:
    """The concert is tonight, and the till keeps one seat of each rate."""

    def begin_tonight(self, kept=1):
        now = fields.Datetime.now()
        self.event.write(
            {"date_begin": now + timedelta(hours=2), "date_end": now + timedelta(hours=5)}
        )
        self.config.tibillet_offline_seats = kept


@tagged("post_install", "-at_install")
class TestAllotment(Tonight, OrdersCase):
    def setUp(self):
        super().setUp()
        self.begin_tonight()
        self.device, self.credential = self.pair(self.session)

    def allot(self, **device):
        return self.session.tibillet_seats_allot(**{"device": self.credential, **device})

    def test_kept_once_and_filled_up_when_sold(self):
        answer = self.allot()
        self.assertEqual(
            answer["rates"], [{"ticket": self.rate.id, "left": 1, "least": 0, "most": 0}]
        )
        self.assertEqual(self.allot()["rates"][0]["left"], 1, "asked again: the same seat")
        self.assertEqual(self.left(), 1)
        order = self.sync(self.places(1, hold=False, tibillet_device_id=self.device.id))
        self.assertEqual(self.made(order).state, "open")
        self.assertEqual(self.left(), 1, "the seat was the one that was kept")
        self.assertEqual(self.allot()["rates"][0]["left"], 1, "the next one is kept")
        self.assertEqual(self.left(), 0)

    def test_sold_out_for_all_and_left_for_the_till(self):
        self.allot()
        self.env["event.registration"].create(
            {"event_id": self.event.id, "event_ticket_id": self.rate.id, "name": "Bo"}
        )
        self.assertEqual(self.left(), 0)
        self.assertEqual(self.hold("a")["code"], "sold_out")
        read = self.rate._load_pos_data_read(self.rate, self.config)
        self.assertEqual(read[0]["seats_available"], 1, "this till still shows it")
        order = self.sync(self.places(1, hold=False, tibillet_device_id=self.device.id))
        self.assertFalse(self.made(order).tibillet_no_seat)
        self.assertEqual(self.allot()["rates"][0]["left"], 0, "nothing more to keep")

    def test_more_sold_than_kept_is_told(self):
        self.allot()
        self.env["event.registration"].create(
            {"event_id": self.event.id, "event_ticket_id": self.rate.id, "name": "Bo"}
        )
        order = self.sync(self.places(2, hold=False, tibillet_device_id=self.device.id))
        self.assertEqual(order.state, "paid")
        self.assertTrue(self.made(order).activity_ids)
        self.assertLessEqual(
            len(self.event.registration_ids.filtered("tibillet_seated")), 2, "never a seat more"
        )

    def test_back_when_the_till_is_closed_or_keeps_none(self):
        self.allot()
        self.config.tibillet_offline_seats = 0
        self.assertEqual(self.allot()["rates"], [])
        self.assertEqual(self.left(), 2)
        self.config.tibillet_offline_seats = 2
        self.allot()
        self.assertEqual(self.left(), 0)
        self.session.sudo().state = "closed"
        self.assertEqual(self.left(), 2)

    def test_what_only_the_server_knows_is_not_kept(self):
        self.rate.tibillet_limit_per_person = 1
        self.assertEqual(self.allot()["rates"], [])
        self.rate.tibillet_limit_per_person = 0
        self.rate.tibillet_rights = "member"
        self.assertEqual(self.allot()["rates"], [])
        self.rate.tibillet_rights = False
        later = fields.Datetime.now() + timedelta(days=2)
        self.event.write({"date_begin": later, "date_end": later + timedelta(hours=3)})
        self.assertEqual(self.allot()["rates"], [], "another day's event")

    def test_only_a_paired_device_of_this_till(self):
        self.assertFalse(self.allot(device="1.wrong")["ok"])
        self.assertFalse(self.allot(device="")["ok"])
        stranger = new_test_user(self.env, "stranger-allot", "base.group_user")
        with self.assertRaises(AccessError):
            self.session.with_user(stranger).tibillet_seats_allot(self.credential)
        self.assertEqual(self.left(), 2)


@tagged("post_install", "-at_install")
class TestAllotmentTour(Tonight, TourCase, HttpCase):
    """A till whose network goes: it sells what it keeps, and no seat more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SeatsCase.make_concert.__func__(cls)

    def test_sold_without_network(self):
        self.begin_tonight()
        self.run_till("tibillet_seats_offline", user=self.till_manager)
        self.env.invalidate_all()
        place = self.event.registration_ids
        self.assertEqual((place.state, place.tibillet_seated), ("open", True))
        self.assertFalse(place.tibillet_no_seat)
        self.assertEqual(place.pos_order_id.state, "paid")
