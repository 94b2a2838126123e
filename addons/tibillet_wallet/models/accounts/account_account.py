"""An account of the wallet's books stays what it is, and says why."""

from odoo import models
from odoo.exceptions import UserError

from ..books.res_company import ACCOUNT_ROLES
from .rules import is_matched, is_reserved, types_of


class AccountAccount(models.Model):
    _inherit = "account.account"

    def write(self, vals):
        """Refuse what would stop the wallet's entries.

        :raises UserError: when an account with a role is archived, or gets another type
        """
        changes = {
            name
            for name in ("active", "account_type", "reconcile")
            if name in vals and any(account[name] != vals[name] for account in self)
        }
        if changes:
            for role in self._tibillet_roles_sudo():
                self._tibillet_refuse(role, vals)
        return super().write(vals)

    def _tibillet_refuse(self, role, vals):
        """:raises UserError: when the account of a role would no longer serve it"""
        account = role.account_id
        names = {
            "account": account._tibillet_names(role.company_id),
            "role": role.role_label,
            "company": role.company_id.name,
        }
        if not vals.get("active", True) and account.active:
            raise UserError(
                self.env._(
                    "%(account)s is the account “%(role)s” of %(company)s: archived, its "
                    "books would wait. Choose another account first, under TiBillet, Books, "
                    "Accounts.",
                    **names,
                )
            )
        kind = vals.get("account_type", account.account_type)
        if kind != account.account_type and kind not in types_of(role.role):
            raise UserError(
                self.env._(
                    "%(account)s is the account “%(role)s” of %(company)s and keeps its "
                    "type. Choose another account first, under TiBillet, Books, Accounts.",
                    **names,
                )
            )
        if not vals.get("reconcile", True) and account.reconcile and is_matched(role.role):
            raise UserError(
                self.env._(
                    "%(account)s is the account “%(role)s” of %(company)s: what is owed "
                    "and what is settled are matched there. It goes on allowing it.",
                    **names,
                )
            )

    def _tibillet_roles_sudo(self, company=None):
        """The roles that these accounts play in the wallet's books, whoever asks."""
        roles_sudo = self.env["tibillet.book.role"].sudo()
        domain = [("account_id", "in", self.ids)]
        if company:
            domain.append(("company_id", "=", company.id))
        return roles_sudo.search(domain)

    def _tibillet_fault(self, role, company):
        """Why an account cannot play its role, in a sentence, or nothing.

        :param str role: key of ``ACCOUNT_ROLES``
        """
        self.ensure_one()
        account_sudo = self.sudo()  # named to whoever keeps these books
        name = account_sudo._tibillet_names(company)
        if not account_sudo.active:
            return self.env._("%s is archived: take it out of the archive.", name)
        if account_sudo.account_type not in types_of(role):
            kinds = dict(account_sudo._fields["account_type"]._description_selection(self.env))
            return self.env._(
                "%(account)s is of the type “%(found)s”: this role needs “%(wanted)s”.",
                account=name,
                found=kinds[account_sudo.account_type],
                wanted=kinds[ACCOUNT_ROLES[role][0]],
            )
        if is_matched(role) and not account_sudo.reconcile:
            return self.env._(
                "%s does not allow reconciliation: tick “Allow Reconciliation” on it.", name
            )
        return ""

    def _tibillet_unfit(self, role, company):
        """Why an account may not be given a role, in a sentence, or nothing."""
        self.ensure_one()
        fault = self._tibillet_fault(role, company)
        if fault:
            return fault
        account_sudo = self.sudo()  # as above
        root_sudo = company.sudo().root_id
        name = account_sudo._tibillet_names(company)
        if root_sudo not in account_sudo.company_ids:
            return self.env._(
                "%(account)s is no account of %(company)s.", account=name, company=company.name
            )
        if is_reserved(root_sudo.chart_template, account_sudo.with_company(root_sudo).code):
            return self.env._(
                "%s belongs to the chart: down payments and invoices paid twice go there. "
                "Take an account of its own beside it.",
                name,
            )
        taken_sudo = account_sudo._tibillet_roles_sudo()[:1]
        if taken_sudo:
            return self.env._(
                "%(account)s is the account “%(role)s” of %(company)s already: each role has "
                "its own.",
                account=name,
                role=taken_sudo.role_label,
                company=taken_sudo.company_id.name,
            )
        return ""
