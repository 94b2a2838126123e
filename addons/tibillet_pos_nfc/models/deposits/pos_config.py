from odoo import fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    tibillet_deposit_max = fields.Integer(
        string="Cups back per tap",
        default=10,
        help="The most that a cashier takes back at once; a manager takes back more.",
    )

    _tibillet_deposit_max_positive = models.Constraint(
        "CHECK (tibillet_deposit_max >= 0)", "A number of cups is not below zero."
    )
