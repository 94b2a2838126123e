"""Hours of volunteers in a period: a table, and a certificate for one of them."""

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from odoo.addons.tibillet_wallet.printed_page import FONT, pages, plain, ruled_table, use_font

from ...table_files import as_csv, as_xlsx

#: Of the day, the mission and the hours, in millimetres.
WIDTHS = (34, 116, 24)


class TibilletVolunteerHours(models.TransientModel):
    """Which period, which company; an hour's worth only values the table for the accounts."""

    _name = "tibillet.volunteer.hours"
    _description = "Hours of volunteers"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "year"),
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    partner_id = fields.Many2one("res.partner", string="Volunteer", help="For the certificate.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    rate = fields.Monetary(
        string="Worth of an hour",
        help="For the accounts alone (864 and 875): volunteers are paid nothing.",
    )
    hours = fields.Float(string="Hours in all", compute="_compute_hours", digits=(12, 2))

    @api.depends("company_id", "date_from", "date_to")
    def _compute_hours(self):
        for one in self:
            one.hours = sum(row.hours for row in one._rows())

    def _rows(self, partner=None):
        """Shifts on which somebody was present.

        :raises AccessError: for who does not read shifts
        """
        self.ensure_one()
        found = self.env["tibillet.shift.volunteer"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "present"),
                ("shift_id.day", ">=", self.date_from),
                ("shift_id.day", "<=", self.date_to),
                *([("partner_id", "=", partner.id)] if partner else []),
            ]
        )
        return found.sorted("date_begin")

    def _as_table(self):
        """(heads, rows): per person shifts, hours and worth, and their sum."""
        rate = self.rate or 0.0
        rows = [
            [person.name, len(mine), hours := round(sum(mine.mapped("hours")), 2), hours * rate]
            for person, mine in self._rows().grouped("partner_id").items()
        ]
        rows.sort(key=lambda row: row[0].lower())
        sums = [sum(row[at] for row in rows) for at in (1, 2, 3)]
        heads = [
            self.env._("Volunteer"),
            self.env._("Shifts"),
            self.env._("Hours"),
            self.env._("Worth (%s an hour)", formatLang(self.env, rate, digits=2)),
        ]
        return heads, [*rows, [self.env._("Sum"), *sums]]

    def _file(self, kind):
        """The table as ``csv`` or ``xlsx``."""
        heads, rows = self._as_table()
        return as_csv(heads, rows) if kind == "csv" else as_xlsx(self.env._("Hours"), heads, rows)

    def _certificate(self):
        """The certificate of one volunteer: missions and hours, no money.

        :raises UserError: without a person, or without hours
        """
        self.ensure_one()
        rows = self._rows(self.partner_id) if self.partner_id else []
        if not rows:
            raise UserError(
                self.env._("Choose a volunteer who was present on a shift of this period.")
            )
        use_font()
        text = ParagraphStyle("text", fontName=FONT, fontSize=10, leading=15)
        head = ParagraphStyle("head", parent=text, fontSize=17, leading=24, spaceAfter=8)
        big = ParagraphStyle("big", parent=text, fontSize=13, leading=18)
        number = lambda hours: formatLang(self.env, hours, digits=2)  # noqa: E731
        title = self.env._("Certificate of volunteering")
        table = [
            [self.env._("Day"), self.env._("Mission"), self.env._("Hours")],
            *[
                [
                    format_date(self.env, row.shift_id.day),
                    f"{row.shift_id.name}, {row.shift_id._occasion().name}",
                    number(row.hours),
                ]
                for row in rows
            ],
        ]
        story = [
            plain(title, head),
            plain(
                self.env._(
                    "%(company)s certifies that %(person)s gave a hand as a volunteer from "
                    "%(from)s to %(to)s, freely and without pay:",
                    company=self.company_id.name,
                    person=self.partner_id.name,
                    **{
                        "from": format_date(self.env, self.date_from),
                        "to": format_date(self.env, self.date_to),
                    },
                ),
                text,
            ),
            Spacer(1, 6 * mm),
            ruled_table(
                [[plain(cell, text) for cell in line] for line in table],
                WIDTHS,
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.grey),
            ),
            Spacer(1, 6 * mm),
            plain(self.env._("%s hours in all.", number(sum(rows.mapped("hours")))), big),
            Spacer(1, 14 * mm),
            plain(
                self.env._(
                    "Issued on %s. Name and signature:", format_date(self.env, fields.Date.today())
                ),
                text,
            ),
        ]
        return pages(title, story, self.env._("Page"))

    def _open(self, kind):
        self.ensure_one()
        url = f"/tibillet/event/volunteers/{self.id}.{kind}"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def action_csv(self):
        """The table for a spreadsheet."""
        return self._open("csv")

    def action_xlsx(self):
        """The table for a spreadsheet, numbers as numbers."""
        return self._open("xlsx")

    def action_certificate(self):
        """The certificate of the volunteer who is chosen."""
        self._certificate()  # says what is missing before a page opens
        return self._open("pdf")
