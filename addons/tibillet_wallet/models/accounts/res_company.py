from odoo import api, fields, models

from ..books.res_company import FRENCH_CHARTS
from .rules import types_of

#: Roles of an association's accounts (ANC 2018-06) with the numbers that the French chart lacks
#: or gives another sense: its 754 is what co-operatives give back, 7541 is what donors give.
ASSOCIATION_CODES = {
    "gift_income": "7541",
    "membership_income": "756",
    "volunteer_use": "864",
    "volunteer_gift": "875",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    tibillet_association = fields.Boolean(
        string="Association",
        help="Keeps its books by the rules for associations (ANC 2018-06): gifts of holders are "
        "donations (754), membership fees are 756, volunteers' hours 864 and 875.",
    )

    def _tibillet_is_french_association(self):
        """Whether the chart is French and the company an association: the rule for 754, 756,
        864 and 875."""
        self.ensure_one()
        return self.tibillet_association and self.root_id.chart_template in FRENCH_CHARTS

    def _tibillet_french_start(self, role):
        if role == "gift_income" and self._tibillet_is_french_association():
            return "754100"
        return super()._tibillet_french_start(role)

    def _tibillet_ensure_accounts(self):
        ready_sudo = super()._tibillet_ensure_accounts()
        for company_sudo in ready_sudo:
            if company_sudo._tibillet_is_french_association():
                company_sudo._tibillet_ensure_association()
        return ready_sudo

    def _tibillet_ensure_association(self):
        """Give an association the accounts that the chart lacks: those it made itself under
        their numbers, else new ones. An account with entries keeps its role."""
        self.ensure_one()
        books = self.env["tibillet.book.account"]
        for role, prefix in ASSOCIATION_CODES.items():
            known = books.search([("company_id", "=", self.id), ("role", "=", role)])
            code = known.account_id.with_company(self.root_id).code or ""
            if known and (
                code.startswith(prefix)
                or role != "gift_income"
                or self.env["tibillet.book.change"]._is_used(self, known.account_id)
                or self.env["tibillet.book.change"].search_count(
                    [("company_id", "=", self.id), ("role", "=", role)], limit=1
                )
            ):
                continue
            left = known.account_id
            known.unlink()
            own = self._tibillet_account_by_code(role, prefix)
            if own:
                books.create({"company_id": self.id, "role": role, "account_id": own.id})
            else:
                books._account(self, role)
            left.unlink()

    @api.model
    def _tibillet_account_by_code(self, role, prefix):
        """The account that somebody made under a number of the law, when it may play the role."""
        accounts = self.env["account.account"].with_company(self.root_id)
        found = accounts.search(
            [
                ("company_ids", "in", self.root_id.id),
                ("code", "=like", f"{prefix}%"),
                ("account_type", "in", types_of(role)),
            ]
        ).sorted("code")
        return found.filtered(lambda account: not account._tibillet_unfit(role, self))[:1]

    def _tibillet_set_association(self, is_one):
        """Say whether a company is an association; its accounts follow.

        :raises AccessError: for anybody but an accountant of the company
        """
        self.ensure_one()
        self.env["tibillet.book.change"]._check_may(self)
        company_sudo = self.sudo()  # an accountant does not administer companies
        company_sudo.tibillet_association = is_one
        company_sudo._tibillet_ensure_accounts()
        self.env["tibillet.book.role"].invalidate_model()

    def _tibillet_change_blockers(self, role):
        """Why the account of a role cannot be replaced just now, as sentences.

        Each addon whose documents touch the account adds what is under way.

        :rtype: list[str]
        """
        self.ensure_one()
        return []

    def _tibillet_account_changed(self, role):
        """Lead what names a role's account to the new one; each addon adds its own."""
        self.ensure_one()
        if role == "clearing":
            self._tibillet_topup_product()
        if role in ("deposit", "deposit_due"):
            products_sudo = self.env["product.template"].sudo().with_context(active_test=False)
            products_sudo.search(
                [("tibillet_deposit", "=", True), ("company_id", "=", self.id)]
            )._tibillet_set_deposit_account()
