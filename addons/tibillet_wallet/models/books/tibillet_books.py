"""The one writer of the wallet accounts: from posted operations to balanced moves."""

import logging
import random
import time
from collections import namedtuple
from datetime import timedelta

from psycopg2 import OperationalError, errorcodes

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tools import SQL

from .rules import AT_ISSUER, Signature, book_lines

_logger = logging.getLogger(__name__)

#: Tries of one entry when another writer is at work, and the longest wait between two.
TRIES = 5
WAIT_S = 0.2

#: The transfers of one entry that share a signature, and the lines they make there.
Group = namedtuple("Group", "signature amount_minor operation_ids lines")


class TibilletBooks(models.AbstractModel):
    """Writes, per company and accounting day, what the ledger did and the books do not know.

    Nothing here is reachable by RPC. Amounts come from ``tibillet_transfer``; what they mean
    stands in ``rules.py``. Writing again changes nothing: a booked operation is out of reach
    by the key of ``tibillet_ledger_entry_operation``.
    """

    _name = "tibillet.books"
    _description = "Writer of the wallet ledger's entries"

    # Reading the ledger

    @api.model
    def _side_sql(self, wallet):
        """Where one side of a transfer stands, seen from the issuer: its holder's debt, its
        own money, or another company (``far``)."""
        return SQL(
            """SELECT CASE WHEN %(w)s.kind IN ('person', 'card') THEN 'holder'
                           WHEN %(w)s.kind = 'peer' THEN 'far'
                           WHEN %(w)s.kind = 'issuer'
                                AND NOT (o.act = ANY(%(home)s)) AND o.company_id <> s.company_id
                           THEN 'far'
                           WHEN %(w)s.kind IN ('place', 'pool')
                                AND COALESCE(%(w)s.company_id, 0) <> s.company_id
                                AND (%(w)s.company_id IS NOT NULL OR %(w)s.partner_id IS NOT NULL)
                           THEN 'far'
                           ELSE 'own' END AS side,
                      CASE WHEN %(w)s.kind = 'issuer'
                           THEN CASE WHEN o.act = ANY(%(home)s) THEN s.company_id
                                ELSE o.company_id END
                           WHEN %(w)s.kind IN ('place', 'pool') THEN %(w)s.company_id
                           END AS company_id,
                      %(w)s.partner_id AS partner_id""",
            w=SQL.identifier(wallet),
            home=list(AT_ISSUER),
        )

    @api.model
    def _business_day_sql(self, at):
        """The business day of an instant at place ``p``: what ``tibillet.place._business_day``
        answers, for many rows at once. Two readings of the wall clock, because the hour that
        is shown twice in autumn starts a day at its first showing."""
        zone = SQL("COALESCE(p.tz, 'Europe/Paris')")
        today = SQL("timezone(%s, timezone('UTC', %s))::date", zone, at)
        wall = SQL(
            "(%s + round(COALESCE(p.business_day_hour, 4) * 60)::int * interval '1 minute')", today
        )
        return SQL(
            """(%(today)s - CASE WHEN timezone('UTC', %(at)s) >= LEAST(
                    timezone(%(zone)s, %(wall)s),
                    timezone(%(zone)s, %(wall)s - interval '1 hour') + interval '1 hour')
                THEN 0 ELSE 1 END)""",
            today=today,
            at=at,
            zone=zone,
            wall=wall,
        )

    @api.model
    def _movements_sql(self, only=None):
        """One row per posted transfer that changes somebody's books, and per company
        concerned (``book_company_id``), with the accounting day of the acting venue.

        :param SQL only: condition on the operation ``o``, to look at no more than needed
        """
        return SQL(
            """
            WITH operation AS MATERIALIZED (
                SELECT o.id, o.code, o.company_id, o.occurred_at,
                       -- A correction is booked as what it corrects.
                       CASE WHEN o.code = 'correct' THEN COALESCE(named.code, o.code)
                            ELSE o.code END AS act
                  FROM tibillet_operation o
                  LEFT JOIN tibillet_operation named ON named.id = o.names_id
                 WHERE o.state = 'posted' AND %(only)s)
            SELECT o.id AS operation_id, o.code, o.act, t.asset_id, t.amount_minor,
                   CASE WHEN s.kind = 'claim' THEN 'claim'
                        WHEN s.backed THEN 'backed' ELSE 'gift' END AS nature,
                   s.company_id AS issuer_company_id,
                   d.side AS debit_side,
                   CASE WHEN d.side = 'far' THEN d.company_id END AS debit_company_id,
                   CASE WHEN d.side = 'far' THEN COALESCE(dc.partner_id, d.partner_id) END
                       AS debit_partner_id,
                   c.side AS credit_side,
                   CASE WHEN c.side = 'far' THEN c.company_id END AS credit_company_id,
                   CASE WHEN c.side = 'far' THEN COALESCE(cc.partner_id, c.partner_id) END
                       AS credit_partner_id,
                   b.company_id AS book_company_id,
                   o.occurred_at AS occurred_at,
                   %(day)s AS day,
                   %(today)s AS today
              FROM operation o
              JOIN tibillet_transfer t ON t.operation_id = o.id
              JOIN tibillet_asset s ON s.id = t.asset_id
              JOIN tibillet_account da ON da.id = t.debit_account_id
              JOIN tibillet_wallet dw ON dw.id = da.wallet_id
              JOIN tibillet_account ca ON ca.id = t.credit_account_id
              JOIN tibillet_wallet cw ON cw.id = ca.wallet_id
             CROSS JOIN LATERAL (%(debit)s) d
             CROSS JOIN LATERAL (%(credit)s) c
              LEFT JOIN res_company dc ON dc.id = d.company_id
              LEFT JOIN res_company cc ON cc.id = c.company_id
             CROSS JOIN LATERAL (
                   SELECT DISTINCT v.company_id
                     FROM (VALUES (s.company_id),
                                  (CASE WHEN d.side = 'far' THEN d.company_id END),
                                  (CASE WHEN c.side = 'far' THEN c.company_id END)
                          ) v(company_id)
                    WHERE v.company_id IS NOT NULL) b
              LEFT JOIN tibillet_place p
                ON p.company_id = COALESCE(o.company_id, s.company_id)
             WHERE (d.side <> c.side
                    OR (d.side = 'far' AND (
                        d.company_id IS DISTINCT FROM c.company_id
                        OR d.partner_id IS DISTINCT FROM c.partner_id)))
               AND (s.backed
                    OR s.kind = 'claim'
                    -- A gift is no debt where it was given; elsewhere its giver owes it.
                    OR (s.kind = 'gift'
                        AND 'holder' IN (d.side, c.side) AND 'far' IN (d.side, c.side)
                        AND 'issuer' NOT IN (dw.kind, cw.kind)))
            """,
            only=only or SQL("TRUE"),
            debit=self._side_sql("dw"),
            credit=self._side_sql("cw"),
            day=self._business_day_sql(SQL("o.occurred_at")),
            today=self._business_day_sql(SQL("(SELECT tibillet_now())")),
        )

    @api.model
    def _unbooked_sql(self):
        """The movements that no entry of their company holds yet. Operations that all their
        companies have booked are left out before anything is joined to them."""
        return SQL(
            """
            SELECT m.* FROM (%s) m
             WHERE NOT EXISTS (
                   SELECT FROM tibillet_ledger_entry_operation l
                    WHERE l.operation_id = m.operation_id
                      AND l.company_id = m.book_company_id)
            """,
            self._movements_sql(
                SQL(
                    # Correlated, so that it stays one look by key per operation.
                    """NOT EXISTS (
                           SELECT FROM tibillet_ledger_entry_operation booked
                            WHERE booked.operation_id = o.id
                            GROUP BY booked.operation_id
                           HAVING count(*) >= max(booked.companies))"""
                )
            ),
        )

    @api.model
    def _pending_days(self, companies=None, include_today=False):
        """Accounting days with operations to book, oldest first.

        :param companies: restrict to these; companies without chart are left out
        :param bool include_today: also the business day that is not over
        :return: list of (res.company, date)
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT day, book_company_id FROM (%s) u
                    WHERE (%s OR day < today) ORDER BY day, book_company_id""",
                self._unbooked_sql(),
                include_today,
            )
        )
        every_sudo = self.env["res.company"].sudo()  # the writer runs for all companies
        wanted_sudo = companies.sudo() if companies else every_sudo.search([])
        ready_sudo = wanted_sudo.filtered("root_id.chart_template")
        return [
            (self.env["res.company"].browse(company_id), day)
            for day, company_id in rows
            if company_id in ready_sudo.ids
        ]

    @api.model
    def _groups(self, entry):
        """What an entry holds, by signature, with the lines it makes in its company.

        :rtype: list[Group]
        """
        self.env.flush_all()
        columns = SQL(", ").join(SQL.identifier("m", name) for name in Signature._fields)
        rows = self.env.execute_query(
            SQL(
                """SELECT %(columns)s, sum(m.amount_minor)::bigint,
                          array_agg(DISTINCT m.operation_id ORDER BY m.operation_id)
                     FROM (%(movements)s) m
                    WHERE m.book_company_id = %(company)s
                    GROUP BY %(columns)s
                    ORDER BY %(columns)s""",
                columns=columns,
                company=entry.company_id.id,
                # An array, looked up by key whatever the planner believes of a new table.
                movements=self._movements_sql(
                    SQL(
                        "o.id = ANY(ARRAY(SELECT operation_id"
                        " FROM tibillet_ledger_entry_operation WHERE entry_id = %s))",
                        entry.id,
                    )
                ),
            )
        )
        groups = []
        for *values, amount_minor, operation_ids in rows:
            signature = Signature(*values)
            issuer_sudo = self.env["res.company"].sudo().browse(signature.issuer_company_id)
            lines = [
                line
                for line in book_lines(signature, issuer_sudo.partner_id.id)
                if line.company_id == entry.company_id.id
            ]
            groups.append(Group(signature, amount_minor, operation_ids, lines))
        return groups

    # Writing

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
