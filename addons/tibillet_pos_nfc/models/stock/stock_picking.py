from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _create_move_from_pos_order_lines(self, lines):
        """A glass takes its share of the keg: the keg moves, in its own unit, and no glass."""
        served = lines.filtered("tibillet_keg_id")
        others = lines - served
        if others:
            super()._create_move_from_pos_order_lines(others)
        if not served:
            return
        moves = self.env["stock.move"].create(
            [
                self._tibillet_prepare_keg_move(keg, of_keg)
                for keg, of_keg in served.grouped("tibillet_keg_id").items()
            ]
        )
        moves = moves._action_confirm(merge=False)
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True

    def _tibillet_prepare_keg_move(self, keg, lines):
        return {
            "product_id": keg.id,
            "product_uom": keg.uom_id.id,
            "product_uom_qty": sum(abs(line.qty) * line.tibillet_keg_part for line in lines),
            "picking_id": self.id,
            "picking_type_id": self.picking_type_id.id,
            "location_id": self.location_id.id,
            "location_dest_id": self.location_dest_id.id,
            "company_id": self.company_id.id,
        }
