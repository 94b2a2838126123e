"""Another account for a role: the list of what was changed, and the entry that moved it."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from .rules import is_carried

ACCOUNTANT = "tibillet_wallet.tibillet_wallet_group_accountant"


class TibilletBookChange(models.Model):
    """Written by the change itself and never again."""

    _name = "tibillet.book.change"
    _description = "Change of an account of the wallet's books"
    _order = "id desc"
    _rec_name = "role"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    role = fields.Selection(selection="_select_roles", required=True, readonly=True)
    asset_id = fields.Many2one("tibillet.asset", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    # Cascade: a chart that is replaced before the first entry takes its accounts along.
    old_account_id = fields.Many2one(
        "account.account", string="Account before", readonly=True, ondelete="cascade"
    )
    account_id = fields.Many2one("account.account", readonly=True, ondelete="cascade")
    old_journal_id = fields.Many2one(
        "account.journal", string="Journal before", readonly=True, ondelete="cascade"
    )
    journal_id = fields.Many2one("account.journal", readonly=True, ondelete="cascade")
    date = fields.Date(string="From", readonly=True)
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry of the balance",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _select_roles(self):
        return self.env["tibillet.book.role"]._select_roles()

    # -- what stands in the way --------------------------------------------------------------

    @api.model
    def _check_may(self, company):
        if not self.env.user.has_group(ACCOUNTANT) or company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("Only an accountant of this company chooses the accounts of its books.")
            )

    @api.model
    def _is_used(self, company, account):
        """Whether anything was ever written on an account, by whomever."""
        # A draft counts, and so does a line of a company that its user does not see.
        lines_sudo = self.env["account.move.line"].sudo()
        return bool(
            account
            and lines_sudo.search_count(
                [("account_id", "=", account.id), ("company_id", "=", company.id)], limit=1
            )
        )

    @api.model
    def _refusal(self, company, role, account):
        """Why an account cannot be the one of a role, in a sentence, or nothing."""
        unfit = account._tibillet_unfit(role, company)
        if unfit:
            return unfit
        if is_carried(role):
            lines_sudo = self.env["account.move.line"].sudo()  # of any company that shares it
            if lines_sudo.search_count([("account_id", "=", account.id)], limit=1):
                return self.env._(
                    "%s holds entries of its own: what is on cards could not be told from them. "
                    "Take an account that is empty.",
                    account._tibillet_names(company),
                )
            if self._is_odoos_own(company, account):
                return self.env._(
                    "%s serves Odoo itself, in a journal or in the company's settings. Take "
                    "another account.",
                    account._tibillet_names(company),
                )
        return ""

    @api.model
    def _is_odoos_own(self, company, account):
        """Whether a journal, a tax or the company's own settings name an account."""
        company_sudo = company.sudo()
        named = [
            name
            for name, field in company_sudo._fields.items()
            if field.type == "many2one" and field.comodel_name == "account.account" and field.store
        ]
        if any(company_sudo[name] == account for name in named):
            return True
        env_sudo = self.env(su=True)
        return bool(
            env_sudo["account.journal"].search_count(
                [
                    "|",
                    ("default_account_id", "=", account.id),
                    ("suspense_account_id", "=", account.id),
                ],
                limit=1,
            )
            or env_sudo["account.tax.repartition.line"].search_count(
                [("account_id", "=", account.id)], limit=1
            )
        )

    # -- the change --------------------------------------------------------------------------

    @api.model
    def _change(self, company, role, account, *, asset=None, partner=None, date=None, reason=""):
        """Give a role another account, and move the balance when there is one.

        :param date: of the entry that moves the balance; today without
        :raises AccessError: for anybody but an accountant of the company
        :raises UserError: with what stands in the way; nothing is changed then
        """
        self._check_may(company)
        if not account:
            raise UserError(self.env._("Choose the account first."))
        env_sudo = self.env(user=SUPERUSER_ID, su=True)
        company_sudo = company.with_env(env_sudo)
        change_sudo = self.with_env(env_sudo).with_company(company)
        holder_sudo = change_sudo._holder(company_sudo, role, asset, partner)
        old_sudo = holder_sudo[self._field(role)] if holder_sudo else account.sudo().browse()
        refusal = self._refusal(company, role, account)
        if refusal:
            raise UserError(refusal)
        blockers = company.sudo()._tibillet_change_blockers(role) if old_sudo else []
        if blockers:
            raise UserError("\n".join(blockers))
        # What happened up to now is written where it belongs, on the account of then.
        env_sudo["tibillet.books"]._write_pending(company_sudo, include_today=True)
        values = {
            "company_id": company.id,
            "role": role,
            "asset_id": asset.id if asset else False,
            "partner_id": partner.id if partner else False,
            "old_account_id": old_sudo.id,
            "account_id": account.id,
            "date": date or fields.Date.context_today(self),
            "reason": reason,
            "user_id": self.env.uid,
        }
        made_sudo = change_sudo.create(values)
        if old_sudo and is_carried(role):
            made_sudo._move_balance()
        if holder_sudo:
            holder_sudo[self._field(role)] = account.id
        else:
            env_sudo["tibillet.book.account"].create(
                {
                    "company_id": company.id,
                    "role": role,
                    "partner_id": partner.id if partner else False,
                    "account_id": account.id,
                }
            )
        if role == "clearing":
            account.sudo().reconcile = old_sudo.reconcile
        company_sudo._tibillet_account_changed(role)
        env_sudo["tibillet.book.role"].invalidate_model()
        return made_sudo.with_env(self.env)

    @api.model
    def _change_journal(self, company, journal, reason=""):
        """Write later entries in another journal; those that stand stay where they are.

        :raises AccessError, UserError: as :meth:`_change`
        """
        self._check_may(company)
        journal_sudo = journal.sudo().exists()  # an accountant of ours may not be one of Odoo's
        if journal_sudo.type != "general" or journal_sudo.company_id != company.sudo():
            raise UserError(
                self.env._("Choose a journal of miscellaneous operations of this company.")
            )
        company_sudo = company.sudo()
        made_sudo = self.sudo().create(
            {
                "company_id": company.id,
                "role": "journal",
                "old_journal_id": company_sudo.tibillet_journal_id.id,
                "journal_id": journal.id,
                "date": fields.Date.context_today(self),
                "reason": reason,
                "user_id": self.env.uid,
            }
        )
        company_sudo.tibillet_journal_id = journal_sudo
        self.env["tibillet.book.role"].invalidate_model()
        return made_sudo.sudo(False)

    @api.model
    def _field(self, role):
        return {
            "clearing": "tibillet_clearing_account_id",
            "liability": "liability_account_id",
        }.get(role, "account_id")

    @api.model
    def _holder(self, company, role, asset, partner):
        """The record that names the account of a role, empty when nothing does yet."""
        if role == "clearing":
            return company
        if role == "liability":
            if asset.with_env(self.env).company_id != company:
                raise UserError(self.env._("This asset is issued by another company."))
            return asset.with_env(self.env)
        return self.env["tibillet.book.account"].search(
            [
                ("company_id", "=", company.id),
                ("role", "=", role),
                ("partner_id", "=", partner.id if partner else False),
            ]
        )

    def _move_balance(self):
        """Post the entry that takes all there is from the old account to the new one, for each
        partner and currency, and match what it closes."""
        self.ensure_one()
        self._check_day()
        company, old, account = self.company_id, self.old_account_id, self.account_id
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id, currency_id, sum(balance), sum(amount_currency)
                     FROM account_move_line
                    WHERE account_id = %s AND company_id = %s AND parent_state = 'posted'
                    GROUP BY 1, 2 HAVING sum(balance) <> 0 OR sum(amount_currency) <> 0
                    ORDER BY 1, 2""",
                old.id,
                company.id,
            )
        )
        if not rows:
            return
        label = self.env._(
            "From %(old)s to %(new)s",
            old=old._tibillet_names(company),
            new=account._tibillet_names(company),
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": company.tibillet_journal_id.id,
                "date": self.date,
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": side.id,
                            "partner_id": partner_id,
                            "currency_id": currency_id,
                            "balance": sign * balance,
                            "amount_currency": sign * in_currency,
                            "name": label,
                        }
                    )
                    for partner_id, currency_id, balance, in_currency in rows
                    for side, sign in ((old, -1), (account, 1))
                ],
            }
        )
        self.move_id = move
        self.env.flush_all()
        move._post(soft=False)
        if old.reconcile:
            closed = self.env["account.move.line"].search(
                [
                    ("account_id", "=", old.id),
                    ("company_id", "=", company.id),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                ]
            )
            for lines in closed.grouped(lambda line: (line.partner_id, line.currency_id)).values():
                lines.reconcile()

    def _check_day(self):
        """:raises UserError: when the entry cannot be of that day, or something waits"""
        company, old = self.company_id, self.old_account_id
        drafts, last = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (WHERE parent_state = 'draft'),
                          max(date) FILTER (WHERE parent_state = 'posted')
                     FROM account_move_line WHERE account_id = %s AND company_id = %s""",
                old.id,
                company.id,
            )
        )[0]
        if drafts:
            raise UserError(
                self.env._(
                    "Draft entries still stand on %s: post or delete them first.",
                    old._tibillet_names(company),
                )
            )
        if last and self.date < last:
            raise UserError(
                self.env._(
                    "%(account)s has entries up to %(day)s: the change takes place that day or "
                    "later.",
                    account=old._tibillet_names(company),
                    day=format_date(self.env, last),
                )
            )
        if locks := company._get_violated_lock_dates(self.date, False, company.tibillet_journal_id):
            raise UserError(
                self.env._(
                    "The books are closed up to %s: choose a later day.",
                    format_date(self.env, locks[-1][0]),
                )
            )
