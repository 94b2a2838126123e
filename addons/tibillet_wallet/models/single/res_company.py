"""The articles that load single-purpose assets: one per company and tax, made on need."""

from odoo import models
from odoo.fields import Command


class ResCompany(models.Model):
    _inherit = "res.company"

    def _tibillet_ensure_accounts(self):
        ready_sudo = super()._tibillet_ensure_accounts()
        assets_sudo = self.env["tibillet.asset"].sudo()  # whoever sets a company up
        for asset_sudo in assets_sudo.search(
            [("company_id", "in", ready_sudo.ids), ("vat_nature", "=", "single")]
        ):
            asset_sudo.company_id._tibillet_topup_product_of(asset_sudo)
        return ready_sudo

    def _tibillet_topup_products(self):
        """All articles that load cards, archived ones too, in sudo.

        :rtype: product.product
        """
        products_sudo = self.env["product.product"].sudo().with_context(active_test=False)
        taxed_sudo = products_sudo.search(
            [("tibillet_topup_tax_id", "!=", False), ("company_id", "in", self.ids)]
        )
        return self.sudo().tibillet_topup_product_id | taxed_sudo

    def _tibillet_topup_product_of(self, asset):
        """The article that loads an asset: without tax, or with the asset's own.

        Its net goes to clearing as any top-up's does, its tax where the tax says.

        :rtype: product.product
        """
        self.ensure_one()
        tax_sudo = asset.sudo().vat_tax_id
        if not tax_sudo:
            return self._tibillet_topup_product()
        company_sudo = self.sudo()
        products_sudo = self.env["product.product"].sudo().with_company(company_sudo)
        product_sudo = products_sudo.search(
            [("tibillet_topup_tax_id", "=", tax_sudo.id), ("company_id", "=", self.id)], limit=1
        )
        if not product_sudo:
            values = company_sudo._tibillet_prepare_topup_product()
            product_sudo = products_sudo.create(
                values
                | {
                    "taxes_id": [Command.set(tax_sudo.ids)],
                    "tibillet_topup_tax_id": tax_sudo.id,
                }
            )
            company_sudo._tibillet_name_in_all_languages(
                product_sudo,
                lambda env: env._("Wallet top-up, %s included", tax_sudo.with_env(env).name),
            )
        clearing_sudo = company_sudo.tibillet_clearing_account_id
        if product_sudo.property_account_income_id != clearing_sudo:
            product_sudo.property_account_income_id = clearing_sudo
        return product_sudo
