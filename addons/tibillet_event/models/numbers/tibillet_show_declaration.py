"""What an organiser declares of its shows: the quarter's declaration, the base of the tax."""

import base64
from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ...table_files import as_csv, as_xlsx
from ..refunds.shares import spread

#: CIBS L. 452-14 and following: of the receipts of tickets without VAT (practice-france 17).
VARIETY_PERCENT = 3.5
#: Kinds of show on which the tax on variety bears; theatre and opera go to another fund.
VARIETY_DOMAINS = ("music", "variety", "humour")
MINORS = ("receipts_minor", "vat_minor")
ROLES = (
    "tibillet_event.tibillet_event_group_manager",
    "tibillet_wallet.tibillet_wallet_group_reader",
)


class TibilletShowDeclaration(models.TransientModel):
    """A quarter's shows: tickets per performance and price, and the base of the variety tax.

    The declaration is due before the tenth of the month after the quarter. It counts the tickets
    of the performances played in the quarter, whenever they were sold, without the cancelled ones.
    """

    _name = "tibillet.show.declaration"
    _description = "Declaration of shows"

    company_id = fields.Many2one(
        "res.company", string="Organiser", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Integer(required=True, default=lambda self: self._last_quarter()[0])
    quarter = fields.Selection(
        [("1", "1st"), ("2", "2nd"), ("3", "3rd"), ("4", "4th")],
        required=True,
        default=lambda self: str(self._last_quarter()[1]),
    )
    due = fields.Date(string="Before", compute="_compute_rows")
    missing = fields.Text(string="To be completed", compute="_compute_rows")
    line_ids = fields.One2many(
        "tibillet.show.declaration.line", "declaration_id", compute="_compute_rows"
    )
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.model
    def _last_quarter(self):
        today = fields.Date.context_today(self)
        ended = today.replace(day=1, month=3 * ((today.month - 1) // 3) + 1) - timedelta(days=1)
        return ended.year, (ended.month + 2) // 3

    def _check_may(self):
        """:raises AccessError: for who neither manages the programme nor reads the books"""
        if self.company_id not in self.env.user.company_ids or not any(
            self.env.user.has_group(role) for role in ROLES
        ):
            raise AccessError(
                self.env._("Only who manages the programme or reads the books declares shows.")
            )

    @api.constrains("year")
    def _check_year(self):
        for one in self:
            if not 2000 <= one.year <= 2100:
                raise UserError(self.env._("Write the year with four digits."))

    # -- what was played -------------------------------------------------------------------------

    def _bounds(self):
        """First day of the quarter, and of the next one, as naive UTC at the place."""
        self.ensure_one()
        month = 3 * int(self.quarter or "1") - 2
        first = date(self.year, month, 1)
        after = date(self.year + month // 10, (month + 2) % 12 + 1, 1)
        place_sudo = self.env["tibillet.place"].sudo()._of_company(self.company_id)
        zone = pytz.timezone(place_sudo.tz or "Europe/Paris")
        return tuple(
            zone.localize(datetime.combine(day, time())).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (first, after)
        )

    def _rows(self):
        """One row per performance and price of the quarter, in order of their beginning.

        :return: list of dicts; amounts in minor units
        """
        self.ensure_one()
        self._check_may()
        start, end = self._bounds()
        self.env.flush_all()
        names = ("event_id", "show", "begin_at", "price_minor", "tickets", "receipts_minor")
        names += ("vat_minor", "paid_in", "domain", "place", "city", "venue")
        found = self.env.execute_query(
            SQL(
                """
                SELECT n.event_id, n.event_name, n.begin_at, n.price_minor, count(*),
                       sum(n.price_minor)::bigint, sum(n.vat_minor)::bigint, n.paid_in,
                       e.tibillet_show_domain, p.name, p.city, p.tibillet_venue
                  FROM tibillet_ticket_number n
                  LEFT JOIN event_event e ON e.id = n.event_id
                  LEFT JOIN res_partner p ON p.id = e.address_id
                 WHERE n.company_id = %s AND n.cancelled_at IS NULL
                   AND n.begin_at >= %s AND n.begin_at < %s
                 GROUP BY n.event_id, n.event_name, n.begin_at, n.price_minor, n.paid_in,
                          e.tibillet_show_domain, p.name, p.city, p.tibillet_venue
                 ORDER BY n.begin_at, n.event_name, n.price_minor DESC
                """,
                self.company_id.id,
                start,
                end,
            )
        )
        return [dict(zip(names, row, strict=True)) for row in found]

    @api.depends("company_id", "year", "quarter")
    def _compute_rows(self):
        for one in self:
            one.line_ids = False
            one.missing = False
            one.due = False
            if not one.quarter or not 2000 <= one.year <= 2100:
                continue
            rows = one._rows()
            unit = 10**one.currency_id.decimal_places
            month = 3 * int(one.quarter) % 12 + 1
            one.due = date(one.year + (month == 1), month, 10)
            one.line_ids = [
                fields.Command.create(
                    {
                        "show": row["show"],
                        "begin_at": row["begin_at"],
                        "domain": row["domain"],
                        "place": row["place"],
                        "tickets": row["tickets"],
                        "price": row["price_minor"] / unit,
                        "receipts": row["receipts_minor"] / unit,
                        "base": one._base(row) / unit,
                        "tax": tax / unit,
                    }
                )
                for row, tax in zip(rows, one._taxes(rows), strict=True)
            ]
            one.missing = "\n".join(one._incomplete(rows)) or False

    def _base(self, row):
        return row["receipts_minor"] - row["vat_minor"]

    def _tax(self, row):
        """3.5 % of a performance's receipts without VAT, where the tax on variety bears."""
        if row["domain"] not in VARIETY_DOMAINS:
            return 0
        return round(self._base(row) * VARIETY_PERCENT / 100)

    def _taxes(self, rows):
        """The tax of each row; those of a performance add up to what is owed for it as a whole."""
        found = [0] * len(rows)
        shows = {}
        for at, row in enumerate(rows):
            shows.setdefault((row["show"], row["begin_at"], row["domain"]), []).append(at)
        for places in shows.values():
            whole = {name: sum(rows[at][name] for at in places) for name in MINORS}
            tax = self._tax({**rows[places[0]], **whole})
            shares = spread(tax, [self._base(rows[at]) for at in places])
            for at, share in zip(places, shares, strict=True):
                found[at] = share
        return found

    def _incomplete(self, rows):
        """What the declaration needs and nobody wrote yet, a sentence each."""
        said = {}
        for row in rows:
            when = format_date(self.env, row["begin_at"])
            lacks = [
                word
                for word, value in (
                    (self.env._("kind of show"), row["domain"]),
                    (self.env._("place"), row["place"]),
                    (self.env._("type of place"), row["venue"]),
                )
                if not value
            ]
            if lacks:
                said[row["show"], when] = f"{row['show']} ({when}): {', '.join(lacks)}"
        return list(said.values())

    # -- files -----------------------------------------------------------------------------------

    def action_declaration(self):
        """The quarter's declaration as a file: shows only."""
        unit = 10**self.currency_id.decimal_places
        domains = self._words("event.event", "tibillet_show_domain")
        venues = self._words("res.partner", "tibillet_venue")
        heads = [
            self.env._("Show"),
            self.env._("Kind of show"),
            self.env._("Performance"),
            self.env._("Place"),
            self.env._("Town"),
            self.env._("Type of place"),
            self.env._("Price"),
            self.env._("Tickets"),
            self.env._("Receipts"),
        ]
        rows = [
            [
                row["show"],
                domains.get(row["domain"], ""),
                self._wall(row["begin_at"]),
                row["place"],
                row["city"],
                venues.get(row["venue"], ""),
                row["price_minor"] / unit or row["paid_in"] or self.env._("free"),
                row["tickets"],
                row["receipts_minor"] / unit,
            ]
            for row in self._rows()
            if row["domain"]
        ]
        return self._download("shows", as_csv(heads, rows), "csv")

    def action_tax(self):
        """The base of the variety tax per performance, as a sheet."""
        unit = 10**self.currency_id.decimal_places
        heads = [
            self.env._("Show"),
            self.env._("Performance"),
            self.env._("Tickets"),
            self.env._("Receipts"),
            self.env._("VAT"),
            self.env._("Base without VAT"),
            self.env._("Tax %s %%", VARIETY_PERCENT),
        ]
        performances = {}
        for row in self._rows():
            if row["domain"] not in VARIETY_DOMAINS:
                continue
            key = (row["show"], row["begin_at"])
            sums = performances.setdefault(key, {"domain": row["domain"], "tickets": 0})
            for name in ("tickets", "receipts_minor", "vat_minor"):
                sums[name] = sums.get(name, 0) + row[name]
        rows = [
            [
                show,
                self._wall(begin),
                sums["tickets"],
                sums["receipts_minor"] / unit,
                sums["vat_minor"] / unit,
                self._base(sums) / unit,
                self._tax(sums) / unit,
            ]
            for (show, begin), sums in performances.items()
        ]
        return self._download("variety-tax", as_xlsx("Variety tax", heads, rows), "xlsx")

    def _words(self, model, field):
        """What each value of a selection is called, in the language of who asks."""
        return dict(self.env[model]._fields[field]._description_selection(self.env))

    def _wall(self, at):
        place_sudo = self.env["tibillet.place"].sudo()._of_company(self.company_id)
        zone = pytz.timezone(place_sudo.tz or "Europe/Paris")
        return pytz.utc.localize(at).astimezone(zone).replace(tzinfo=None)

    def _download(self, name, content, kind):
        self.ensure_one()
        self.write(
            {
                "file": base64.b64encode(content),
                "file_name": f"{name}-{self.year}-T{self.quarter}.{kind}",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }


class TibilletShowDeclarationLine(models.TransientModel):
    """A performance and a price of the quarter, shown."""

    _name = "tibillet.show.declaration.line"
    _description = "Line of the declaration of shows"

    declaration_id = fields.Many2one("tibillet.show.declaration", ondelete="cascade")
    currency_id = fields.Many2one(related="declaration_id.currency_id")
    show = fields.Char()
    begin_at = fields.Datetime(string="Performance")
    domain = fields.Selection(
        selection=lambda self: self.env["event.event"]._fields["tibillet_show_domain"].selection,
        string="Kind of show",
    )
    place = fields.Char()
    tickets = fields.Integer()
    price = fields.Monetary()
    receipts = fields.Monetary()
    base = fields.Monetary(string="Without VAT")
    tax = fields.Monetary(string="Variety tax")
