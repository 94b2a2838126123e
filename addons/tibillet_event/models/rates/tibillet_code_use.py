from odoo import fields, models


class TibilletCodeUse(models.Model):
    """One code on one order: held while it is a basket, used when it is confirmed."""

    _name = "tibillet.code.use"
    _description = "Use of a code"
    _order = "id"

    code_id = fields.Many2one("tibillet.code", required=True, index=True, ondelete="restrict")
    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="code_id.company_id", store=True, index=True)
    state = fields.Selection(
        [("held", "In a basket"), ("used", "Used"), ("released", "Given back")],
        default="held",
        required=True,
    )
    held_until = fields.Datetime()
    late = fields.Boolean(
        help="Paid after its hold had ended and others had taken the last use: it is honoured."
    )

    _one_per_order = models.UniqueIndex("(order_id, code_id)")
