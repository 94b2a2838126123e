"""An evening by its name: what the live page sums up, from one hour to another."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

MOST = timedelta(days=15)


class TibilletEvening(models.Model):
    """A concert, a market, one night of a festival: at one place, at all its tills or some.

    Nothing is moved or locked by it: orders do not name their evening, they fall into it by
    the clock of the sale. An addon that knows of events makes and moves evenings by ``create``
    and ``write`` like a person does; what it links them with is its own field.
    """

    _name = "tibillet.evening"
    _description = "Evening"
    _order = "begins_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Place",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    begins_at = fields.Datetime(string="From", required=True, default=fields.Datetime.now)
    ends_at = fields.Datetime(string="Until", required=True)
    config_ids = fields.Many2many(
        "pos.config",
        string="Tills",
        check_company=True,
        groups="point_of_sale.group_pos_user",  # who reads no tills reads none here
        help="Empty: every till of the place.",
    )
    last_id = fields.Many2one(
        "tibillet.evening",
        string="Compared with",
        compute="_compute_last_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="set null",
        check_company=True,
        domain="[('company_id', '=', company_id), ('begins_at', '<', begins_at)]",
        help="The same evening last time: the last one of the same name, or the one you choose.",
    )

    _ends_after = models.Constraint(
        "CHECK (ends_at > begins_at)", "An evening ends after it has begun."
    )

    @api.depends("name", "begins_at")
    @api.depends_context("tz", "lang")
    def _compute_display_name(self):
        """Evenings of the same name are told apart by their date."""
        for evening in self:
            at = evening.begins_at and fields.Datetime.context_timestamp(self, evening.begins_at)
            day = format_date(self.env, at.date()) if at else ""
            evening.display_name = f"{evening.name or ''} ({day})"

    @api.depends("name", "company_id", "begins_at")
    def _compute_last_id(self):
        for evening in self:
            same = Domain("company_id", "=", evening.company_id.id)
            same &= Domain("begins_at", "<", evening.begins_at)
            same &= Domain("id", "!=", evening._origin.id)
            name = (evening.name or "").strip().casefold()
            earlier = self.search(same, limit=200) if name and evening.begins_at else self
            evening.last_id = earlier.filtered(lambda e, n=name: e.name.strip().casefold() == n)[:1]

    @api.constrains("begins_at", "ends_at")
    def _check_length(self):
        for evening in self:
            if evening.ends_at - evening.begins_at > MOST:
                raise ValidationError(
                    self.env._("An evening lasts fifteen days at most: name each one of them.")
                )

    @api.constrains("last_id", "begins_at")
    def _check_last(self):
        for evening in self.filtered("last_id"):
            if evening.last_id.begins_at >= evening.begins_at:
                raise ValidationError(
                    self.env._("“%s” is compared with one that came before it.", evening.name)
                )

    def _tills(self):
        """Its tills, or all of the place."""
        self.ensure_one()
        return self.config_ids or self.env["pos.config"].search(
            [("company_id", "=", self.company_id.id)]
        )

    def _window(self):
        self.ensure_one()
        return self.begins_at, self.ends_at
