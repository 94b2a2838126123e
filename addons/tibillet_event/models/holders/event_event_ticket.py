from odoo import fields, models


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

    tibillet_nominative = fields.Boolean(
        string="A name on each place", help="Every place at this rate asks its own name."
    )
