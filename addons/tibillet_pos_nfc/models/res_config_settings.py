from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_tibillet_wallet = fields.Boolean(
        related="pos_config_id.tibillet_wallet", readonly=False, string="Card payments (till)"
    )
    pos_tibillet_tap_pays = fields.Boolean(
        related="pos_config_id.tibillet_tap_pays", readonly=False
    )
    pos_tibillet_reader = fields.Selection(related="pos_config_id.tibillet_reader", readonly=False)
    pos_tibillet_wedge_format = fields.Selection(
        related="pos_config_id.tibillet_wedge_format", readonly=False
    )
