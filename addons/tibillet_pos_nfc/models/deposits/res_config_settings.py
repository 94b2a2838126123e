from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_tibillet_deposit_max = fields.Integer(
        related="pos_config_id.tibillet_deposit_max", readonly=False
    )
