from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    tibillet_deferral_day = fields.Date(
        string="Tickets deferred at",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The closing for which this entry takes tickets of later events out of the income.",
    )
