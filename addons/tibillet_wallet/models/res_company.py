from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_tap_limit_minor = fields.Integer(
        string="Most an anonymous card pays per tap",
        default=5000,
        help="In the smallest unit of the company's currency (cents); 0 = no limit.",
    )
