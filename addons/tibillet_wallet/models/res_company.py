from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_tap_limit_minor = fields.Integer(
        string="Most an anonymous card pays per tap",
        default=5000,
        help="In the smallest unit of the company's currency (cents); 0 = no limit.",
    )

    tibillet_stored_limit_minor = fields.Integer(
        string="Most an anonymous card stores",
        default=15000,
        help="Of money that this company issues, with what others issued in the same currency. "
        "In the smallest unit of the currency (cents); 0 = no limit.",
    )
    tibillet_spent_limit_minor = fields.Integer(
        string="Most an anonymous card pays in 30 days",
        default=15000,
        help="In the smallest unit of the company's currency (cents); 0 = no limit.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Every company is a place, from its first minute."""
        companies = super().create(vals_list)
        self.env["tibillet.place"]._create_for(companies)
        return companies
