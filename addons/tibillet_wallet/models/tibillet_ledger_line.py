from odoo import api, fields, models

from ..fields import BigInteger
from ..ledger_rules import MAX_AMOUNT_MINOR


class TibilletLedgerLine(models.AbstractModel):
    """An amount of one asset from one account to another: on hold, then moved."""

    _name = "tibillet.ledger.line"
    _inherit = "tibillet.ledger.row"
    _description = "Line of an operation"

    operation_id = fields.Many2one(
        "tibillet.operation", required=True, readonly=True, index=True, ondelete="restrict"
    )
    asset_id = fields.Many2one("tibillet.asset", required=True, readonly=True, ondelete="restrict")
    debit_account_id = fields.Many2one(
        "tibillet.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    credit_account_id = fields.Many2one(
        "tibillet.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    amount_minor = BigInteger(required=True, readonly=True, aggregator=None)
    earned = fields.Boolean(
        readonly=True,
        help="Points that a sale gives its payer, or that its undo takes back: never a part of "
        "what is paid.",
    )

    amount_text = fields.Char(string="Amount", compute="_compute_amount_text")

    _amount_range = models.Constraint(
        f"CHECK (amount_minor BETWEEN 1 AND {MAX_AMOUNT_MINOR})",
        "An amount is a positive integer in minor units.",
    )
    _two_accounts = models.Constraint(
        "CHECK (debit_account_id <> credit_account_id)", "A transfer links two accounts."
    )

    @api.depends("amount_minor", "asset_id")
    def _compute_amount_text(self):
        for line_sudo in self.sudo():  # the unit of an asset that another place issued
            line_sudo.amount_text = line_sudo.asset_id._format(line_sudo.amount_minor)
