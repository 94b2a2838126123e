"""One top-up article per tax: what a single-purpose asset is sold by."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    tibillet_topup_tax_id = fields.Many2one(
        "account.tax",
        string="Top-up with its tax",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="This article loads single-purpose assets of this tax: it is turnover when it is "
        "sold, and what it loaded is not taxed again when it is spent.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        if products.filtered("tibillet_topup_tax_id"):
            self.env.registry.clear_cache()
        return products

    @api.model
    @tools.ormcache()
    def _tibillet_taxed_topup_ids(self):
        """Products that load single-purpose assets, of all companies: asked at every tap.

        :rtype: frozenset[int]
        """
        products_sudo = self.env["product.product"].sudo().with_context(active_test=False)
        return frozenset(products_sudo.search([("tibillet_topup_tax_id", "!=", False)]).ids)

    @api.constrains("tibillet_topup_tax_id", "taxes_id", "company_id")
    def _check_tibillet_topup_tax(self):
        for product_sudo in self.filtered("tibillet_topup_tax_id").sudo():
            if product_sudo.taxes_id != product_sudo.tibillet_topup_tax_id or not (
                product_sudo.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "“%(product)s” loads cards with the tax “%(tax)s” paid: it belongs to one "
                        "company and bears this tax alone.",
                        product=product_sudo.display_name,
                        tax=product_sudo.tibillet_topup_tax_id.name,
                    )
                )
