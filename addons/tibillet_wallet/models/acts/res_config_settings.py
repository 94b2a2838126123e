from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    tibillet_second_factor = fields.Boolean(
        related="company_id.tibillet_second_factor", readonly=False
    )
