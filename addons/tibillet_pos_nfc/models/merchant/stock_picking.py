from odoo import api, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _create_picking_from_pos_order_lines(
        self, location_dest_id, lines, picking_type, partner=False
    ):
        """What a merchant sells was never in our stock; only our cups leave with it."""
        lines = lines.filtered(lambda line: not line.product_id.tibillet_merchant_id)
        if not lines:
            return self.env["stock.picking"]
        pickings = self
        if self.env.user.tibillet_merchant_id:
            # Its cashier neither reads nor moves our stock: the sale does.
            pickings_sudo = self.sudo()
            pickings, lines = pickings_sudo, lines.sudo()
        made = super(StockPicking, pickings)._create_picking_from_pos_order_lines(
            location_dest_id, lines, picking_type, partner
        )
        return made
