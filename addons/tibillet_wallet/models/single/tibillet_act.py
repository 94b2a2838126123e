"""By hand nothing declares the tax of a single-purpose asset: a till's order does."""

from odoo import models


class TibilletAct(models.AbstractModel):
    _inherit = "tibillet.act"

    #: Whether an Odoo document follows that declares a tax, or gives it back.
    _declares_tax = False

    def _check_single(self, asset_sudo):
        """:raises LedgerError: ``not_allowed`` for what only a document may do"""
        if asset_sudo.vat_nature == "single" and not self._declares_tax:
            raise self._refused(
                "not_allowed",
                self.env._(
                    "“%s” carries its tax when it is sold. Load it, pay it back and undo it at a "
                    "till, whose receipt declares the tax. Nothing was moved.",
                    asset_sudo.name,
                ),
            )


class TibilletActIssue(models.TransientModel):
    _inherit = "tibillet.act.issue"

    def _check_kind(self, asset_sudo):
        self._check_single(asset_sudo)
        return super()._check_kind(asset_sudo)


class TibilletActRefund(models.TransientModel):
    _inherit = "tibillet.act.refund"

    def _check(self, wallet_sudo):
        self._check_single(self.asset_id.sudo())  # when its tax falls due
        return super()._check(wallet_sudo)


class TibilletActCorrect(models.TransientModel):
    _inherit = "tibillet.act.correct"

    def _check(self, wallet_sudo):
        self._check_single(self.asset_id.sudo())  # when its tax falls due
        return super()._check(wallet_sudo)
