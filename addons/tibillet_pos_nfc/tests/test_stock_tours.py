from odoo.tests import tagged

from ..models.tibillet_device import digest
from .common import TourCase
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockTours(StockCase, TourCase):
    """The stock under a cashier's finger: sold out, sold anyway, a loss, a keg."""

    def setUp(self):
        TourCase.setUp(self)

    def test_a_cashier_and_the_stock(self):
        device = self.env["tibillet.device"].create({"name": "x", "config_id": self.config.id})
        device.with_user(self.till_manager)._new_code()
        device.sudo().code_hash = digest("ABCDEFGH12")
        self.run_till("tibillet_stock_bar", user=self.cashier)
        self.env.invalidate_all()
        order = self.till_session.sudo().order_ids.filtered(lambda one: one.state == "paid")
        self.assertEqual((order.amount_total, self.free()), (10, 1000))
        self.assertFalse(order.tibillet_device_id.gap_ids)
        self.assertFalse(order.tibillet_law_note)
        self.assertFalse(self.env["tibillet.sold.out"].search([("ended_at", "=", False)]))
        spilt, dregs = self.env["stock.scrap"].search([("tibillet_key", "!=", False)], order="id")
        self.assertEqual((spilt.product_id, spilt.scrap_qty), (self.keg, 0.38))
        self.assertEqual((spilt.tibillet_product_qty, spilt.tibillet_note), (1.5, "A stumble"))
        self.assertEqual(spilt.tibillet_person, self.cashier.name)
        self.assertEqual(dregs.scrap_qty, 30)
        self.assertEqual(len(self.env["tibillet.keg"].search([("closed_at", "=", False)])), 1)
        self.assertEqual(self.stock_of(self.keg), 29.62)

    def test_the_stock_counted_on_a_phone(self):
        """A cashier counts, a colleague counts one product meanwhile, a manager applies."""
        page = "/odoo/stock-count?till=%s" % self.config.id
        self.till_manager.name = "Colleague"
        self.start_tour(page, "tibillet_stock_count", login=self.cashier.login)
        self.assertEqual(self.stock_of(self.bottle), 20)
        self.start_tour(page, "tibillet_stock_count_applied", login=self.till_manager.login)
        self.env.invalidate_all()
        self.assertEqual(self.stock_of(self.bottle), 18)
        self.assertEqual(self.stock_of(self.keg), 45)
        self.assertEqual(self.stock_of(self.crisps), 10)
