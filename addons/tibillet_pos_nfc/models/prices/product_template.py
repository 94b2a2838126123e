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

    @api.model
    def _load_pos_data_read(self, records, config):
        """Tell the till what costs minutes or points; a cashier reads no assets."""
        read = super()._load_pos_data_read(records, config)
        told = {
            template_sudo.id: template_sudo._tibillet_asset_price()
            for template_sudo in records.sudo()
            if template_sudo.tibillet_price_asset_id
        }
        for row in read:
            row["_tibillet_price"] = told.get(row["id"], False)
        return read

    def _tibillet_asset_price(self):
        """The price in its asset, as the till shows it."""
        self.ensure_one()
        asset = self.tibillet_price_asset_id
        return {
            "asset_id": asset.id,
            "code": asset.code,
            "name": asset.name,
            "unit": asset.unit_label or asset.name,
            "scale": asset.scale,
            "price_minor": self.tibillet_price_minor,
        }

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
