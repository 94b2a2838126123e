"""Do the books and the ledger agree? Figures for the control page, tests and the health page."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .rules import COUNTERPARTS

#: A till session lasts an evening: what is older than this on clearing wants a look.
OLD_CLEARING_HOURS = 48
#: Operations named one by one in the control; the sums are always whole.
NAMED_LIMIT = 200


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _documented_sql(self, company):
        """Operations whose Odoo document is posted, as ``SELECT operation_id`` statements.

        The wallet knows no till: each addon that makes Odoo documents against clearing adds
        its statement (a closed session, a done payment).

        :return: list of SQL
        """
        return []

    @api.model
    def _control(self, company):
        """Compare the general ledger with the wallets of one company.

        Amounts are in minor units. ``assets``: what the liability account owes (credit
        positive) against ``held``, the balances of persons and cards as they were at the last
        entry's cut-off, less the tax that was declared when they were sold (``taxed_minor``).
        ``clearing``: the account's balance (debit positive), the operations
        that explain it, and what nothing explains. ``pairs``: what is due to and from other
        companies of this database beside the same amount seen from there.

        :rtype: dict
        """
        books_sudo = self.sudo()
        books_sudo.env.flush_all()
        last_sudo = books_sudo.env["tibillet.ledger.entry"].search(
            [("company_id", "=", company.id)], order="sequence desc", limit=1
        )
        assets = books_sudo._control_assets(company)
        clearing = books_sudo._control_clearing(company)
        pairs = books_sudo._control_pairs(company)
        return {
            "company_id": company.id,
            "cutoff_at": last_sudo.cutoff_at or False,
            "assets": assets,
            "clearing": clearing,
            "pairs": pairs,
            "ok": not clearing["unexplained_minor"]
            and not any(asset["difference_minor"] for asset in assets)
            and not any(pair["difference_minor"] for pair in pairs),
        }

    @api.model
    def _balance_minor(self, account, scale, company, *, own_currency=False):
        """Posted balance of an account in minor units, debit positive, exact."""
        column = SQL("l.amount_currency") if own_currency else SQL("l.balance")
        return self.env.execute_query(
            SQL(
                """SELECT COALESCE(round(sum(%s) * (10 ^ %s::int)::numeric), 0)::bigint
                     FROM account_move_line l
                    WHERE l.account_id = %s AND l.company_id = %s AND l.parent_state = 'posted'""",
                column,
                scale,
                account.id or 0,
                company.id,
            )
        )[0][0]

    @api.model
    def _control_assets(self, company):
        assets_sudo = (
            self.env["tibillet.asset"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", company.id), ("backed", "=", True)], order="code")
        )
        held = dict(
            self.env.execute_query(
                SQL(
                    """SELECT a.asset_id, sum(a.balance_minor)::bigint
                         FROM tibillet_account a
                         JOIN tibillet_wallet w ON w.id = a.wallet_id
                        WHERE w.kind IN ('person', 'card') AND a.asset_id = ANY(%s)
                        GROUP BY a.asset_id""",
                    assets_sudo.ids,
                )
            )
        )
        unbooked = {
            asset_id: (amount_minor, count)
            for asset_id, amount_minor, count in self.env.execute_query(
                SQL(
                    """SELECT u.asset_id,
                              sum(CASE WHEN u.credit_side = 'holder' THEN u.amount_minor
                                       ELSE -u.amount_minor END)::bigint,
                              count(DISTINCT u.operation_id)
                         FROM (%s) u
                        WHERE u.book_company_id = %s AND u.issuer_company_id = %s
                          AND 'holder' IN (u.debit_side, u.credit_side)
                        GROUP BY u.asset_id""",
                    self._unbooked_sql(),
                    company.id,
                    company.id,
                )
            )
        }
        taxed = self._taxed_minor(assets_sudo)
        figures = []
        for asset_sudo in assets_sudo:
            ledger_minor = -self._balance_minor(
                asset_sudo.liability_account_id, asset_sudo.scale, company, own_currency=True
            )
            unbooked_minor, unbooked_count = unbooked.get(asset_sudo.id, (0, 0))
            held_now_minor = held.get(asset_sudo.id) or 0
            taxed_minor = taxed.get(asset_sudo.id) or 0
            held_minor = held_now_minor - taxed_minor - unbooked_minor
            figures.append(
                {
                    "asset_id": asset_sudo.id,
                    "code": asset_sudo.code,
                    "account_id": asset_sudo.liability_account_id.id,
                    "books_minor": ledger_minor,
                    "held_minor": held_minor,
                    "held_now_minor": held_now_minor,
                    "taxed_minor": taxed_minor,
                    "unbooked_minor": unbooked_minor,
                    "unbooked_count": unbooked_count,
                    "difference_minor": ledger_minor - held_minor,
                }
            )
        return figures

    @api.model
    def _taxed_minor(self, assets):
        """What of the balances of persons and cards is no debt of the books: nothing.

        :return: ``{asset id: minor units}``
        """
        return {}

    @api.model
    def _control_clearing(self, company):
        """The clearing account, operation by operation: booked by the ledger and not (yet)
        by an Odoo document, or the other way round."""
        account_sudo = company.sudo().tibillet_clearing_account_id  # read by health and crons too
        digits = company.currency_id.decimal_places
        balance_minor = self._balance_minor(account_sudo, digits, company)
        open_rows = self.env.execute_query(
            SQL(
                """SELECT id, key, code, occurred_at, amount_minor,
                          count(*) OVER (), sum(amount_minor) OVER ()::bigint,
                          min(occurred_at) OVER ()
                     FROM (%s) c ORDER BY occurred_at, id LIMIT %s""",
                self._clearing_open_sql(company, digits),
                NAMED_LIMIT,
            )
        )
        count, explained_minor, oldest_at = open_rows[0][5:8] if open_rows else (0, 0, None)
        return {
            "account_id": account_sudo.id,
            "balance_minor": balance_minor,
            "explained_minor": int(explained_minor),
            "unexplained_minor": balance_minor - int(explained_minor),
            "count": count,
            "oldest_at": oldest_at or False,
            "operations": [
                {"id": id_, "key": key, "code": code, "occurred_at": at, "amount_minor": minor}
                for id_, key, code, at, minor, *_totals in open_rows
            ],
        }

    @api.model
    def _clearing_open_sql(self, company, digits):
        """What each operation leaves on clearing: booked without document (the ledger's
        side, debit positive) or documented without being booked (the opposite)."""
        documented = SQL(" UNION ALL ").join(
            self._documented_sql(company) or [SQL("SELECT NULL::int AS operation_id")]
        )
        return SQL(
            """
            SELECT o.id, o.key, o.code, o.occurred_at,
                   (CASE WHEN e.booked THEN e.amount_minor ELSE -e.amount_minor END)::bigint
                       AS amount_minor
              FROM (
                SELECT m.operation_id,
                       bool_or(l.entry_id IS NOT NULL) AS booked,
                       sum(%(sign)s * m.amount_minor * 10 ^ (%(digits)s::int - s.scale))
                           AS amount_minor
                  FROM (%(movements)s) m
                  JOIN tibillet_asset s ON s.id = m.asset_id
                  LEFT JOIN tibillet_ledger_entry_operation l
                    ON l.operation_id = m.operation_id AND l.company_id = m.book_company_id
                 WHERE m.book_company_id = %(company)s
                   AND NOT (m.act = ANY(%(without)s))
                 GROUP BY m.operation_id) e
              JOIN tibillet_operation o ON o.id = e.operation_id
              LEFT JOIN (SELECT DISTINCT operation_id FROM (%(documented)s) x) d
                ON d.operation_id = e.operation_id
             WHERE e.booked <> (d.operation_id IS NOT NULL) AND e.amount_minor <> 0
            """,
            sign=self._clearing_sign_sql(),
            digits=digits,
            movements=self._movements_sql(self._on_one_side_sql(company, documented)),
            company=company.id,
            without=list(COUNTERPARTS),
            documented=documented,
        )

    @api.model
    def _on_one_side_sql(self, company, documented):
        """Operations that are booked here or documented, not both: the few that can leave
        something on clearing, found without joining the others."""
        return SQL(
            """o.id = ANY(ARRAY(
                   SELECT operation_id FROM (
                       SELECT operation_id, 1 AS booked, 0 AS documented
                         FROM tibillet_ledger_entry_operation WHERE company_id = %s
                        UNION ALL
                       SELECT x.operation_id, 0, 1 FROM (%s) x) side
                    GROUP BY operation_id HAVING max(booked) <> max(documented)))""",
            company.id,
            documented,
        )

    @api.model
    def _clearing_sign_sql(self):
        """What ``rules.book_lines`` puts on clearing for one movement in its company."""
        return SQL(
            """CASE WHEN m.nature = 'claim' THEN -1 ELSE 1 END
               * CASE WHEN m.book_company_id = m.issuer_company_id
                      THEN (m.debit_side = 'own')::int - (m.credit_side = 'own')::int
                      ELSE (m.debit_side = 'far'
                            AND m.debit_company_id = m.book_company_id)::int
                         - (m.credit_side = 'far'
                            AND m.credit_company_id = m.book_company_id)::int
                      END"""
        )

    @api.model
    def _control_pairs(self, company):
        """Each account with another company of this database, and its mirror there."""
        accounts_sudo = (
            self.env["tibillet.book.account"]
            .sudo()
            .search([("role", "in", ("due_from", "due_to")), ("partner_id", "!=", False)])
        )
        companies_sudo = self.env["res.company"].sudo().search([])
        by_partner = {company_sudo.partner_id: company_sudo for company_sudo in companies_sudo}
        digits = company.currency_id.decimal_places
        figures = []
        for own_sudo in accounts_sudo.filtered(lambda row: row.company_id == company):
            other_sudo = by_partner.get(own_sudo.partner_id)
            mirrored_role = "due_to" if own_sudo.role == "due_from" else "due_from"
            mirror_sudo = accounts_sudo.filtered(
                lambda row, other=other_sudo, role=mirrored_role: (
                    row.company_id == other
                    and row.role == role
                    and row.partner_id == company.partner_id
                )
            )
            balance_minor = self._balance_minor(own_sudo.account_id, digits, company)
            mirror_minor = (
                self._balance_minor(mirror_sudo.account_id, digits, other_sudo)
                if other_sudo and mirror_sudo
                else 0
            )
            figures.append(
                {
                    "role": own_sudo.role,
                    "partner_id": own_sudo.partner_id.id,
                    "company_id": other_sudo.id if other_sudo else False,
                    "account_id": own_sudo.account_id.id,
                    "balance_minor": balance_minor,
                    "mirror_minor": mirror_minor,
                    "unbooked": bool(other_sudo) and self._pair_unbooked(company, other_sudo),
                    "difference_minor": 0,
                }
            )
            if other_sudo and not figures[-1]["unbooked"]:
                figures[-1]["difference_minor"] = balance_minor + mirror_minor
        return figures

    @api.model
    def _pair_unbooked(self, company, other):
        """Whether one of two companies has still to book what the other has booked."""
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT 1 FROM (%s) u
                        WHERE u.book_company_id IN (%s, %s)
                          AND 'far' IN (u.debit_side, u.credit_side) LIMIT 1""",
                    self._unbooked_sql(),
                    company.id,
                    other.id,
                )
            )
        )

    @api.model
    def _health(self):
        """Figures for the health page: how old the oldest open operation on clearing is, what
        nothing explains, and the oldest business day that no entry holds yet.

        :rtype: dict
        """
        now = fields.Datetime.now()
        unexplained = {}
        oldest_at = None
        differing = []
        for company_sudo in (
            self.env["res.company"].sudo().search([("tibillet_clearing_account_id", "!=", False)])
        ):
            control = self._control(company_sudo)
            clearing = control["clearing"]
            if clearing["unexplained_minor"]:
                unexplained[company_sudo.id] = clearing["unexplained_minor"]
            if not control["ok"]:
                differing.append(company_sudo.id)
            if clearing["oldest_at"] and (not oldest_at or clearing["oldest_at"] < oldest_at):
                oldest_at = clearing["oldest_at"]
        pending = self._pending_days()
        age = now - oldest_at if oldest_at else timedelta()
        warnings = []
        if differing:
            warnings.append("The books and the wallet ledger differ: see its control.")
        if age > timedelta(hours=OLD_CLEARING_HOURS):
            warnings.append(
                "An operation has waited on clearing for its Odoo document for more than "
                f"{OLD_CLEARING_HOURS} hours."
            )
        answer = {
            "oldest_s": max(0, int(age.total_seconds())),
            "unexplained_minor": unexplained,
            "companies_differing": differing,
            "days_to_write": len(pending),
            "oldest_day_to_write": str(pending[0][1]) if pending else False,
        }
        return {**answer, "warning": " ".join(warnings)} if warnings else answer
