"""Books whose journal was archived all the same wait, and say so."""

from odoo import api, models


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _account_faults(self, company):
        journal_sudo = company.sudo().tibillet_journal_id  # crons and desks write books too
        if not journal_sudo or journal_sudo.active:
            return super()._account_faults(company)
        name = journal_sudo.display_name
        return [
            (
                self.env._("Journal"),
                self.env._("%s is archived: take it out of the archive.", name),
            ),
            *super()._account_faults(company),
        ]
