from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosConfig(models.Model):
    """What the law lets a till sell; a manager's to set, as how it takes cards."""

    _inherit = "pos.config"

    tibillet_licence = fields.Selection(
        [
            ("all", "Every group of drinks (licence IV)"),
            ("3", "Groups 1 to 3 (licence III, temporary bar, members' club)"),
            ("none", "No alcohol"),
        ],
        string="Licence",
        default="all",
        required=True,
        help="Drinks that the licence does not cover are neither shown nor sold at this till.",
    )
    tibillet_members_only = fields.Boolean(
        string="Alcohol for members only",
        help="A club without licence: who has no right of a member buys no alcohol here.",
    )
    tibillet_members_right = fields.Char(
        string="Right of a member",
        default="member",
        help="Code of the right that a membership gives.",
    )

    @api.constrains("tibillet_members_only", "tibillet_members_right")
    def _check_tibillet_members_right(self):
        for config in self.filtered("tibillet_members_only"):
            if not (config.tibillet_members_right or "").strip():
                raise ValidationError(
                    self.env._(
                        "Alcohol at %(till)s is for members only: say which right a member has.",
                        till=config.name,
                    )
                )
