from odoo import fields, models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    tibillet_shift_id = fields.Many2one(
        "tibillet.cash.shift",
        string="Cashier's part of the session",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    tibillet_kind = fields.Selection(
        [
            ("move", "Cash in or out"),
            ("drop", "Bag for the safe"),
            ("difference", "Counted difference"),
        ],
        string="Cash move",
        copy=False,
    )
