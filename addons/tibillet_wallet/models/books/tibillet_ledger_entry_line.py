"""Why a line of a ledger entry stands there: code, asset and role behind an amount."""

from odoo import api, fields, models

from ...fields import BigInteger
from ..tibillet_operation import CODE_NAMES
from .tibillet_book_account import ROLES


class TibilletLedgerEntryLine(models.Model):
    _name = "tibillet.ledger.entry.line"
    _description = "Line of a wallet ledger entry"
    _order = "entry_id desc, id"
    _rec_name = "move_line_id"

    entry_id = fields.Many2one(
        "tibillet.ledger.entry",
        string="Entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, index=True, precompute=True
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(related="move_line_id.account_id")
    account_label = fields.Char(string="Numbered Account", compute="_compute_account_label")
    asset_id = fields.Many2one(
        "tibillet.asset", string="Asset", required=True, readonly=True, ondelete="restrict"
    )
    code = fields.Selection(CODE_NAMES, string="Kind", required=True, readonly=True)
    role = fields.Selection(
        [("clearing", "Clearing"), ("liability", "Wallets"), *ROLES],
        string="Role",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Venue or Issuer", readonly=True, ondelete="restrict"
    )
    sign = fields.Integer(string="Sign", required=True, readonly=True, help="1 debit, -1 credit.")
    amount_minor = BigInteger(string="Amount (minor units)", required=True, readonly=True)
    operation_count = fields.Integer(string="Operations", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    debit = fields.Monetary(related="move_line_id.debit")
    credit = fields.Monetary(related="move_line_id.credit")

    @api.depends("move_line_id")
    def _compute_display_name(self):
        """Named after the journal item, also for who may not open Odoo's accounting."""
        for line in self:
            item_sudo = line.move_line_id.sudo()  # its name, no more
            line.display_name = item_sudo.display_name

    def _compute_account_label(self):
        for line in self:
            # The reader of an entry may read its accounts' names without being in accounting.
            account_sudo = line.sudo().account_id
            line.account_label = account_sudo._tibillet_names(line.company_id)

    def action_view_operations(self):
        """Open the very operations whose amounts add up to this line."""
        self.check_access("read")
        return self.env["tibillet.books"]._operations_action(self._operation_ids())

    def _operation_ids(self):
        """Ids of the operations behind these lines.

        :rtype: list[int]
        """
        ids = set()
        for line in self:
            for group in self.env["tibillet.books"]._groups(line.entry_id):
                if any(
                    (
                        group.signature.code,
                        group.signature.asset_id,
                        book_line.role,
                        book_line.partner_id or False,
                        book_line.sign,
                    )
                    == (line.code, line.asset_id.id, line.role, line.partner_id.id, line.sign)
                    for book_line in group.lines
                ):
                    ids.update(group.operation_ids)
        return sorted(ids)
