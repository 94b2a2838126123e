from odoo import fields, models

from .sheet import A4, FORMS


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_ticket_form = fields.Selection(
        FORMS,
        string="Paper of tickets",
        default=A4,
        required=True,
        help="Of the tickets in mails; whoever prints may choose another.",
    )
    tibillet_ticket_terms = fields.Text(
        string="Terms of tickets",
        translate=True,
        help="Printed on each ticket, under what comes back to who cancels.",
    )
