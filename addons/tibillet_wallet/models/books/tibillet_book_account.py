"""Which account plays which role in a company's books, beside clearing and W."""

from odoo import api, fields, models

#: Roles kept here; clearing is a field of the company, W a field of the asset.
ROLES = [
    ("due_from", "Due from an issuer"),
    ("due_to", "Due to a venue"),
    ("claim", "Claims on holders"),
    ("deposit", "Deposits of one's own"),
    ("deposit_due", "Deposits due to their owner"),
    ("merchant", "Held for a merchant"),
    ("claim_loss", "Claims given up"),
    ("gift_expense", "Gifts given"),
    ("gift_income", "Gifts received"),
    ("forfeit_income", "Forfeited balances"),
    ("provider_fee", "Fees of payment providers"),
    ("exchange", "Sales for time"),
    ("membership_income", "Membership fees"),
    ("volunteer_use", "Volunteers' work, used"),
    ("volunteer_gift", "Volunteers' work, given"),
]
#: Accounts that only the ledger's entries may move; income and expense stay open.
GUARDED_ROLES = ("due_from", "due_to", "claim")


class TibilletBookAccount(models.Model):
    _name = "tibillet.book.account"
    _description = "Account of a wallet role"
    _order = "company_id, role, id"
    _rec_name = "account_id"

    company_id = fields.Many2one(
        "res.company", string="Company", required=True, index=True, ondelete="cascade"
    )
    role = fields.Selection(ROLES, string="Role", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Venue or Issuer",
        ondelete="restrict",
        help="The other side of the pair: one account for each.",
    )
    # Cascade: loading another chart in a company without entries deletes the accounts.
    account_id = fields.Many2one(
        "account.account", string="Account", required=True, index=True, ondelete="cascade"
    )

    _role_uniq = models.UniqueIndex(
        "(company_id, role, COALESCE(partner_id, 0))",
        "This role has its account already.",
    )

    @api.model
    def _account(self, company, role, partner=None):
        """Account of a role, created on first need.

        :param company: whose books
        :param str role: one of ``ROLES``
        :param partner: the other side of the pair, for ``due_from`` and ``due_to``
        :rtype: account.account
        """
        # The ledger's writer runs for desks and crons that may not create accounts.
        self_sudo = self.sudo()
        found_sudo = self_sudo.search(
            [
                ("company_id", "=", company.id),
                ("role", "=", role),
                ("partner_id", "=", partner.id if partner else False),
            ]
        )
        if not found_sudo:
            found_sudo = self_sudo.create(
                {
                    "company_id": company.id,
                    "role": role,
                    "partner_id": partner.id if partner else False,
                    "account_id": company._tibillet_new_account(
                        role, lambda env: self.with_env(env)._account_name(role, partner)
                    ).id,
                }
            )
        return found_sudo.account_id

    @api.model
    def _account_name(self, role, partner):
        name = partner.name if partner else ""
        names = {
            "due_from": self.env._("Wallets: due from %(issuer)s", issuer=name),
            "due_to": self.env._("Wallets: due to %(venue)s", venue=name),
            "claim": self.env._("Wallets: claims on holders"),
            "deposit": self.env._("Deposits received"),
            "deposit_due": self.env._("Deposits due to %(owner)s", owner=name),
            "merchant": self.env._("Held for %(merchant)s", merchant=name),
            "claim_loss": self.env._("Wallets: claims given up"),
            "gift_expense": self.env._("Wallets: gifts given"),
            "gift_income": self.env._("Wallets: gifts received"),
            "forfeit_income": self.env._("Wallets: forfeited balances"),
            "provider_fee": self.env._("Wallets: fees of payment providers"),
            "exchange": self.env._("Sold for time"),
            "membership_income": self.env._("Membership fees"),
            "volunteer_use": self.env._("Volunteers' work, used"),
            "volunteer_gift": self.env._("Volunteers' work, given"),
        }
        return names[role]
