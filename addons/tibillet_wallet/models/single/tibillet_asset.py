"""A single-purpose asset: one known rate, included in its price, at its issuer alone."""

from odoo import api, models
from odoo.exceptions import ValidationError


class TibilletAsset(models.Model):
    _inherit = "tibillet.asset"

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        assets._ensure_topup_product()
        return assets

    def write(self, vals):
        result = super().write(vals)
        if {"vat_nature", "vat_tax_id"} & vals.keys():
            self._ensure_topup_product()
        return result

    def _ensure_topup_product(self):
        """The tills load their articles when they open: it stands there before."""
        for asset in self.filtered(lambda one: one.vat_nature == "single"):
            if asset.company_id.root_id.chart_template:
                asset.company_id._tibillet_ensure_accounts()

    @api.constrains("vat_nature", "vat_tax_id", "company_id")
    def _check_single_purpose(self):
        for asset in self.filtered(lambda one: one.vat_nature == "single"):
            tax_sudo = asset.vat_tax_id.sudo()  # its rate
            if tax_sudo.amount_type != "percent" or not 0 <= tax_sudo.amount <= 100:
                raise ValidationError(
                    self.env._(
                        "“%(asset)s” is sold with one rate in percent: “%(tax)s” is none.",
                        asset=asset.name,
                        tax=tax_sudo.name,
                    )
                )
            if tax_sudo.amount and not tax_sudo.price_include:
                raise ValidationError(
                    self.env._(
                        "A card is loaded with what is paid, tax included: choose for “%(asset)s” "
                        "a tax that is included in the price. “%(tax)s” comes on top.",
                        asset=asset.name,
                        tax=tax_sudo.name,
                    )
                )
            if tax_sudo.company_id not in asset.company_id.parent_ids:
                raise ValidationError(
                    self.env._(
                        "“%(tax)s” is a tax of another company than %(issuer)s, who issues "
                        "“%(asset)s”.",
                        tax=tax_sudo.name,
                        issuer=asset.company_id.name,
                        asset=asset.name,
                    )
                )
            acceptances_sudo = asset.acceptance_ids.sudo()  # the other companies' too
            acceptances_sudo._check_not_single()
