from odoo import api, models
from odoo.exceptions import ValidationError


class TibilletAcceptance(models.Model):
    """What was taxed when it was sold buys at its issuer alone.

    At another company the supply would be that company's, with a tax of its own: nobody knew it
    when the asset was sold, so it is not single-purpose (practice-france, 10).
    """

    _inherit = "tibillet.acceptance"

    @api.constrains("asset_id", "state")
    def _check_not_single(self):
        for acceptance in self.filtered(lambda one: one.state != "ended"):
            asset_sudo = acceptance.asset_id.sudo()  # of the other side
            if asset_sudo.vat_nature == "single":
                raise ValidationError(
                    self.env._(
                        "“%(asset)s” carries its tax when it is sold: only %(issuer)s, who "
                        "declared it, takes it. An asset that other places take is e-money or "
                        "multi-purpose.",
                        asset=asset_sudo.name,
                        issuer=asset_sudo.company_id.name,
                    )
                )
