from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_tibillet_licence = fields.Selection(
        related="pos_config_id.tibillet_licence", readonly=False
    )
    pos_tibillet_members_only = fields.Boolean(
        related="pos_config_id.tibillet_members_only", readonly=False
    )
    pos_tibillet_card_pricelist_id = fields.Many2one(
        related="pos_config_id.tibillet_card_pricelist_id", readonly=False
    )
    pos_tibillet_member_pricelist_id = fields.Many2one(
        related="pos_config_id.tibillet_member_pricelist_id", readonly=False
    )
    pos_tibillet_members_right = fields.Char(
        related="pos_config_id.tibillet_members_right", readonly=False
    )
