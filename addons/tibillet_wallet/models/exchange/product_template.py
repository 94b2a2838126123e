from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    tibillet_usual_price = fields.Float(
        string="Usual price",
        digits="Product Price",
        help="What it costs in money, as a price in money would be written. Nobody pays it: a "
        "company that declares what it sells for time has its turnover and VAT at this price.",
    )

    _tibillet_usual_price_positive = models.Constraint(
        "CHECK (tibillet_usual_price IS NULL OR tibillet_usual_price >= 0)",
        "A usual price is 0 or more.",
    )

    @api.constrains("tibillet_price_asset_id", "tibillet_usual_price", "company_id")
    def _check_tibillet_usual_price(self):
        exchanges = self.env["tibillet.exchange"]
        turns_sudo = exchanges.sudo()  # of every company that may sell it
        for product in self.filtered(lambda one: one.tibillet_usual_price <= 0):
            asset_sudo = product.tibillet_price_asset_id.sudo()  # of any issuer
            if asset_sudo.kind != "time":
                continue
            sellers = turns_sudo.search([("asset_id", "=", asset_sudo.id)]).company_id
            if product.company_id:
                sellers &= product.company_id
            for company in sellers:
                if exchanges._is_on(company, asset_sudo):
                    raise ValidationError(
                        self.env._(
                            "%(company)s declares what it sells for “%(asset)s”: write the usual "
                            "price of “%(product)s”.",
                            company=company.name,
                            asset=asset_sudo.name,
                            product=product.name,
                        )
                    )
