"""What stands in the way of a settlement, each in a sentence."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .tibillet_settlement_owed import DAYS_TO_PAY


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    @api.model
    def _usual_days(self, companies):
        """Up to which day one settles now, and when it is due: the last business day that is
        over at all of these places, by the database's clock."""
        until_day = min(self._business_day_of(company) for company in companies) - timedelta(1)
        return until_day, fields.Date.context_today(self) + timedelta(DAYS_TO_PAY)

    @api.model
    def _business_day_of(self, company):
        self.env.cr.execute("SELECT tibillet_business_day(%s)", [company.id])
        return self.env.cr.fetchone()[0]

    @api.model
    def _open_sessions(self, companies, until_day):
        """Names of what may still bring operations of these days: the wallet knows no till,
        each addon that sells adds its own.

        :return: list of strings
        """
        return []

    @api.model
    def _check_proposal(self, pair_sudo, currency, until_day, due_date):
        """:raises UserError: what the pair or the day lacks"""
        if len(pair_sudo) != 2:
            raise UserError(self.env._("A settlement is between two different places."))
        for company_sudo in pair_sudo:
            self._check_books(company_sudo)
            if company_sudo.currency_id != currency:
                raise UserError(
                    self.env._(
                        "%(place)s keeps its books in %(own)s: what is owed in %(currency)s is "
                        "settled by hand.",
                        place=company_sudo.name,
                        own=company_sudo.currency_id.name,
                        currency=currency.name,
                    )
                )
            if until_day >= self._business_day_of(company_sudo):
                raise UserError(
                    self.env._(
                        "The business day of %(day)s is not over at %(place)s: settle up to the "
                        "day before.",
                        day=format_date(self.env, until_day),
                        place=company_sudo.name,
                    )
                )
        last_sudo = self._last_of(pair_sudo, currency)
        if last_sudo and last_sudo.until_day > until_day:
            raise UserError(
                self.env._(
                    "%(reference)s goes up to %(day)s already: choose a later day.",
                    reference=last_sudo.reference,
                    day=format_date(self.env, last_sudo.until_day),
                )
            )
        if due_date < until_day:
            raise UserError(
                self.env._("It cannot be due before the last day that it settles: change the date.")
            )
        if sessions := self._open_sessions(pair_sudo, until_day):
            raise UserError(
                self.env._(
                    "Still open: %(sessions)s. What was sold there may not be known yet. Close it, "
                    "or settle up to a day before it was opened.",
                    sessions=", ".join(sessions),
                )
            )

    @api.model
    def _check_something_owed(self, pair_sudo, lines, until_day):
        """:raises UserError: when there is nothing to settle"""
        if any(line["amount_minor"] for line in lines):
            return
        first_sudo, second_sudo = pair_sudo
        raise UserError(
            self.env._(
                "%(first)s and %(second)s owe each other nothing up to %(day)s that is not in a "
                "settlement already.",
                first=first_sudo.name,
                second=second_sudo.name,
                day=format_date(self.env, until_day),
            )
        )

    @api.model
    def _check_books(self, company_sudo):
        """:raises UserError: without chart, or when an account that is needed is archived"""
        if not company_sudo.root_id.chart_template:
            raise UserError(
                self.env._(
                    "%s has no chart of accounts: load one under Invoicing, Configuration, then "
                    "settle.",
                    company_sudo.name,
                )
            )
        company_sudo._tibillet_ensure_accounts()
        partners_sudo = company_sudo.sudo().search([]).partner_id
        rows_sudo = self.env["tibillet.book.account"].search(
            [
                ("company_id", "=", company_sudo.id),
                ("role", "in", ("due_from", "due_to")),
                ("partner_id", "in", partners_sudo.ids),
            ]
        )
        accounts_sudo = rows_sudo.account_id | company_sudo.tibillet_clearing_account_id
        archived_sudo = accounts_sudo.filtered(lambda account: not account.active)
        if archived_sudo:
            raise UserError(
                self.env._(
                    "%(accounts)s: archived at %(place)s, and the settlement writes there. Take it "
                    "out of the archive first.",
                    accounts=archived_sudo._tibillet_names(company_sudo),
                    place=company_sudo.name,
                )
            )

    def _check_payable(self, amount_minor, date, journals):
        """:raises UserError: unless so much can be noted as paid on that day

        :param journals: {company: bank journal, possibly none}
        """
        self.ensure_one()
        if self.state == "disputed":
            raise UserError(
                self.env._(
                    "%(reference)s is disputed by %(place)s (%(reason)s): they take that back "
                    "first.",
                    reference=self.reference,
                    place=self.disputed_company_id.name,
                    reason=self.dispute_reason,
                )
            )
        if self.state != "agreed":
            raise UserError(
                self.env._("%s is not to be paid: both agree first, and once.", self.reference)
            )
        if not 0 < amount_minor <= self.rest_minor:
            raise UserError(
                self.env._(
                    "Between nothing and %(rest)s is left to pay of %(reference)s: this is another "
                    "amount.",
                    rest=self._format(self.rest_minor),
                    reference=self.reference,
                )
            )
        self._check_bookable(date, journals)

    @api.model
    def _check_bookable(self, date, journals):
        """:raises UserError: unless both books take an entry of the bank on that day"""
        if date > fields.Date.context_today(self):
            raise UserError(self.env._("This day is still to come: note it when it was paid."))
        for company_sudo, journal_sudo in journals.items():
            self._check_books(company_sudo)
            if not journal_sudo:
                raise UserError(
                    self.env._(
                        "%s has no bank journal: create one under Invoicing, Configuration.",
                        company_sudo.name,
                    )
                )
            if locks := company_sudo._get_violated_lock_dates(date, False, journal_sudo):
                raise UserError(
                    self.env._(
                        "The books of %(place)s are locked up to %(day)s: choose a later day.",
                        place=company_sudo.name,
                        day=format_date(self.env, locks[-1][0]),
                    )
                )
