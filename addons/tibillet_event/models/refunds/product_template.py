from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    tibillet_booking_fee = fields.Boolean(
        string="Booking fee",
        help="Beside tickets on an order: kept when a visitor cancels, paid back when the "
        "organiser does.",
    )
