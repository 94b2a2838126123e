from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    tibillet_merchant_id = fields.Many2one(
        "tibillet.merchant",
        string="Sold by the merchant",
        index="btree_not_null",
        ondelete="restrict",
        help="An article of a stand with its own company: sold at its tills alone.",
    )

    @api.constrains("tibillet_merchant_id", "company_id", "tibillet_deposit", "is_storable")
    def _check_tibillet_merchant(self):
        for product in self.filtered("tibillet_merchant_id"):
            if product.company_id != product.tibillet_merchant_id.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(product)s” belongs to %(merchant)s: it is of the same place.",
                        product=product.name,
                        merchant=product.tibillet_merchant_id.name,
                    )
                )
            if product.tibillet_deposit or product.is_storable:
                raise ValidationError(
                    self.env._(
                        "“%(product)s” belongs to %(merchant)s: cups and stock are the place's.",
                        product=product.name,
                        merchant=product.tibillet_merchant_id.name,
                    )
                )

    @api.model
    def _tibillet_of_till(self, config):
        """What a till sells: a merchant's its own articles and the place's cups, another one
        none of a merchant's."""
        own = Domain("tibillet_merchant_id", "=", config.tibillet_merchant_id.id)
        if config.tibillet_merchant_id:
            own |= Domain("tibillet_deposit", "=", True)
        return own

    @api.model
    def _load_pos_data_domain(self, data, config):
        return Domain(super()._load_pos_data_domain(data, config)) & self._tibillet_of_till(config)

    @api.model
    def load_product_from_pos(self, config_id, domain, offset=0, limit=0):
        config = self.env["pos.config"].browse(config_id)
        return super().load_product_from_pos(
            config_id, Domain(domain) & self._tibillet_of_till(config), offset, limit
        )
