from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_second_factor = fields.Boolean(
        string="Second factor before moving money",
        default=True,
        help="Whoever moves money from the backend must have switched on Odoo's two-factor "
        "authentication, and be signed in with it.",
    )
