from odoo.tests import HttpCase, tagged

from odoo.addons.tibillet_pos_nfc.tests.common import TourCase

from .common import SeatsCase


@tagged("post_install", "-at_install")
class TestTillTours(TourCase, HttpCase):
    """Seats at a till, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SeatsCase.make_concert.__func__(cls)

    def places(self):
        self.env.invalidate_all()
        return self.event.registration_ids

    def test_sold_for_cash(self):
        self.run_till("tibillet_seats_cash", user=self.cashier)
        place = self.places()
        self.assertEqual((place.state, place.tibillet_channel), ("open", "till"))
        self.assertEqual(place.pos_order_id.state, "paid")
        self.assertFalse(place.tibillet_hold_until)

    def test_given_back(self):
        self.run_till("tibillet_seats_given_back", user=self.cashier)
        self.assertFalse(self.places())

    def test_refused_before_the_money(self):
        self.run_till("tibillet_seats_refused", user=self.cashier)
        self.assertFalse(self.places())
        self.assertFalse(self.till_session.order_ids.filtered(lambda one: one.state == "paid"))
