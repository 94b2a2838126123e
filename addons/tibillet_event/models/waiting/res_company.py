from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_waiting_hours = fields.Integer(
        string="Offers to who waits last",
        default=12,
        help="Hours for which freed seats are held for the first on the waiting list.",
    )
    tibillet_waiting_minutes = fields.Integer(
        string="On the day of the event",
        default=60,
        help="Minutes for which freed seats are held for the first on the waiting list, from the "
        "day of the event on.",
    )

    _tibillet_waiting_hours_bounds = models.Constraint(
        "CHECK (tibillet_waiting_hours BETWEEN 1 AND 168)",
        "Seats are held for who waits between an hour and a week.",
    )
    _tibillet_waiting_minutes_bounds = models.Constraint(
        "CHECK (tibillet_waiting_minutes BETWEEN 5 AND 1440)",
        "On the day of the event seats are held for who waits between five minutes and a day.",
    )
