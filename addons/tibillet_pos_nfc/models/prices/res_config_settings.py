from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_tibillet_offer_limit = fields.Float(
        related="pos_config_id.tibillet_offer_limit", readonly=False
    )
