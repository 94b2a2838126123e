"""Fifty euros loaded are fifty euros paid: no pricelist applies to a top-up."""

from odoo import models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _compute_price_rule(self, products, quantity, **kwargs):
        templates = products if products._name == "product.template" else products.product_tmpl_id
        topups = templates._tibillet_topup_templates()
        topup_ids = {*topups.ids, *templates.filtered("tibillet_topup_tax_id").ids}
        if not (self and topup_ids):
            return super()._compute_price_rule(products, quantity, **kwargs)
        topups = products.filtered(
            lambda product: (
                (product if product._name == "product.template" else product.product_tmpl_id).id
                in topup_ids
            )
        )
        prices = super()._compute_price_rule(products - topups, quantity, **kwargs)
        # Without a pricelist, Odoo answers the product's own price.
        currency = kwargs.pop("currency", None) or self.currency_id
        prices.update(
            super(ProductPricelist, self.browse())._compute_price_rule(
                topups, quantity, currency=currency, **kwargs
            )
        )
        return prices
