from odoo import fields, models

from ...exceptions import LedgerError


class TibilletActFreeze(models.TransientModel):
    """Freeze a wallet, or release it: nothing leaves and nothing is loaded meanwhile; what
    comes back to it (a refund of a sale, a correction) is accepted."""

    _name = "tibillet.act.freeze"
    _inherit = "tibillet.act"
    _description = "Freeze or release a wallet"

    _act = "freeze"

    frozen = fields.Boolean(compute="_compute_figures")
    balances_text = fields.Char(string="It holds", compute="_compute_figures")

    def _figures(self):
        values = {"frozen": False, "balances_text": False, **super()._figures()}
        if not values["holder_text"]:
            return values
        wallet_sudo = self._wallet()
        values["frozen"] = wallet_sudo.frozen
        values["balances_text"] = wallet_sudo._balances_text()
        try:
            self._check(wallet_sudo)
        except LedgerError as refusal:
            values["refusal"] = str(refusal)
        return values

    def _check(self, wallet_sudo):
        if wallet_sudo.kind not in ("person", "card"):
            raise self._refused("invalid", self.env._("This wallet is not one of a holder."))

    def _do(self, wallet_sudo):
        frozen = not wallet_sudo.frozen
        wallet_sudo.frozen = frozen
        self._write_down(wallet_sudo, "freeze" if frozen else "release")
        if frozen:
            return self.env._("Frozen: nothing can be spent or loaded until it is released.")
        return self.env._("Released: it can be spent and loaded again.")
