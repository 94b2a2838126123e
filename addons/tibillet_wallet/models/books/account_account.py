"""How an account is named in our sentences: with its code, whoever reads."""

from odoo import models


class AccountAccount(models.Model):
    _inherit = "account.account"

    def _tibillet_names(self, company):
        """``419701 Wallets: House token``, as numbered in a company's chart."""
        return ", ".join(
            f"{account.code or ''} {account.name}".strip() for account in self.with_company(company)
        )
