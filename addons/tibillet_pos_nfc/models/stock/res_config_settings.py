from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_tibillet_stock_by = fields.Selection(
        related="pos_config_id.tibillet_stock_by", readonly=False
    )
