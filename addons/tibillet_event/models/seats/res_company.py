from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_hold_minutes = fields.Integer(
        string="Seats are held for",
        default=15,
        help="Minutes that a visitor has to fill in names and to pay.",
    )
    tibillet_grace_minutes = fields.Integer(
        string="Grace of a payment under way",
        default=5,
        help="After the hold a payment under way is called off; its seats go back so many minutes "
        "later.",
    )

    _tibillet_hold_minutes_bounds = models.Constraint(
        "CHECK (tibillet_hold_minutes BETWEEN 1 AND 1440)",
        "Seats are held for a visitor between one minute and a day.",
    )
    _tibillet_grace_minutes_bounds = models.Constraint(
        "CHECK (tibillet_grace_minutes BETWEEN 0 AND 120)",
        "The grace of a payment is between none and two hours.",
    )
