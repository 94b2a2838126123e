from odoo import fields, models


class TibilletSeatHold(models.Model):
    _inherit = "tibillet.seat.hold"

    tibillet_partner_id = fields.Many2one(
        "res.partner",
        string="Customer of the till",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="For whom a till put these seats aside: they count among what one person may hold.",
    )
