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
