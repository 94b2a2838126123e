from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.tibillet_pos_nfc.tests.common import TourCase

from .common import SeatsCase


class FrenchCase(TourCase, HttpCase):
    """Places chosen, counted, refused and paid by a cashier who reads French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SeatsCase.make_concert.__func__(cls)
        cls.event.seats_max = 3
        cls.event.event_ticket_ids = [
            Command.create({"name": "Reduced", "product_id": cls.rate.product_id.id, "price": 6})
        ]

    def sell_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.cashier.lang = "fr_FR"
        self.run_till("tibillet_seats_french", user=self.cashier)
        self.env.invalidate_all()
        order = self.till_session.order_ids.filtered(lambda one: one.state == "paid")
        self.assertEqual(order.lines.mapped("qty"), [1])
        self.assertEqual(order.lines.event_registration_ids.mapped("state"), ["open"])


@tagged("post_install", "-at_install")
class TestTillFrenchDesk(FrenchCase):
    browser_size = "1366x850"

    def test_at_a_desk(self):
        self.sell_in_french()


@tagged("post_install", "-at_install")
class TestTillFrenchPhone(FrenchCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_on_a_phone(self):
        self.sell_in_french()
