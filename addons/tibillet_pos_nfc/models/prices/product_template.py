from odoo import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.constrains(
        "active",
        "available_in_pos",
        "categ_id",
        "company_id",
        "list_price",
        "sale_ok",
        "tibillet_alcohol",
        "tibillet_alcohol_group",
    )
    def _check_tibillet_happy_hours(self):
        """The soft drink of a happy hour does not go before its alcohol."""
        self.env["tibillet.happy.hour"]._check_all_equal()

    @api.constrains("list_price")
    def _check_tibillet_prices_by_right(self):
        """A price that goes down may fall below a fixed one, or below what is taken off it."""
        rules_sudo = self.env["tibillet.price.right"].sudo()  # who writes a price sets no tills
        for config_sudo in rules_sudo.search([])._configs():
            company = config_sudo.company_id
            sold = self.product_variant_ids.filtered(
                lambda product, company=company: (
                    product.available_in_pos and product.company_id in (company.browse(), company)
                )
            )
            if sold:
                self.env["tibillet.prices"]._check_no_surcharge(config_sudo, sold)
