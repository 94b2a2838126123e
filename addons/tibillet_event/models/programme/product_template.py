from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    tibillet_ticket = fields.Boolean(
        string="Article of tickets",
        readonly=True,
        copy=False,
        help="Made for the rate of VAT of an event: what its tickets are sold as.",
    )
