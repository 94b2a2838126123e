from odoo import api, models


class ProductCombo(models.Model):
    _inherit = "product.combo"

    @api.constrains("combo_item_ids")
    def _check_tibillet_flat_rate(self):
        self._tibillet_refuse_flat_rate()

    def _tibillet_refuse_flat_rate(self):
        templates_sudo = self.env["product.template"].sudo()  # of every company
        templates_sudo.search(
            [("combo_ids", "in", self.ids), ("tibillet_flat_rate", "=", True)]
        )._tibillet_refuse_flat_rate()
