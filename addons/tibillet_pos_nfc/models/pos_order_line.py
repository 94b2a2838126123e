from odoo import fields, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    tibillet_operation_key = fields.Char(
        string="Operation key",
        index="btree_not_null",
        copy=False,
        help="Key of the operation that this line sold, for a top-up: the till's own key.",
    )
