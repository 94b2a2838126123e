from odoo.fields import Command
from odoo.tests import tagged

from .common import TourCase


@tagged("post_install", "-at_install")
class TestTables(TourCase):
    """Tables, split bills and moved orders: what a card set aside is neither lost nor doubled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.write({"module_pos_restaurant": True, "default_screen": "tables"})
        cls.config.floor_ids.unlink()
        cls.floor = cls.env["restaurant.floor"].create(
            {
                "name": "Room",
                "pos_config_ids": [Command.link(cls.config.id)],
                "table_ids": [
                    Command.create(
                        {
                            "table_number": number,
                            "seats": 2,
                            "shape": "square",
                            "position_h": 100 * number,
                            "position_v": 100,
                        }
                    )
                    for number in (1, 2, 3)
                ],
            }
        )

    def operations(self):
        self.env.invalidate_all()
        operations = self.env["tibillet.operation"].search([("origin", "=like", "device:%")])
        return sorted((op.state, op.paid_minor) for op in operations)

    def orders(self):
        """What stands on the orders that were not taken apart."""
        self.env.invalidate_all()
        orders = self.till_session.order_ids.filtered(lambda o: o.lines and o.state != "cancel")
        return sorted(
            (order.table_id.table_number, order.state, order.amount_total, order.amount_paid)
            for order in orders
        )

    def test_a_table_is_paid_by_two_cards(self):
        """Paid in part, left for another table, found again: a later card pays the rest."""
        self.load(self.other_card, 1000)
        self.run_till("tibillet_table_two_cards")
        self.assertEqual(self.orders(), [(1, "paid", 12.0, 12.0)])
        self.assertEqual(self.operations(), [("posted", 600), ("posted", 600)])
        self.assertEqual((self.free(), self.free(self.other_card)), (1400, 520))

    def test_a_bill_that_a_card_paid_in_part_is_split(self):
        """No more goods leave the bill than are still to be paid."""
        self.run_till("tibillet_table_split")
        self.assertEqual(
            self.orders(), [(0, "paid", 6.0, 6.0), (1, "paid", 12.0, 12.0)], "two bills, both paid"
        )
        self.assertEqual(self.operations(), [("posted", 600), ("posted", 1200)])
        self.assertEqual(self.free(), 200)

    def test_goods_taken_off_after_the_tap(self):
        """A card is never changed into cash: it takes back what it set aside, then pays less."""
        self.run_till("tibillet_table_overpaid")
        self.assertEqual(self.orders(), [(1, "paid", 6.0, 6.0)])
        self.assertEqual(self.operations(), [("posted", 600), ("voided", 0)])
        self.assertEqual(self.free(), 1400)

    def test_an_order_moves_to_another_table(self):
        """To a free table, then to one with an order: the money stays with what it pays."""
        self.run_till("tibillet_table_transfer")
        self.assertEqual(self.orders(), [(3, "paid", 14.5, 14.5)])
        self.assertEqual(self.operations(), [("posted", 600), ("posted", 850)])
        self.assertEqual(self.free(), 550)
