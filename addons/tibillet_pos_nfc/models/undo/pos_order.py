"""An order that undoes another one, whole: who asked, why, and never twice."""

from odoo import fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    tibillet_undo_of_id = fields.Many2one(
        "pos.order",
        string="Undoes",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The order that this one undoes, whole.",
    )
    tibillet_undo_ids = fields.One2many(
        "pos.order", "tibillet_undo_of_id", string="Undone by", readonly=True
    )
    tibillet_undo_reason = fields.Char(string="Why it was undone", readonly=True, copy=False)

    _tibillet_undo_once = models.UniqueIndex(
        "(tibillet_undo_of_id) WHERE tibillet_undo_of_id IS NOT NULL",
        "An order is undone once.",
    )
