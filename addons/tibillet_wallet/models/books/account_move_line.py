"""From a journal item down to the wallet operations behind it."""

from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    tibillet_entry_line_ids = fields.One2many(
        "tibillet.ledger.entry.line",
        "move_line_id",
        string="Wallet Ledger Lines",
        groups="tibillet_wallet.tibillet_wallet_group_reader",
    )
    tibillet_operation_count = fields.Integer(
        string="Wallet Operations",
        compute="_compute_tibillet_operation_count",
        groups="tibillet_wallet.tibillet_wallet_group_reader",
    )

    def _compute_tibillet_operation_count(self):
        for line in self:
            line.tibillet_operation_count = sum(
                line.tibillet_entry_line_ids.mapped("operation_count")
            )

    def action_view_tibillet_operations(self):
        """Open the wallet operations whose amounts add up to this item (accountants)."""
        self.check_access("read")
        return self.tibillet_entry_line_ids.action_view_operations()
