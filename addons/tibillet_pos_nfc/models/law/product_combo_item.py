from odoo import api, models


class ProductComboItem(models.Model):
    _inherit = "product.combo.item"

    @api.constrains("product_id", "combo_id")
    def _check_tibillet_flat_rate(self):
        self.combo_id._tibillet_refuse_flat_rate()
