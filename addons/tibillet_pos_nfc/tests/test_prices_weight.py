"""Goods sold by weight and paid by a tap: the same cent on the screen, the card and the order."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import TourCase


@tagged("post_install", "-at_install")
class TestWeight(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("uom.decimal_product_uom").digits = 3  # to the gram
        kilo = cls.env.ref("uom.product_uom_kgm")
        cls.cheese = cls.env["product.product"].create(
            {
                "name": "Cheese",
                "available_in_pos": True,
                "to_weight": True,
                "uom_id": kilo.id,
                "list_price": 12.9,
                "taxes_id": [Command.set(cls.beer.taxes_id.ids)],
                "company_id": cls.company.id,
            }
        )

    def test_weighed_typed_and_tapped(self):
        """0.345 kg at 12.90 is 4.4505: 4.45. 0.125 kg is 1.6125: 1.61."""
        self.run_till("tibillet_weight")
        order = self.assertSold(606)
        self.assertEqual(order.lines.mapped("qty"), [0.345, 0.125])
        self.assertEqual(order.lines.mapped("price_subtotal_incl"), [4.45, 1.61])
        self.assertEqual((order.amount_total, order.payment_ids.amount), (6.06, 6.06))
        self.assertEqual(self.free(), 2000 - 606)
