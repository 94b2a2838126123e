"""The journal of the ledger's entries stays in use, and says so."""

from odoo import models
from odoo.exceptions import UserError


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def write(self, vals):
        """:raises UserError: when the journal of a company's ledger entries is archived"""
        if not vals.get("active", True):
            companies_sudo = self.env["res.company"].sudo()  # whoever archives, of any company
            using_sudo = companies_sudo.search([("tibillet_journal_id", "in", self.ids)], limit=1)
            if using_sudo:
                raise UserError(
                    self.env._(
                        "%(journal)s is the journal of the wallet's entries of %(company)s: "
                        "archived, its books would wait. Choose another one first, under "
                        "TiBillet, Books, Accounts.",
                        journal=using_sudo.tibillet_journal_id.display_name,
                        company=using_sudo.name,
                    )
                )
        return super().write(vals)
