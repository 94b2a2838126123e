"""The one writer of the wallet accounts: from posted operations to balanced moves."""

import logging
import random
import time
from datetime import timedelta

from psycopg2 import OperationalError, errorcodes

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Tries of one entry when another writer is at work, and the longest wait between two.
TRIES = 5
WAIT_S = 0.2


class TibilletBooks(models.AbstractModel):
    """Writes, per company and accounting day, what the ledger did and the books do not know.

    Nothing here is reachable by RPC. Amounts come from ``tibillet_transfer``; what they mean
    stands in ``rules.py``. Writing again changes nothing: a booked operation is out of reach
    by the key of ``tibillet_ledger_entry_operation``.
    """

    _name = "tibillet.books"
    _description = "Writer of the wallet ledger's entries"

    @api.model
    def _write_pending(self, companies=None, include_today=False):
        """Write every entry that is due, in the current transaction.

        :param companies: restrict to these companies
        :param bool include_today: also what happened on the day that is not over
        :return: the entries written
        :rtype: tibillet.ledger.entry
        """
        entries = self.env["tibillet.ledger.entry"]
        for company, day in self._pending_days(companies, include_today):
            entries |= self._write_entry(company, day)
        return entries

    @api.model
    def _write_entry(self, company, day):
        """Write one entry: all unbooked operations of a company and an accounting day.

        :return: the entry, empty when nothing was left to book
        :raises ConcurrencyError: another writer took the number; Odoo starts again
        """
        # The entry is the ledger's, not of the desk or cron whose act it follows.
        books_sudo = self.env(user=SUPERUSER_ID, su=True)["tibillet.books"].with_company(company)
        company_sudo = company.with_env(books_sudo.env)
        books_sudo = books_sudo.with_context(
            lang=company_sudo.partner_id.lang or self.env.lang, tracking_disable=True
        )
        company_sudo = company.with_env(books_sudo.env)
        company_sudo._tibillet_ensure_accounts()
        entry_sudo = books_sudo._claim(company_sudo, day)
        if entry_sudo:
            books_sudo._book(entry_sudo)
        return entry_sudo.with_env(self.env)

    @api.model
    def _claim(self, company, day):
        """Take the next number and the operations of the day; both are unique in the
        database, so that of two writers one fails and finds nothing left."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            SQL(
                """INSERT INTO tibillet_ledger_entry
                       (company_id, sequence, day, cutoff_at,
                        create_uid, create_date, write_uid, write_date)
                   SELECT %(company)s, COALESCE(max(sequence), 0) + 1, %(day)s, tibillet_now(),
                          %(uid)s, timezone('UTC', now()), %(uid)s, timezone('UTC', now())
                     FROM tibillet_ledger_entry WHERE company_id = %(company)s
                   ON CONFLICT (company_id, sequence) DO NOTHING
                   RETURNING id""",
                company=company.id,
                day=day,
                uid=self.env.uid,
            )
        )
        row = cr.fetchone()
        if not row:
            raise ConcurrencyError("another writer took this entry's number")
        cr.execute(
            SQL(
                """INSERT INTO tibillet_ledger_entry_operation
                       (operation_id, company_id, entry_id, companies)
                   SELECT m.operation_id, %(company)s::int, %(entry)s::int,
                          count(DISTINCT m.book_company_id)
                     FROM (%(movements)s) m
                    WHERE m.day = %(day)s
                    GROUP BY m.operation_id
                   HAVING bool_or(m.book_company_id = %(company)s)
                   ON CONFLICT (operation_id, company_id) DO NOTHING""",
                company=company.id,
                entry=row[0],
                day=day,
                # No time zone is further than a day from UTC: the index finds the rest.
                movements=self._movements_sql(
                    SQL(
                        """o.occurred_at >= %(day)s::date - 2 AND o.occurred_at < %(day)s::date + 3
                           AND NOT EXISTS (
                               SELECT FROM tibillet_ledger_entry_operation l
                                WHERE l.operation_id = o.id AND l.company_id = %(company)s)""",
                        day=day,
                        company=company.id,
                    )
                ),
            )
        )
        if not cr.rowcount:
            cr.execute(SQL("DELETE FROM tibillet_ledger_entry WHERE id = %s", row[0]))
            return self.env["tibillet.ledger.entry"]
        self.env["tibillet.ledger.entry"].invalidate_model()
        return self.env["tibillet.ledger.entry"].browse(row[0])

    @api.model
    def _book(self, entry):
        """Create and post the move of a claimed entry, with a line for each
        (code, asset, role, other side, debit or credit)."""
        totals = {}
        for group in self._groups(entry):
            for line in group.lines:
                key = (
                    group.signature.code,
                    group.signature.asset_id,
                    line.role,
                    line.partner_id or False,
                    line.sign,
                )
                amount_minor, operation_ids = totals.get(key, (0, set()))
                totals[key] = (
                    amount_minor + group.amount_minor,
                    operation_ids | set(group.operation_ids),
                )
        details = [
            {
                "entry_id": entry.id,
                "code": code,
                "asset_id": asset_id,
                "role": role,
                "partner_id": partner_id,
                "sign": sign,
                "amount_minor": amount_minor,
                "operation_count": len(operation_ids),
            }
            for (code, asset_id, role, partner_id, sign), (
                amount_minor,
                operation_ids,
            ) in totals.items()
        ]
        move = self.env["account.move"].create(self._prepare_move(entry, details))
        entry.move_id = move
        self.env["tibillet.ledger.entry.line"].create(
            [
                {**detail, "move_line_id": move_line.id}
                for detail, move_line in zip(
                    details, move.line_ids.sorted(lambda line: line.id), strict=True
                )
            ]
        )
        self.env.flush_all()
        move._post(soft=False)

    @api.model
    def _prepare_move(self, entry, details):
        company = entry.company_id
        journal = company.tibillet_journal_id
        date = self._first_open_day(company, entry.day, journal)
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": journal.id,
            "date": date,
            "ref": entry.display_name,
            "line_ids": [
                Command.create(self._prepare_move_line(entry, detail, date)) for detail in details
            ],
        }

    @api.model
    def _prepare_move_line(self, entry, detail, date):
        company = entry.company_id
        asset = self.env["tibillet.asset"].browse(detail["asset_id"])
        partner = self.env["res.partner"].browse(detail["partner_id"] or [])
        currency = asset.currency_id or company.currency_id
        # The only place where minor units become a currency amount.
        amount = currency.round(detail["sign"] * detail["amount_minor"] / 10**asset.scale)
        balance = currency._convert(amount, company.currency_id, company, date)
        codes = dict(
            self.env["tibillet.operation"]._fields["code"]._description_selection(self.env)
        )
        return {
            "account_id": self._account_of(company, detail["role"], asset, partner).id,
            "partner_id": partner.id,
            "name": self.env._(
                "%(what)s, %(asset)s (%(count)s operations)",
                what=codes[detail["code"]],
                asset=asset.name,
                count=detail["operation_count"],
            ),
            "currency_id": currency.id,
            "amount_currency": amount,
            "balance": balance,
        }

    @api.model
    def _account_of(self, company, role, asset, partner):
        """The account of a role in a company's books."""
        if role == "clearing":
            return company.tibillet_clearing_account_id
        if role == "liability":
            asset._ensure_liability_account()
            return asset.liability_account_id
        return self.env["tibillet.book.account"]._account(company, role, partner)

    @api.model
    def _first_open_day(self, company, day, journal):
        """The day itself, or the first one after it that no lock date covers."""
        while locks := company._get_violated_lock_dates(day, False, journal):
            day = locks[-1][0] + timedelta(days=1)
        return day

    # Background work and navigation

    @api.model
    def _cron_write_entries(self):
        """Write the entries of the business days that are over, one transaction each."""
        cron = self.env["ir.cron"]
        pending = self._pending_days()
        cron._commit_progress(remaining=len(pending))
        for company, day in pending:
            self._write_entry_alone(company, day)
            if not cron._commit_progress(1):
                break

    @api.model
    def _write_entry_alone(self, company, day):
        """Write one entry in a transaction that may be started again.

        Another company's books must not wait for one that fails: the failure is logged,
        its operations stay unbooked and the health page ages.
        """
        for attempt in range(1, TRIES + 1):
            try:
                self._write_entry(company, day)
                self.env.flush_all()
                return True
            except (OperationalError, ConcurrencyError) as error:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                retried = isinstance(error, ConcurrencyError) or error.pgcode in (
                    errorcodes.SERIALIZATION_FAILURE,
                    errorcodes.DEADLOCK_DETECTED,
                    errorcodes.LOCK_NOT_AVAILABLE,
                )
                if not retried or attempt == TRIES:
                    _logger.exception("wallet entry of company %s, %s not written", company.id, day)
                    return False
                time.sleep(random.uniform(0, WAIT_S))
            # Whatever it is, a locked period or a broken chart, it is this company's alone.
            except Exception:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                _logger.exception("wallet entry of company %s, %s not written", company.id, day)
                return False
        return False

    @api.model
    def _operations_action(self, operation_ids):
        domain = [("id", "in", operation_ids)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Wallet operations"),
            "res_model": "tibillet.operation",
            "view_mode": "list,form",
            "domain": domain,
            "context": {"create": False},
        }
