from odoo import models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _tibillet_check_no_surcharge(self):
        """A list that a right opens never raises a price either, whichever side changes."""
        result = super()._tibillet_check_no_surcharge()
        rules_sudo = self.env["tibillet.price.right"].sudo()  # who writes prices may set no tills
        rules_sudo = rules_sudo.search([("pricelist_id", "in", self.ids)])
        if rules_sudo:
            self.env["tibillet.prices"]._check_no_surcharge(rules_sudo._configs())
        return result
