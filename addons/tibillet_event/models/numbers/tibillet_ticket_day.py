"""The statement of a day's tickets per performance and category (50 sexies B; practice 17)."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

#: A transaction that began before the day's end has ended by then.
REST = timedelta(minutes=30)
#: How far back the clock looks for a day that has no statement.
BACK = timedelta(days=62)
KEPT = ("event_name", "begin_at", "category", "series", "first", "last", "paid", "free")
KEPT += ("cancelled", "paid_in")


class TibilletTicketDay(models.Model):
    """What was given and cancelled on a business day; made at night, kept, never changed."""

    _name = "tibillet.ticket.day"
    _description = "Statement of a day's tickets"
    _order = "day desc, company_id"

    company_id = fields.Many2one(
        "res.company", string="Organiser", required=True, readonly=True, ondelete="restrict"
    )
    day = fields.Date(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    line_ids = fields.One2many("tibillet.ticket.day.line", "day_id", readonly=True)
    paid = fields.Integer(string="Paid tickets", readonly=True)
    free = fields.Integer(string="Free tickets", readonly=True)
    cancelled = fields.Integer(string="Cancelled tickets", readonly=True)
    receipts = fields.Monetary(readonly=True)

    _day_unique = models.Constraint(
        "UNIQUE (company_id, day)", "This day has its statement already."
    )

    @api.depends("company_id", "day")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.company_id.name} {one.day}"

    def write(self, vals):
        raise self._kept()

    def unlink(self):
        raise self._kept()

    def _kept(self):
        return AccessError(
            self.env._("Statements are made at night from the tickets, and kept six years.")
        )

    # -- made at night ---------------------------------------------------------------------------

    @api.model
    def _cron_make(self):
        """Make the statement of each day that is over and has none."""
        for company_id, day in self._missing():
            self._make(self.env["res.company"].browse(company_id), day)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _missing(self):
        """(company id, business day) of days that are over and have tickets but no statement."""
        return self.env.execute_query(
            SQL(
                """
                SELECT n.company_id, day FROM (
                       SELECT company_id, issued_at AS at FROM tibillet_ticket_number
                        WHERE issued_at > tibillet_now() - %(back)s
                        UNION ALL
                       SELECT company_id, cancelled_at FROM tibillet_ticket_number
                        WHERE cancelled_at > tibillet_now() - %(back)s) n
                  LEFT JOIN tibillet_place p ON p.company_id = n.company_id
                 CROSS JOIN LATERAL (SELECT %(day)s AS day, %(today)s AS today) d
                 WHERE day < today
                   AND NOT EXISTS (SELECT FROM tibillet_ticket_day s
                                    WHERE s.company_id = n.company_id AND s.day = d.day)
                 GROUP BY 1, 2 ORDER BY 2, 1
                """,
                back=BACK,
                day=self.env["tibillet.books"]._business_day_sql(SQL("n.at")),
                today=self.env["tibillet.books"]._business_day_sql(
                    SQL("(tibillet_now() - %s)", REST)
                ),
            )
        )

    @api.model
    def _make(self, company, day):
        """The statement of a day, from the numbers as they stand.

        The series are locked: whoever is giving numbers of that day finishes first.
        """
        self.env.cr.execute(
            SQL(
                "SELECT id FROM tibillet_ticket_series WHERE company_id = %s ORDER BY id"
                " FOR UPDATE",
                company.id,
            )
        )
        made_sudo = self.sudo()  # by the clock; readers write nothing
        place_sudo = self.env["tibillet.place"].sudo()._of_company(company)
        rows = self._rows(company, *place_sudo._business_day_bounds(day))
        unit = 10 ** company.sudo().currency_id.decimal_places
        return made_sudo.create(
            {
                "company_id": company.id,
                "day": day,
                "currency_id": company.sudo().currency_id.id,
                "paid": sum(row["paid"] for row in rows),
                "free": sum(row["free"] for row in rows),
                "cancelled": sum(row["cancelled"] for row in rows),
                "receipts": sum(row["receipts_minor"] for row in rows) / unit,
                "line_ids": [
                    fields.Command.create(
                        {
                            **{key: row[key] for key in KEPT},
                            "price": row["price_minor"] / unit,
                            "vat": row["vat_minor"] / unit,
                            "receipts": row["receipts_minor"] / unit,
                        }
                    )
                    for row in rows
                ],
            }
        )

    @api.model
    def _rows(self, company, start, end):
        """Tickets given and cancelled from ``start`` (included) to ``end``, per category.

        :return: list of dicts; amounts in minor units, receipts and VAT without what was cancelled
        """
        self.env["tibillet.ticket.number"].flush_model()
        names = ("event_name", "begin_at", "category", "price_minor", "series", "paid_in")
        found = self.env.execute_query(
            SQL(
                """
                SELECT n.event_name, n.begin_at, n.category, n.price_minor, s.name, n.paid_in,
                       min(n.number) FILTER (WHERE given), max(n.number) FILTER (WHERE given),
                       count(*) FILTER (WHERE given AND (n.price_minor > 0 OR n.paid_in <> '')),
                       count(*) FILTER (WHERE given AND n.price_minor = 0
                                        AND COALESCE(n.paid_in, '') = ''),
                       count(*) FILTER (WHERE gone),
                       COALESCE(sum(n.price_minor * (given::int - gone::int)), 0)::bigint,
                       COALESCE(sum(n.vat_minor * (given::int - gone::int)), 0)::bigint
                  FROM tibillet_ticket_number n
                  JOIN tibillet_ticket_series s ON s.id = n.series_id
                 CROSS JOIN LATERAL (SELECT
                       n.issued_at >= %(start)s AND n.issued_at < %(end)s AS given,
                       COALESCE(n.cancelled_at >= %(start)s AND n.cancelled_at < %(end)s,
                                false) AS gone) t
                 WHERE n.company_id = %(company)s AND (given OR gone)
                 GROUP BY 1, 2, 3, 4, 5, 6
                 ORDER BY 2, 1, 4 DESC, 3, 5, 6
                """,
                company=company.id,
                start=start,
                end=end,
            )
        )
        numbers = ("first", "last", "paid", "free", "cancelled", "receipts_minor", "vat_minor")
        return [
            defaultdict(
                int,
                {
                    name: value or 0 if name in numbers else value
                    for name, value in zip(names + numbers, row, strict=True)
                },
            )
            for row in found
        ]


class TibilletTicketDayLine(models.Model):
    """One category of one performance on a day."""

    _name = "tibillet.ticket.day.line"
    _description = "Line of a day's tickets"
    _order = "begin_at, event_name, price desc, id"

    day_id = fields.Many2one(
        "tibillet.ticket.day", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="day_id.company_id", store=True)
    currency_id = fields.Many2one(related="day_id.currency_id")
    event_name = fields.Char(string="Show", readonly=True)
    begin_at = fields.Datetime(string="Performance", readonly=True)
    category = fields.Char(readonly=True)
    series = fields.Char(readonly=True)
    first = fields.Integer(string="First number", readonly=True)
    last = fields.Integer(string="Last number", readonly=True)
    paid = fields.Integer(readonly=True)
    free = fields.Integer(readonly=True)
    cancelled = fields.Integer(readonly=True)
    price = fields.Monetary(readonly=True)
    paid_in = fields.Char(string="Paid in", readonly=True)
    vat = fields.Monetary(string="VAT", readonly=True)
    receipts = fields.Monetary(readonly=True)

    def write(self, vals):
        raise self.day_id._kept()

    def unlink(self):
        raise self.day_id._kept()
