"""An asset that is a debt has an account of its own in its issuer's books."""

from odoo import api, fields, models


class TibilletAsset(models.Model):
    _inherit = "tibillet.asset"

    liability_account_id = fields.Many2one(
        "account.account",
        string="Liability Account",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="What the issuer owes the holders of this asset. Moved by the ledger's entries only.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        assets._ensure_liability_account()
        return assets

    def _ensure_liability_account(self):
        """Create the missing account of each backed asset whose company has a chart."""
        for asset_sudo in self.sudo():
            if (
                asset_sudo.backed
                and not asset_sudo.liability_account_id
                and asset_sudo.company_id.root_id.chart_template
            ):
                asset_sudo.liability_account_id = asset_sudo.company_id._tibillet_new_account(
                    "liability",
                    lambda env, asset=asset_sudo: env._(
                        "Wallets: %(asset)s", asset=asset.with_env(env).name
                    ),
                )
