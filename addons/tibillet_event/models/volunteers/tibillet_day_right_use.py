from odoo import fields, models


class TibilletDayRightUse(models.Model):
    """One thing taken under a right. Written by ``tibillet.day.right`` alone.

    Each has a number of that holder and day, once: two tills at once, one meal, one use.
    """

    _name = "tibillet.day.right.use"
    _description = "Day right taken"
    _order = "id desc"
    _rec_name = "right_id"

    right_id = fields.Many2one(
        "tibillet.day.right", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Person", readonly=True, ondelete="restrict")
    card_id = fields.Many2one("tibillet.card", readonly=True, ondelete="restrict")
    day = fields.Date(required=True, readonly=True)
    number = fields.Integer(readonly=True)
    key = fields.Char(required=True, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    at = fields.Datetime(string="When", required=True, readonly=True)
    late = fields.Char(string="Against the rule", readonly=True, help="Handed out without network.")
    undone = fields.Boolean(readonly=True)

    _key_once = models.UniqueIndex("(key)", "This was taken already.")
    _number_once = models.UniqueIndex(
        "(right_id, day, partner_id, card_id, number) NULLS NOT DISTINCT"
        " WHERE number IS NOT NULL AND NOT undone",
        "This was taken already today.",
    )
    _one_holder = models.Constraint(
        "CHECK (num_nonnulls(partner_id, card_id) = 1)", "A right is taken by one holder."
    )
    _late_or_number = models.Constraint(
        "CHECK (number IS NOT NULL OR late IS NOT NULL)",
        "What is taken beyond the right says why.",
    )

    def _undo(self):
        """The sale was undone: it may be taken again that day."""
        self.write({"undone": True})
