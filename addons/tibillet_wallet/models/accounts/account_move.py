from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _tibillet_own_moves(self):
        """Beside the ledger's entries: those that took a balance to another account."""
        changes_sudo = self.env["tibillet.book.change"].sudo()  # told to whoever posts
        moved_sudo = changes_sudo.search([("move_id", "in", self.ids)])
        return super()._tibillet_own_moves() | moved_sudo.move_id.with_env(self.env)
