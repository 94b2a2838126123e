"""Asset accounts have one writer; its moves are not taken apart."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .tibillet_book_account import GUARDED_ROLES


class AccountMove(models.Model):
    _inherit = "account.move"

    tibillet_entry_ids = fields.One2many(
        "tibillet.ledger.entry",
        "move_id",
        string="Wallet Ledger Entry",
        groups="tibillet_wallet.tibillet_wallet_group_reader",
    )
    tibillet_operation_count = fields.Integer(
        string="Wallet Operations",
        compute="_compute_tibillet_operation_count",
        groups="tibillet_wallet.tibillet_wallet_group_reader",
    )

    def _compute_tibillet_operation_count(self):
        for move in self:
            move.tibillet_operation_count = sum(move.tibillet_entry_ids.mapped("operation_count"))

    def action_view_tibillet_operations(self):
        """Open the wallet operations that this move books (accountants)."""
        self.check_access("read")
        return self.tibillet_entry_ids.action_view_operations()

    def _tibillet_entries_sudo(self):
        # Whoever may touch a move may be told that it belongs to the wallet ledger.
        return self.env["tibillet.ledger.entry"].sudo().search([("move_id", "in", self.ids)])

    def _tibillet_own_moves(self):
        """Those of these moves that the wallet's books wrote; a seam."""
        return self._tibillet_entries_sudo().move_id.with_env(self.env)

    def _tibillet_refuse_ledger_moves(self):
        if self.ids and self._tibillet_own_moves():
            raise UserError(
                self.env._(
                    "This entry was written by the wallet ledger and stays as it is. "
                    "Correct the operation on the wallet: its correction makes an entry of its own."
                )
            )

    def _post(self, soft=True):
        self._tibillet_check_one_writer()
        return super()._post(soft=soft)

    def _tibillet_check_one_writer(self):
        """Refuse a move that touches a wallet's accounts without being the ledger's."""
        accounts = self.line_ids.account_id
        if not accounts:
            return
        assets_sudo = (
            self.env["tibillet.asset"]
            .sudo()
            .with_context(active_test=False)
            .search([("liability_account_id", "in", accounts.ids)])
        )
        roles_sudo = (
            self.env["tibillet.book.account"]
            .sudo()
            .search([("account_id", "in", accounts.ids), ("role", "in", GUARDED_ROLES)])
        )
        guarded_sudo = assets_sudo.liability_account_id | roles_sudo.account_id
        if not guarded_sudo:
            return
        foreign = self.filtered(lambda move: move.line_ids.account_id & guarded_sudo)
        foreign -= foreign._tibillet_own_moves()
        if foreign:
            company_sudo = foreign[0].company_id.sudo()  # its accounts are named, no more
            accounts_sudo = (foreign.line_ids.account_id & guarded_sudo).sudo()
            clearing_sudo = company_sudo.tibillet_clearing_account_id
            raise UserError(
                self.env._(
                    "%(accounts)s: only the wallet ledger writes to these accounts. "
                    "Use the clearing account instead: %(clearing)s.",
                    accounts=accounts_sudo._tibillet_names(company_sudo),
                    clearing=clearing_sudo._tibillet_names(company_sudo),
                )
            )

    def button_draft(self):
        self._tibillet_refuse_ledger_moves()
        return super().button_draft()

    def button_cancel(self):
        self._tibillet_refuse_ledger_moves()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._tibillet_refuse_ledger_moves()
        return super()._reverse_moves(default_values_list, cancel=cancel)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_wallet_ledger(self):
        self._tibillet_refuse_ledger_moves()
