from odoo.fields import Command
from odoo.tests import tagged

from ..models.tibillet_device import digest
from .common import TourCase


@tagged("post_install", "-at_install")
class TestDepositTours(TourCase):
    """Cups at the till, by a cashier and by a manager."""

    def setUp(self):
        super().setUp()
        category = self.env["pos.category"].create({"name": "Bar"})
        self.beer.pos_categ_ids = category
        self.cup = self.env["product.product"].create(
            {
                "name": "Cup",
                "available_in_pos": True,
                "type": "consu",
                "list_price": 1.0,
                "taxes_id": [Command.clear()],
                "company_id": self.company.id,
                "pos_categ_ids": [Command.set(category.ids)],
                "tibillet_deposit": True,
            }
        )
        self.config.tibillet_deposit_max = 2

    def device_of_a_cashier(self):
        device = self.env["tibillet.device"].create({"name": "x", "config_id": self.config.id})
        device.with_user(self.till_manager)._new_code()
        device.sudo().code_hash = digest("ABCDEFGH12")

    def cups(self):
        self.env.invalidate_all()
        lines = self.till_session.sudo().order_ids.lines
        return sorted(lines.filtered(lambda line: line.product_id == self.cup).mapped("qty"))

    def test_netted_on_one_tap(self):
        self.device_of_a_cashier()
        self.run_till("tibillet_deposit_netted", user=self.cashier)
        self.assertEqual(self.cups(), [-2, 3])
        self.assertEqual(self.free(), 1300)

    def test_back_by_a_cashier(self):
        self.device_of_a_cashier()
        self.run_till("tibillet_deposit_back", user=self.cashier)
        self.assertEqual(self.cups(), [-2])
        self.assertEqual(self.free(), 2200)

    def test_back_by_a_manager(self):
        self.run_till("tibillet_deposit_back_by_a_manager")
        self.assertEqual(self.cups(), [-3])
        self.assertEqual(self.free(), 2300)
