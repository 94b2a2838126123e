from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    tibillet_owed_ceiling = fields.Monetary(
        related="company_id.tibillet_owed_ceiling", readonly=False
    )
