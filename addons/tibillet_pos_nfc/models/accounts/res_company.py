"""Another clearing account reaches the tills: between two sessions, never during one."""

from odoo import models

from ..pos_payment_method import TERMINAL


class ResCompany(models.Model):
    _inherit = "res.company"

    def _tibillet_change_blockers(self, role):
        blockers = super()._tibillet_change_blockers(role)
        if role in ("clearing", "deposit", "deposit_due", "merchant"):
            sessions_sudo = self.env["pos.session"].sudo()  # asked by an accountant
            sessions_sudo = sessions_sudo.search(
                [("company_id", "=", self.id), ("state", "!=", "closed")]
            )
            blockers += [
                self.env._(
                    "The till %s is open: close it first, its closing is written on this account.",
                    session_sudo.config_id.name,
                )
                for session_sudo in sessions_sudo
            ]
        if role == "merchant":
            blockers.append(
                self.env._(
                    "The till of a merchant is set to this account: it keeps it to the end of the "
                    "contract."
                )
            )
        return blockers

    def _tibillet_account_changed(self, role):
        result = super()._tibillet_account_changed(role)
        if role == "clearing":
            methods_sudo = self.env["pos.payment.method"].sudo().with_context(active_test=False)
            methods_sudo.search(
                [("use_payment_terminal", "=", TERMINAL), ("company_id", "=", self.id)]
            ).receivable_account_id = self.tibillet_clearing_account_id
        return result
