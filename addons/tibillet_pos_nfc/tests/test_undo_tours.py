from odoo.tests import tagged

from ..models.tibillet_device import digest
from .common import TourCase


@tagged("post_install", "-at_install")
class TestUndoTours(TourCase):
    """Undo in a browser, by those who may and those who may not."""

    def device_of_a_cashier(self):
        """A till that waits for the code that the tour types: cashiers pair none themselves."""
        device = self.env["tibillet.device"].create({"name": "x", "config_id": self.config.id})
        device.with_user(self.till_manager)._new_code()
        device.sudo().code_hash = digest("ABCDEFGH12")

    def orders(self):
        self.env.invalidate_all()
        return self.till_session.sudo().order_ids.filtered(lambda order: order.state == "paid")

    def test_cashier_undoes_the_last_sale(self):
        self.device_of_a_cashier()
        self.run_till("tibillet_undo_last_sale", user=self.cashier)
        sale, undo = self.orders().sorted("id")
        self.assertEqual(undo.tibillet_undo_of_id, sale)
        self.assertEqual(self.free(), 2000)
        self.assertFalse(sale.tibillet_device_id.gap_ids)

    def test_kept(self):
        self.run_till("tibillet_undo_kept")
        self.assertEqual(len(self.orders()), 1)
        self.assertEqual(self.free(), 1400)

    def test_cashier_and_an_older_sale(self):
        self.device_of_a_cashier()
        self.run_till("tibillet_undo_older_by_a_cashier", user=self.cashier)
        self.assertEqual(len(self.orders()), 2)
        self.assertEqual(self.free(), 800)

    def test_manager_and_an_older_sale(self):
        self.run_till("tibillet_undo_older_by_a_manager")
        sale, undo = self.orders().sorted("id")
        self.assertEqual(undo.tibillet_undo_of_id, sale)
        self.assertEqual(undo.tibillet_undo_reason, "Charged twice")
        self.assertEqual(self.free(), 2000)
