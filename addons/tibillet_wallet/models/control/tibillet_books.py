"""The figures of the control page: books beside ledger, and what explains each difference."""

from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL

#: Books against ledger, in minor units of ``currency``; ``rest`` is what nothing explains.
Row = namedtuple(
    "Row",
    "kind asset partner account currency books_minor ledger_minor rest_minor places_minor "
    "pool_minor dormant_minor taxed_minor",
    defaults=(0, 0, 0, 0),
)

#: What explains a part of a difference. ``key`` is ``(model, id)`` of what waits, or nothing.
Reason = namedtuple("Reason", "kind key name amount_minor count since")


class TibilletBooks(models.AbstractModel):
    _inherit = "tibillet.books"

    @api.model
    def _control_rows(self, company):
        """Every account that the ledger's entries move, beside what the ledger says.

        :return: list of Row: one per backed asset, one per other place and way, clearing
        """
        books_sudo = self.sudo()  # wallets of every holder, summed
        books_sudo.env.flush_all()
        control = books_sudo._control(company)
        clearing = control["clearing"]
        return [
            *books_sudo._control_asset_rows(company, control["assets"]),
            *books_sudo._control_pair_rows(company, control["pairs"]),
            Row(
                "clearing",
                None,
                None,
                company.sudo().tibillet_clearing_account_id,
                company.currency_id,
                clearing["balance_minor"],
                0,
                clearing["unexplained_minor"],
            ),
        ]

    @api.model
    def _control_asset_rows(self, company, figures):
        assets_sudo = self.env["tibillet.asset"].browse(row["asset_id"] for row in figures)
        elsewhere = {
            asset_id: (places_minor, pool_minor)
            for asset_id, places_minor, pool_minor in self.env.execute_query(
                SQL(
                    """SELECT a.asset_id,
                              COALESCE(sum(tibillet_account_sum(a.id))
                                       FILTER (WHERE w.kind = 'place'), 0)::bigint,
                              COALESCE(sum(tibillet_account_sum(a.id))
                                       FILTER (WHERE w.kind = 'pool'), 0)::bigint
                         FROM tibillet_account a JOIN tibillet_wallet w ON w.id = a.wallet_id
                        WHERE a.asset_id = ANY(%s) AND w.kind IN ('place', 'pool')
                        GROUP BY 1""",
                    assets_sudo.ids,
                )
            )
        }
        dormant = self.env["tibillet.dormancy"]._sums(assets_sudo)
        return [
            Row(
                "asset",
                asset_sudo,
                None,
                asset_sudo.liability_account_id,
                asset_sudo.currency_id or company.currency_id,
                row["books_minor"],
                row["held_now_minor"],
                row["difference_minor"],
                *elsewhere.get(asset_sudo.id, (0, 0)),
                dormant.get(asset_sudo.id, (0, 0))[0],
                row["taxed_minor"],
            )
            for asset_sudo, row in zip(assets_sudo, figures, strict=True)
        ]

    @api.model
    def _control_pair_rows(self, company, figures):
        """Accounts with other places: what the ledger says is owed now, less what no entry of
        this company holds yet, must be what the books say; so must the mirror there."""
        owed, unbooked = self._control_owed(company)
        rows = []
        for row in figures:
            partner_id = 0 if row["company_id"] else row["partner_id"]
            key = (row["role"], row["company_id"] or 0, partner_id)
            sign = 1 if row["role"] == "due_from" else -1
            ledger_minor = sign * owed.get(key, 0)
            expected_minor = ledger_minor - sign * unbooked.get(key, 0)
            rest_minor = row["balance_minor"] - expected_minor or row["difference_minor"]
            rows.append(
                Row(
                    "pair",
                    None,
                    self.env["res.partner"].browse(row["partner_id"]),
                    self.env["account.account"].browse(row["account_id"]),
                    company.currency_id,
                    row["balance_minor"],
                    ledger_minor,
                    rest_minor,
                )
            )
        return rows

    @api.model
    def _control_owed(self, company):
        """What the ledger says is owed, by account with another place: in all, and what of it
        no entry of this company holds.

        :return: two dicts ``{(role, company id, partner id): minor units}``
        """
        owed, unbooked = {}, {}
        lines = self.env["tibillet.debt.line"]
        for target, only in (
            (owed, SQL("TRUE")),
            (
                unbooked,
                SQL(
                    """NOT EXISTS (SELECT FROM tibillet_ledger_entry_operation e
                                    WHERE e.operation_id = o.id AND e.company_id = %s)""",
                    company.id,
                ),
            ),
        ):
            for issuer_id, place_id, partner_id, amount_minor in self.env.execute_query(
                SQL(
                    """SELECT d.issuer_company_id, COALESCE(d.place_company_id, 0),
                              CASE WHEN d.place_company_id IS NULL THEN d.partner_id ELSE 0 END,
                              sum(d.amount_minor)::bigint
                         FROM (%s) d
                        WHERE %s IN (d.issuer_company_id, d.place_company_id)
                        GROUP BY 1, 2, 3""",
                    lines._lines_sql(only),
                    company.id,
                )
            ):
                if issuer_id == company.id:
                    target["due_to", place_id, partner_id or 0] = amount_minor
                else:
                    target["due_from", issuer_id, 0] = amount_minor
        return owed, unbooked

    # -- reasons ---------------------------------------------------------------------------

    @api.model
    def _control_reasons(self, company):
        """What explains the differences, the oldest first.

        :return: list of Reason
        """
        books_sudo = self.sudo()  # operations of every holder, summed
        books_sudo.env.flush_all()
        reasons = [
            *books_sudo._reasons_unbooked(company),
            *books_sudo._reasons_on_clearing(company),
        ]
        return sorted(reasons, key=lambda reason: (reason.since, reason.name))

    @api.model
    def _reasons_unbooked(self, company):
        """Operations of days that are not over: the ledger knows them, the books by morning."""
        rows = self.env.execute_query(
            SQL(
                """SELECT u.day, count(DISTINCT u.operation_id), min(u.occurred_at)
                     FROM (%s) u WHERE u.book_company_id = %s GROUP BY 1 ORDER BY 1""",
                self._unbooked_sql(),
                company.id,
            )
        )
        return [
            Reason(
                "entry", None, self.env._("Operations of %s, not in an entry yet", day), 0, n, at
            )
            for day, n, at in rows
        ]

    @api.model
    def _reasons_on_clearing(self, company):
        digits = company.currency_id.decimal_places
        open_rows = self.env.execute_query(
            SQL(
                "SELECT id, occurred_at, amount_minor FROM (%s) c",
                self._clearing_open_sql(company, digits),
            )
        )
        waits = self._waits_for(company, [row[0] for row in open_rows])
        grouped = {}
        for id_, at, minor in open_rows:
            kind, key, name = waits.get(id_) or (
                "operation",
                ("tibillet.operation", id_),
                self.env["tibillet.operation"].browse(id_).display_name,
            )
            found = grouped.setdefault((kind, key, name), [0, 0, at])
            found[0] += minor
            found[1] += 1
            found[2] = min(found[2], at)
        return [
            Reason(kind, key, name, minor, count, since)
            for (kind, key, name), (minor, count, since) in grouped.items()
        ]

    @api.model
    def _waits_for(self, company, operation_ids):
        """What each operation on clearing waits for, named for people.

        The wallet knows no till: each addon that makes Odoo documents adds what it knows.

        :return: ``{operation id: (kind, (model, id), name)}``
        """
        return {}
