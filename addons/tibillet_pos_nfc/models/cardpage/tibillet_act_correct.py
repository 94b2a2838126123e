"""A refund by transfer that is corrected leaves the accountant's list, or is not corrected."""

from odoo import models


class TibilletActCorrect(models.TransientModel):
    _inherit = "tibillet.act.correct"

    def _payback(self):
        """What the accountant is to transfer for the named refund, as superuser; or nothing."""
        paybacks_sudo = self.env["tibillet.payback"].sudo()  # closed to who corrects
        return paybacks_sudo.search(
            [("operation_id", "=", self.operation_id.id), ("state", "!=", "dropped")], limit=1
        )

    def _check(self, wallet_sudo):
        super()._check(wallet_sudo)
        payback_sudo = self._payback()
        if not payback_sudo:
            return
        if payback_sudo.state == "done":
            raise self._refused(
                "not_allowed",
                self.env._("This refund was transferred to a bank account. Nothing was moved."),
            )
        if self.way != "reverse" or self._minor() != sum(left for *_way, left in self._parts()):
            raise self._refused(
                "limit_exceeded",
                self.env._(
                    "This refund waits for its bank transfer: take it back whole, and refund "
                    "anew. Nothing was moved."
                ),
            )

    def _do(self, wallet_sudo):
        payback_sudo = self._payback()
        message = super()._do(wallet_sudo)
        payback_sudo.write({"state": "dropped"})
        return message
