"""A top-up is money moved, not a sale: its product never bears a tax."""

from odoo import api, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _tibillet_topup_templates(self):
        """Those of these products that are a company's top-up product."""
        companies_sudo = (
            self.env["res.company"]
            .sudo()
            .with_context(active_test=False)
            .search([("tibillet_topup_product_id.product_tmpl_id", "in", self.ids)])
        )
        ids = set(companies_sudo.tibillet_topup_product_id.product_tmpl_id.ids)
        return self.filtered(lambda product: product.id in ids)

    @api.constrains("taxes_id", "company_id")
    def _check_tibillet_topup(self):
        untaxed = self.filtered(lambda product: not product.tibillet_topup_tax_id)
        for product in untaxed._tibillet_topup_templates():
            product_sudo = product.sudo()  # whoever writes it may not see every company's taxes
            if product_sudo.taxes_id or not product.company_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is a wallet top-up: it belongs to one company and bears "
                        "no tax. Tax is due when the wallet is spent.",
                        product=product.display_name,
                    )
                )
