from odoo import api, fields, models

OFFERED = 100


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_offer_reason_id = fields.Many2one(
        "tibillet.offer.reason",
        string="Offered",
        index="btree_not_null",
        ondelete="restrict",
        help="Why these goods were given away: a discount of 100 %, drawn from no card.",
    )

    tibillet_happy_hour_id = fields.Many2one(
        "tibillet.happy.hour",
        string="Happy hour",
        index="btree_not_null",
        ondelete="restrict",
        help="The hour whose price this line was sold at.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "tibillet_offer_reason_id",
            "tibillet_happy_hour_id",
        ]

    def _tibillet_offered(self):
        """Goods that leave for nothing though they have a price."""
        return self.filtered(
            lambda line: line.discount >= OFFERED and line.qty > 0 and line.price_unit > 0
        )

    def _tibillet_offered_value(self):
        """What these lines would have cost, at the price that the till shows."""
        return sum(line.price_unit * line.qty for line in self)
