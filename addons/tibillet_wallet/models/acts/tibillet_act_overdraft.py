from odoo import fields, models

from ...exceptions import LedgerError


class TibilletActOverdraft(models.TransientModel):
    """Let a person's account go below zero, to a limit, or no longer (0). Never for alcohol:
    the ledger refuses that at the till, whatever the limit."""

    _name = "tibillet.act.overdraft"
    _inherit = "tibillet.act"
    _description = "Overdraft"

    _act = "overdraft"

    asset_id = fields.Many2one(
        domain="[('company_id', '=', company_id), ('kind', 'not in', ('claim', 'gift'))]"
    )
    amount = fields.Float(string="May go below zero by")
    floor_text = fields.Char(string="Until now down to", compute="_compute_figures")

    def _figures(self):
        values = {"floor_text": False, **super()._figures()}
        values["change_text"] = values["after_text"] = False
        if not values["before_text"]:
            return values
        asset_sudo = self.asset_id.sudo()  # its unit
        account_sudo = self._account(self._wallet(), asset_sudo)
        values["floor_text"] = asset_sudo._format(account_sudo.floor_minor or 0)
        values["after_text"] = asset_sudo._format(-values["amount_minor"])
        if not self.amount and not values["refusal"]:
            try:
                self._check(self._wallet())
            except LedgerError as refusal:
                values["refusal"] = str(refusal)
        return values

    def _minor(self):
        """Zero takes the overdraft away."""
        return super()._minor() if self.amount else 0

    def _check_shown(self, asset_sudo):
        """A manager of the place, on what may be read: no card stands here."""

    def _check(self, wallet_sudo):
        asset_sudo = self.asset_id.sudo()  # its issuer
        if not asset_sudo:
            raise self._refused("invalid", self.env._("Say first what moves."))
        if asset_sudo.company_id != self.company_id:
            raise self._refused(
                "not_allowed",
                self.env._(
                    "Only %(issuer)s, who issues “%(asset)s”, lets somebody owe it.",
                    issuer=asset_sudo.company_id.name,
                    asset=asset_sudo.name,
                ),
            )
        if wallet_sudo.kind != "person":
            raise self._refused(
                "not_allowed", self.env._("Only a person whose name is known may owe something.")
            )
        account_sudo = self._account(wallet_sudo, asset_sudo)
        free_minor = (account_sudo.balance_minor or 0) - (account_sudo.held_minor or 0)
        if free_minor < -self._minor():
            raise self._refused(
                "not_allowed",
                self.env._("This account is further below zero than that: it is filled up first."),
            )

    def _do(self, wallet_sudo):
        accounts_sudo = self.env["tibillet.account"].sudo()  # authorised by role just before
        asset_sudo = self.asset_id.sudo()  # its name and unit
        floor_minor = -self._minor()
        accounts_sudo._get(wallet_sudo, asset_sudo)._set_floor(floor_minor)
        self._write_down(wallet_sudo, "overdraft", asset_sudo, floor_minor)
        return self.env._(
            "“%(asset)s” of %(holder)s may go down to %(floor)s.",
            asset=asset_sudo.name,
            holder=self._holder_name(wallet_sudo),
            floor=asset_sudo._format(floor_minor),
        )
