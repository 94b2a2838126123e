from odoo import fields, models


class TibilletActGift(models.TransientModel):
    """Give units that nobody pays for. What is refunded in money is never given."""

    _name = "tibillet.act.gift"
    _inherit = "tibillet.act.issue"
    _description = "Gift"

    _act = "gift"

    asset_id = fields.Many2one(domain="[('kind', 'in', ('gift', 'time', 'points'))]")

    def _code(self):
        return "gift"

    def _check_kind(self, asset_sudo):
        if asset_sudo.kind not in ("gift", "time", "points"):
            raise self._refused(
                "not_allowed",
                self.env._(
                    "“%s” is owed in money and cannot be given. Give a gift, time or points.",
                    asset_sudo.name,
                ),
            )
