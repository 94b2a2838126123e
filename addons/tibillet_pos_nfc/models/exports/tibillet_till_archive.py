"""Every order of the tills line by line, as a file that is read and checked without Odoo."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .archive_file import Archive

FORMAT = {"format": "tibillet-till-archive", "version": 1}
PERIODS = ("month", "year")
#: Orders that are read at once: memory and queries are those of so many, however long the period.
BATCH = 500
ORDERS, LINES, PAYMENTS = "orders.jsonl", "lines.csv", "payments.csv"
COLUMNS = {
    ORDERS: (),
    LINES: (
        "order",
        "day",
        "reference",
        "line",
        "kind",
        "article",
        "quantity",
        "unit_price",
        "discount",
        "taxes",
        "rate",
        "gross",
        "gift",
        "taxed_before",
        "base",
        "vat",
        "other_taxes",
        "base_taxed_before",
        "refunds",
    ),
    PAYMENTS: (
        "order",
        "day",
        "reference",
        "payment",
        "paid_at",
        "kind",
        "method",
        "amount",
        "change",
    ),
}


class TibilletTillArchive(models.AbstractModel):
    """The archive of one company's tills for a month or an accounting year.

    Business days of the place. It names articles, tills, sessions and means of payment; no
    customer, no cashier, no card. Format: ``docs/till-archive.md``; read by
    ``tools/verify_till_archive.py``.
    """

    _name = "tibillet.till.archive"
    _description = "Archive of the tills"

    @api.model
    def _check_may(self, company):
        """:raises AccessError: for anybody who does not read this company's books"""
        try:
            self.env["tibillet.daily.totals"]._check_may(company)
        except AccessError as error:
            raise AccessError(
                self.env._("Only who reads the books of this company has the archive of its tills.")
            ) from error

    @api.model
    def _period(self, company, kind, day):
        """First and last business day of the month, or of the accounting year, of a day.

        :raises UserError: for another kind of period, or without a day
        """
        if kind not in PERIODS or not day:
            raise UserError(self.env._("Choose a month or a year, and a day in it."))
        if kind == "month":
            return fields.Date.start_of(day, "month"), fields.Date.end_of(day, "month")
        company_sudo = company.sudo()  # the last day of its year
        year = company_sudo.compute_fiscalyear_dates(day)
        return year["date_from"], year["date_to"]

    @api.model
    def _file_name(self, company, kind, day):
        first, last = self._period(company, kind, day)
        return f"tills-{company.id}-{first}-{last}.zip"

    @api.model
    def _write_file(self, company, kind, day, file):
        """Write the archive of a period, in one snapshot of the database.

        :param file: opened for writing, in bytes
        :return: the manifest, as a dictionary
        :raises AccessError: for anybody who does not read this company's books
        :raises UserError: when the period makes no sense
        """
        self._check_may(company)
        first, last = self._period(company, kind, day)
        self.env.flush_all()
        # Readers of the books read no tills: what leaves is chosen here, after the check above.
        archive_sudo = self.sudo().with_company(company)
        # Names in the company's own language, whoever asks: the same orders, the same bytes.
        lang = company.sudo().partner_id.lang or "en_US"
        archive_sudo = archive_sudo.with_context(lang=lang)
        company_sudo = company.with_env(archive_sudo.env)
        sums = archive_sudo._new_sums()
        with Archive(COLUMNS) as archive:
            for orders, days in archive_sudo._batches(company_sudo, first, last):
                for name, row in archive_sudo._batch_rows(orders, days, sums):
                    archive.add(name, row)
                # What was read of these orders is not needed for the next ones.
                orders.env.invalidate_all(flush=False)
            manifest = {
                **FORMAT,
                **archive_sudo._whose(company_sudo, kind, first, last),
                "incomplete": archive_sudo._incomplete(company_sudo, last),
                **archive_sudo._told_sums(sums),
            }
            archive.pack(file, manifest)
        return manifest

    @api.model
    def _batches(self, company, first, last):
        """Orders of the period, some hundreds at a time, in the order they came in.

        :return: yields ``(orders, {order id: business day})``
        """
        seen, orders = 0, self.env["pos.order"]
        while True:
            found = self.env.execute_query(
                SQL(
                    """
                    SELECT id, day
                      FROM (SELECT o.id, %(day)s AS day
                              FROM pos_order o
                              LEFT JOIN tibillet_place p ON p.company_id = o.company_id
                             WHERE o.company_id = %(company)s AND o.id > %(seen)s
                               AND o.state IN ('paid', 'done', 'invoiced')
                               AND o.date_order >= %(first)s::date - 2
                               AND o.date_order < %(last)s::date + 3) dated
                     WHERE day BETWEEN %(first)s AND %(last)s
                     ORDER BY id LIMIT %(batch)s
                    """,
                    day=self.env["tibillet.daily.totals"]._day_sql(),
                    company=company.id,
                    seen=seen,
                    first=first,
                    last=last,
                    batch=BATCH,
                )
            )
            if not found:
                return
            seen = found[-1][0]
            yield orders.browse([order_id for order_id, _day in found]), dict(found)

    @api.model
    def _whose(self, company, kind, first, last):
        place = self.env["tibillet.place"]._of_company(company)
        return {
            "company": {
                "name": company.name,
                "registry": company.company_registry or "",
                "vat": company.vat or "",
                "country": company.country_id.code or "",
            },
            "currency": {
                "code": company.currency_id.name,
                "digits": company.currency_id.decimal_places,
            },
            "period": {
                "kind": kind,
                "first": str(first),
                "last": str(last),
                "timezone": place.tz,
                "day_starts_at_hour": place.business_day_hour,
            },
        }

    @api.model
    def _incomplete(self, company, last):
        """Why orders of the period may still come: it is not over, or a session is open.

        :return: list of ``{"why", "name"}``
        """
        place = self.env["tibillet.place"]._of_company(company)
        reasons = []
        if place._business_day() <= last:
            reasons.append({"why": "period_not_over", "name": str(last)})
        sessions = self.env["pos.session"].search(
            [("config_id.company_id", "=", company.id), ("state", "!=", "closed")], order="id"
        )
        reasons += [
            {"why": "session_open", "name": session.name}
            for session in sessions
            if session.start_at and place._business_day(session.start_at) <= last
        ]
        return reasons
