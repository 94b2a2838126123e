from odoo import fields, models


class TibilletDayRightGrant(models.Model):
    """Rights of one day given by hand: to crew and artists, by name or on an anonymous card."""

    _name = "tibillet.day.right.grant"
    _description = "Day rights given by hand"
    _order = "day desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    day = fields.Date(required=True, default=fields.Date.context_today)
    partner_id = fields.Many2one(
        "res.partner", string="Person", ondelete="restrict", index="btree_not_null"
    )
    card_id = fields.Many2one(
        "tibillet.card",
        string="Crew card",
        ondelete="restrict",
        index="btree_not_null",
        help="A card without holder.",
    )
    right_ids = fields.Many2many("tibillet.day.right", string="Rights", required=True)
    note = fields.Char(string="For whom", help="e.g. sound, band, security")

    _one_holder = models.Constraint(
        "CHECK (num_nonnulls(partner_id, card_id) = 1)",
        "Rights are given to a person or on a card: choose one of them.",
    )
