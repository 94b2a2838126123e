"""Books whose accounts do not serve wait, and say so; nothing is lost meanwhile."""

from odoo import api, models
from odoo.exceptions import UserError

from ..control.tibillet_books import Reason


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _account_faults(self, company):
        """What has to be put right before a company's entries can be written.

        :return: list of (role's name, sentence)
        """
        rows_sudo = self.env["tibillet.book.role"].sudo()  # crons and desks write books too
        rows_sudo.invalidate_model()  # as the accounts are now, not as they were shown
        rows_sudo = rows_sudo.search([("company_id", "=", company.id), ("account_id", "!=", False)])
        return [(row.role_label, row.fault) for row in rows_sudo if row.fault]

    @api.model
    def _write_entry(self, company, day):
        """:raises UserError: when an account of the books does not serve its role; operations
        stay unbooked and are written once it does"""
        faults = self._account_faults(company)
        if faults:
            raise UserError(self._waiting_sentence(company, faults))
        return super()._write_entry(company, day)

    @api.model
    def _waiting_sentence(self, company, faults):
        told = "\n".join(f"{role}: {sentence}" for role, sentence in faults)
        return self.env._(
            "The wallet's books of %(company)s wait, nothing is lost:\n%(faults)s\nPut it "
            "right, or choose another account under TiBillet, Books, Accounts.",
            company=company.name,
            faults=told,
        )

    @api.model
    def _control_reasons(self, company):
        """The accounts that make the books wait, since the first operation that waits."""
        reasons = super()._control_reasons(company)
        since = min((reason.since for reason in reasons), default=self.env.cr.now())
        return [
            *(
                Reason("account", ("res.company", company.id), f"{role}: {sentence}", 0, 0, since)
                for role, sentence in self._account_faults(company)
            ),
            *reasons,
        ]
