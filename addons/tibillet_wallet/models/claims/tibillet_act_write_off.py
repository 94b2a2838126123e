from odoo import api, fields, models


class TibilletActWriteOff(models.TransientModel):
    """Give up what a card owes after a shortfall: lost for the books, with a reason.

    What comes in later all the same is recorded by correcting the write-off, which brings the
    claim back, and then the claim.
    """

    _name = "tibillet.act.write.off"
    _inherit = "tibillet.act"
    _description = "Write-off of a claim"

    _act = "write_off"
    _sign = -1

    asset_id = fields.Many2one(
        string="Claim", domain="[('kind', '=', 'claim'), ('company_id', '=', company_id)]"
    )
    amount = fields.Float(string="Given up")

    @api.model
    def default_get(self, fields):
        """All that the account owes, when the act is opened on one."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "tibillet.account":
            account = self.env["tibillet.account"].browse(self.env.context.get("active_id"))
            if account.exists() and account.has_access("read"):
                account_sudo = account.sudo()  # may be read: its unit
                values["wallet_id"] = account_sudo.wallet_id.id
                values["asset_id"] = account_sudo.asset_id.id
                values["company_id"] = account_sudo.asset_id.company_id.id
                values["amount"] = (account_sudo.balance_minor or 0) / (
                    10**account_sudo.asset_id.scale
                )
        return values

    def _wallet(self):
        """Who owes it: named by a claim of this place's, whoever handed the card out."""
        if self.wallet_id and not self.card_id and self._is_own_claim():
            wallet_sudo = self.wallet_id.sudo()  # of a claim that may be read
            return wallet_sudo._surviving()
        return super()._wallet()

    def _is_own_claim(self):
        """Whether the wallet has an account of a claim that the user may read."""
        accounts = self.env["tibillet.account"].search(
            [
                ("wallet_id", "=", self.wallet_id.id),
                ("asset_id", "=", self.asset_id.id),
                ("asset_id.kind", "=", "claim"),
            ],
            limit=1,
        )
        return bool(accounts)

    def _check_shown(self, asset_sudo):
        """The books' own: no card stands here."""

    def _check_card(self, asset_sudo):
        """A lost or blocked card owes as much as another."""

    def _check(self, wallet_sudo):
        asset_sudo = self.asset_id.sudo()  # its kind and its company
        if asset_sudo and asset_sudo.kind != "claim":
            raise self._refused(
                "not_allowed",
                self.env._(
                    "“%s” is money that you owe its holders: only what they owe you is given up.",
                    asset_sudo.name,
                ),
            )
        if asset_sudo and asset_sudo.company_id != self.company_id:
            raise self._refused(
                "not_allowed",
                self.env._(
                    "Only %(company)s gives up what is owed to it.",
                    company=asset_sudo.company_id.name,
                ),
            )
        self._check_common(wallet_sudo)
        owed_minor, _held = self._balances(wallet_sudo, asset_sudo)
        if self._minor() > owed_minor:
            raise self._refused(
                "limit_exceeded",
                self.env._(
                    "This card owes %s: no more than that is given up.",
                    asset_sudo._format(max(0, owed_minor)),
                ),
            )
