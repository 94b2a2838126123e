from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_tibillet_express_amounts = fields.Char(
        related="pos_config_id.tibillet_express_amounts", readonly=False
    )
    pos_tibillet_drawer_alert = fields.Monetary(
        related="pos_config_id.tibillet_drawer_alert",
        readonly=False,
        currency_field="pos_tibillet_currency_id",
    )
    pos_tibillet_currency_id = fields.Many2one(
        related="pos_config_id.currency_id", string="Currency of the till"
    )
