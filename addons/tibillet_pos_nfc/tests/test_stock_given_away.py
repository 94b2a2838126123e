from odoo.exceptions import AccessError
from odoo.tests import tagged

from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockGivenAway(StockCase):
    """Lost and offered goods side by side, by reason, at what they cost."""

    def rows(self):
        self.env.flush_all()
        rows = self.env["tibillet.given.away"].with_user(self.till_manager).search([])
        return {
            (row.kind, row.reason, row.product_id): (row.quantity, row.cost, row.price)
            for row in rows.filtered(lambda row: row.company_id == self.company)
        }

    def offer(self, product, qty):
        reason = self.env["tibillet.offer.reason"].search(
            [("company_id", "=", self.company.id)], limit=1
        ) or self.env["tibillet.offer.reason"].create(
            {"name": "Artist", "company_id": self.company.id}
        )
        values = self.order_values(
            [],
            [(product, qty, 0)],
            tibillet_device_id=self.device.id,
            tibillet_device_seq=self.next_seq(),
        )
        values["lines"][0][2].update(
            price_unit=product.list_price, discount=100, tibillet_offer_reason_id=reason.id
        )
        return self.sync(values, user=self.till_manager), reason

    def test_by_reason_and_cost(self):
        broken = self.env.ref("tibillet_pos_nfc.scrap_reason_broken")
        spilt = self.env.ref("tibillet_pos_nfc.scrap_reason_spilt")
        self.act("tibillet_loss", self.bottle.id, 2, broken.id)
        self.act("tibillet_loss", self.half.id, 4, spilt.id)
        _order, reason = self.offer(self.half, 2)
        self.assertEqual(
            self.rows(),
            {
                ("lost", "Broken", self.bottle): (2, 3, 0),
                ("lost", "Spilt", self.half): (4, 2, 0),
                ("offered", reason.name, self.half): (2, 1, 6),
            },
        )
        self.assertEqual(self.stock_of(self.keg), 60 - 1 - 0.5)

    def test_what_was_not_given_away(self):
        order, reason = self.offer(self.half, 2)
        self.assertTrue(self.undo(order, user=self.till_manager)["ok"])
        free = self.order_values([], [(self.crisps, 1, 0)])
        free["lines"][0][2]["discount"] = 100  # it has no price
        self.sync(free)
        draft = self.order_values([], [(self.bottle, 1, 0)], state="draft")
        draft["lines"][0][2].update(price_unit=4.0, discount=100)
        self.sync(draft)
        self.env["stock.scrap"].create({"product_id": self.bottle.id, "scrap_qty": 1})
        self.env.flush_all()
        rows = self.env["tibillet.given.away"].with_user(self.till_manager).search([])
        rows = rows.filtered(lambda row: row.company_id == self.company)
        self.assertEqual(set(rows.mapped("reason")), {reason.name})
        self.assertEqual(sorted(rows.mapped("quantity")), [-2, 2])
        self.assertEqual((sum(rows.mapped("cost")), sum(rows.mapped("price"))), (0, 0))

    def test_for_managers(self):
        with self.assertRaises(AccessError):
            self.env["tibillet.given.away"].with_user(self.cashier).search([])
