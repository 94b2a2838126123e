from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, mute_logger

FIRST = "A"


class TibilletTicketSeries(models.Model):
    """A series of ticket numbers of an organiser, without a gap (CGI 290 quater; practice 17).

    Each organiser has the series ``A`` from its first ticket on; others are made for who wants
    the numbers of a festival, or of a hall, apart.
    """

    _name = "tibillet.ticket.series"
    _description = "Series of ticket numbers"
    _order = "company_id, name"

    name = fields.Char(
        string="Series", required=True, help="Before each number: A gives A-000001, A-000002…"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Organiser",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    last_number = fields.Integer(string="Last number", readonly=True, copy=False)

    _name_unique = models.Constraint(
        "UNIQUE (company_id, name)", "This organiser has a series of this name already."
    )

    @api.constrains("name")
    def _check_name(self):
        for series in self:
            name = series.name or ""
            if not (0 < len(name) <= 8 and name.isascii() and name.isalnum()):
                raise ValidationError(
                    self.env._("A series has 1 to 8 letters or digits, without accents.")
                )

    def write(self, vals):
        with self._kept():
            result = super().write(vals)
            self.flush_recordset()
        return result

    def unlink(self):
        with self._kept():
            return super().unlink()

    @contextmanager
    def _kept(self):
        """Let the database refuse what changes numbers that are out, as a sentence."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                yield
        except IntegrityError as error:
            if error.diag.constraint_name != "tibillet_ticket_series_kept":
                raise
            raise UserError(
                self.env._(
                    "This series has given numbers: it keeps its name and its organiser."
                    " Make another series."
                )
            ) from error

    @api.model
    def _first_of(self, company):
        """The series that an organiser's tickets have when nothing else is chosen, in sudo."""
        series_sudo = self.sudo()  # whoever's act gives a number
        # two first tickets at once make one series: the second waits, or runs again
        self.env.cr.execute(
            SQL(
                "INSERT INTO tibillet_ticket_series (company_id, name, last_number)"
                " VALUES (%s, %s, 0) ON CONFLICT DO NOTHING",
                company.id,
                FIRST,
            )
        )
        return series_sudo.search([("company_id", "=", company.id), ("name", "=", FIRST)], limit=1)
