from odoo import fields, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_operation_key = fields.Char(
        string="Operation key",
        index="btree_not_null",
        copy=False,
        help="Key of the operation that this line sold, for a top-up: the till's own key.",
    )

    def _prepare_base_line_for_taxes_computation(self):
        """Keep the cents that an order rounds on the goods.

        Where taxes are rounded by order, Odoo puts what is left over on the dearest line: on a
        top-up or a deposit beside the goods it would be a cent that the ledger never moved, for
        ever unexplained on clearing. A key of its own makes such a line be rounded alone.
        """
        values = super()._prepare_base_line_for_taxes_computation()
        if not values["computation_key"] and (
            self._tibillet_moves_money or self.product_id.tibillet_deposit
        ):
            values["computation_key"] = f"tibillet_moved,{self.id}"
        return values
