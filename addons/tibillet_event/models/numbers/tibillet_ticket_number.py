from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import AccessError

SQL_FILE = Path(__file__).parents[2] / "sql" / "tickets.sql"


class TibilletTicketNumber(models.Model):
    """A ticket as it was given: its number, category and price, for ever.

    The registration may change or go; this row says what was sold, when and by which way, as
    controls read it. Written by :class:`tibillet.ticket.issue`, guarded in the database.
    """

    _name = "tibillet.ticket.number"
    _description = "Ticket number"
    _order = "series_id, number desc"
    _log_access = False

    name = fields.Char(string="Number", readonly=True)
    series_id = fields.Many2one(
        "tibillet.ticket.series", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Integer(string="Rank", readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Organiser", readonly=True, index=True, ondelete="restrict"
    )
    registration_id = fields.Many2one(
        "event.registration", readonly=True, index="btree_not_null", ondelete="set null"
    )
    event_id = fields.Many2one(
        "event.event", readonly=True, index="btree_not_null", ondelete="set null"
    )
    event_name = fields.Char(string="Show", readonly=True)
    begin_at = fields.Datetime(string="Performance", readonly=True)
    category = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    price_minor = fields.Integer(string="Price (minor units)", readonly=True)
    vat_minor = fields.Integer(string="VAT in it (minor units)", readonly=True)
    price = fields.Monetary(compute="_compute_price")
    paid_in = fields.Char(
        string="Paid in",
        readonly=True,
        help="What a card paid of it in time or points; its price is then 0, or its declared one.",
    )
    channel = fields.Char(readonly=True)
    issued_at = fields.Datetime(string="Given", readonly=True)
    cancelled_at = fields.Datetime(string="Cancelled", readonly=True)

    _number_unique = models.Constraint(
        "UNIQUE (series_id, number)", "A number is given once in its series."
    )
    _one_live = models.UniqueIndex("(registration_id) WHERE cancelled_at IS NULL")
    _issued = models.Index("(company_id, issued_at)")
    _cancelled = models.Index("(company_id, cancelled_at) WHERE cancelled_at IS NOT NULL")

    def init(self):
        self.pool.post_init(self._install_sql)

    def _install_sql(self):
        self.env.cr.execute(SQL_FILE.read_text())

    @api.depends("price_minor", "currency_id")
    def _compute_price(self):
        for ticket in self:
            ticket.price = ticket.price_minor / 10 ** (ticket.currency_id.decimal_places or 2)

    @api.model_create_multi
    def create(self, vals_list):
        raise self._by_the_issue()

    def write(self, vals):
        raise self._by_the_issue()

    def unlink(self):
        raise self._by_the_issue()

    def _by_the_issue(self):
        return AccessError(
            self.env._("Ticket numbers are given with the seats; nobody writes or deletes them.")
        )
