"""The accounts and the journal that the ledger's entries need, one set per company."""

from odoo import api, fields, models
from odoo.fields import Command

#: role: (account type, reconcilable, start in a French chart).
#: The start is the code *before* the first one tried: 419100 (down payments, with tax) and
#: 419700 belong to the chart; ours are sub-accounts beside them.
ACCOUNT_ROLES = {
    "clearing": ("liability_current", False, "478800"),
    "liability": ("liability_current", False, "419700"),
    "due_from": ("asset_current", True, "467100"),
    "due_to": ("liability_current", True, "468100"),
    "deposit": ("liability_current", False, "419600"),
    "deposit_due": ("liability_current", True, "468100"),
    "claim": ("asset_receivable", True, "411800"),
    "merchant": ("liability_current", True, "468100"),
    "claim_loss": ("expense", False, "654000"),
    "gift_expense": ("expense", False, "623400"),
    "gift_income": ("income_other", False, "758200"),
    "forfeit_income": ("income_other", False, "758000"),
    "provider_fee": ("expense", False, "627800"),
    "exchange": ("expense", False, "658800"),
    "membership_income": ("income", False, "756000"),
    "volunteer_use": ("off_balance", False, "864000"),
    "volunteer_gift": ("off_balance", False, "875000"),
}
#: Roles whose number the law names: the start itself is tried first.
NUMBERED_ROLES = ("membership_income", "volunteer_use", "volunteer_gift")
#: Charts that number as the French plan comptable does.
FRENCH_CHARTS = ("fr", "mc")
#: When a chart has no account of the very type, which neighbour gives the style of the code.
TYPE_FALLBACKS = {"income_other": "income"}


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_clearing_account_id = fields.Many2one(
        "account.account",
        string="Wallet Clearing Account",
        check_company=True,
        ondelete="set null",
        help="The only wallet account that sessions, payments and top-up lines touch. "
        "The ledger's daily entry brings it back to zero.",
    )
    tibillet_journal_id = fields.Many2one(
        "account.journal",
        string="Wallet Ledger Journal",
        check_company=True,
        ondelete="set null",
        domain=[("type", "=", "general")],
        help="Journal of the ledger's daily entries.",
    )
    tibillet_topup_product_id = fields.Many2one(
        "product.product",
        string="Wallet Top-up Product",
        ondelete="restrict",
        help="Untaxed product of this company; what it sells goes to the clearing account.",
    )

    @api.model
    def _tibillet_ensure_all_accounts(self):
        """Give every company that has a chart what its books need (install, upgrade)."""
        companies_sudo = self.sudo().search([("chart_template", "!=", False)])  # all of them
        companies_sudo._tibillet_ensure_accounts()

    def _tibillet_ensure_accounts(self):
        """Create what is missing: clearing account, ledger journal, top-up product, and the
        liability accounts of the backed assets that the company issues. Idempotent.

        A company without chart of accounts is left alone: it gets them when a chart is
        loaded. What an accountant chose instead is kept.

        :return: the companies that are ready to be booked, in sudo: their accounts are made on
            need, also by people who are no accountants
        :rtype: res.company
        """
        ready_sudo = self.sudo().filtered("root_id.chart_template")
        for company_sudo in ready_sudo:
            if not company_sudo.tibillet_clearing_account_id:
                company_sudo.tibillet_clearing_account_id = company_sudo._tibillet_new_account(
                    "clearing", lambda env: env._("Wallet clearing")
                )
            if not company_sudo.tibillet_journal_id:
                company_sudo.tibillet_journal_id = company_sudo._tibillet_new_journal()
            company_sudo._tibillet_topup_product()
            company_sudo.env["tibillet.asset"].with_context(active_test=False).search(
                [("company_id", "=", company_sudo.id)]
            )._ensure_liability_account()
        return ready_sudo

    def _tibillet_new_account(self, role, name_of):
        """Create an account for a role, with a free code in the style of the chart.

        :param str role: key of ``ACCOUNT_ROLES``
        :param name_of: function that answers the name in an environment's language
        :rtype: account.account
        """
        self.ensure_one()
        account_type, reconcile, _french_start = ACCOUNT_ROLES[role]
        root = self.root_id
        account_sudo = self.env["account.account"].sudo().with_company(root)
        made_sudo = account_sudo.create(
            {
                "name": name_of(account_sudo.env),
                "code": account_sudo._search_new_account_code(
                    self._tibillet_start_code(role), set() if role in NUMBERED_ROLES else None
                ),
                "account_type": account_type,
                "reconcile": reconcile,
                "company_ids": [Command.link(root.id)],
            }
        )
        self._tibillet_name_in_all_languages(made_sudo, name_of)
        return made_sudo

    @api.model
    def _tibillet_name_in_all_languages(self, record, name_of):
        """Name a record of ours for every reader: charts are loaded in English, and what is
        made then has to be called by its name in French too."""
        for code, _name in self.env["res.lang"].get_installed():
            translated = record.with_context(lang=code)
            translated.name = name_of(translated.env)

    def _tibillet_french_start(self, role):
        """Code after which a free one is searched in a French chart; a seam."""
        return ACCOUNT_ROLES[role][2]

    def _tibillet_start_code(self, role):
        """Code after which a free one is searched for a role."""
        account_type = ACCOUNT_ROLES[role][0]
        french_start = self._tibillet_french_start(role)
        root = self.root_id
        account_sudo = self.env["account.account"].sudo().with_company(root)
        if root.chart_template in FRENCH_CHARTS:
            receivable_sudo = account_sudo.search(
                [("company_ids", "in", root.id), ("account_type", "=", "asset_receivable")],
                limit=1,
            )
            return french_start.ljust(len(receivable_sudo.code or french_start), "0")
        for wanted in (account_type, TYPE_FALLBACKS.get(account_type)):
            sibling_sudo = account_sudo.search(
                [("company_ids", "in", root.id), ("account_type", "=", wanted)],
                order="id",
                limit=1,
            )
            if sibling_sudo:
                return sibling_sudo.code
        return french_start

    def _tibillet_new_journal(self):
        """Create the ledger's journal under the first free short code."""
        self.ensure_one()
        journal_sudo = self.env["account.journal"].sudo().with_company(self)
        taken = set(
            journal_sudo.with_context(active_test=False)
            .search([("company_id", "in", (self | self.parent_ids).ids)])
            .mapped("code")
        )
        code = next(c for c in ("TIB", *(f"TIB{n}" for n in range(2, 100))) if c not in taken)
        made_sudo = journal_sudo.create(
            {
                "name": self.env._("Wallet ledger"),
                "code": code,
                "type": "general",
                "company_id": self.id,
                "show_on_dashboard": False,
            }
        )
        self._tibillet_name_in_all_languages(made_sudo, lambda env: env._("Wallet ledger"))
        return made_sudo

    def _tibillet_topup_product(self):
        """The company's top-up product: made on first need, kept untaxed and on clearing.

        Own company on purpose: a product without company is given the other companies'
        default taxes when it is created.

        :rtype: product.product
        """
        self.ensure_one()
        company_sudo = self.sudo()
        product_sudo = company_sudo.tibillet_topup_product_id.with_company(company_sudo)
        clearing_sudo = company_sudo.tibillet_clearing_account_id
        if not product_sudo:
            product_sudo = (
                company_sudo.env["product.product"]
                .with_company(company_sudo)
                .create(company_sudo._tibillet_prepare_topup_product())
            )
            company_sudo.tibillet_topup_product_id = product_sudo
            company_sudo._tibillet_name_in_all_languages(
                product_sudo, lambda env: env._("Wallet top-up")
            )
        if product_sudo.taxes_id or product_sudo.supplier_taxes_id:
            product_sudo.write(
                {"taxes_id": [Command.clear()], "supplier_taxes_id": [Command.clear()]}
            )
        if product_sudo.property_account_income_id != clearing_sudo:
            product_sudo.property_account_income_id = clearing_sudo
        return product_sudo

    def _tibillet_prepare_topup_product(self):
        values = {
            "name": self.env._("Wallet top-up"),
            "type": "service",
            "company_id": self.id,
            "list_price": 0.0,
            "taxes_id": [Command.clear()],
            "supplier_taxes_id": [Command.clear()],
            "purchase_ok": False,
            "is_published": False,
        }
        # The till's addons bring this field; without them it does not exist.
        if "available_in_pos" in self.env["product.product"]._fields:
            values["available_in_pos"] = True
        return values
