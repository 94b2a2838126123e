from odoo import api, fields, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_day_right = fields.Char(
        string="Day right",
        copy=False,
        help="The right of the day under which this was handed out for nothing.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "tibillet_day_right"]

    def _tibillet_offered(self):
        """What somebody had a right to is no offer of the cashier's; the server knows its key."""
        offered = super()._tibillet_offered()
        said = offered.filtered(lambda line: line.tibillet_day_right and line.qty == 1)
        if not said:
            return offered
        uses = self.env["tibillet.day.right"]._uses_of(said)
        return offered.filtered(
            lambda line: line not in uses or uses[line].product_id != line.sudo().product_id
        )
