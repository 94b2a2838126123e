"""Hours of volunteers in an association's books: 864 and 875, beside the balance sheet."""

from datetime import date

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

KEPT = {"company_id", "date", "hours", "rate", "reason"}


class TibilletVolunteerYear(models.Model):
    """What volunteers gave in a year, at an hour's worth: ANC 2018-06, articles 211-1 to 211-4.

    Both accounts are off balance, so no result and no tax change.
    """

    _name = "tibillet.volunteer.year"
    _description = "Volunteers' hours"
    _order = "date desc, id desc"
    _rec_name = "reason"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Year's end",
        required=True,
        default=lambda self: date(fields.Date.context_today(self).year - 1, 12, 31),
    )
    hours = fields.Float(required=True, digits=(12, 2))
    rate = fields.Monetary(
        string="Worth of an hour",
        required=True,
        help="For instance what the same work would be paid by the hour, charges included.",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)
    reason = fields.Char(
        string="What and how counted",
        required=True,
        help="Which work, from which list of hours, and why this worth: for the annex.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("written", "Written"), ("undone", "Undone")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, copy=False, ondelete="restrict"
    )
    undo_move_id = fields.Many2one(
        "account.move",
        string="Entry that undoes it",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    @api.depends("hours", "rate")
    def _compute_amount(self):
        for year in self:
            year.amount = year.currency_id.round(year.hours * year.rate)

    @api.constrains("hours", "rate")
    def _check_amount(self):
        for year in self:
            if year.hours <= 0 or year.rate <= 0:
                raise ValidationError(
                    self.env._("Write how many hours, and what an hour is worth: above zero.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name in KEPT} for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (set(vals) - KEPT or any(year.state != "draft" for year in self)):
            raise UserError(
                self.env._("It is written in the books: undo it and write another one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_written(self):
        if any(year.state != "draft" for year in self):
            raise UserError(
                self.env._("It was written in the books: it stays in the list, undone or not.")
            )

    def action_write(self):
        """Write 864 against 875 at the year's end.

        :raises UserError: without chart, or when the period is closed
        """
        self.ensure_one()
        self.check_access("write")
        self.env["tibillet.book.change"]._check_may(self.company_id)
        self._take_turn("draft")
        year_sudo = self.with_env(self.env(user=SUPERUSER_ID, su=True))  # one entry, checked above
        company_sudo = year_sudo.company_id
        if not company_sudo._tibillet_ensure_accounts():
            raise UserError(
                self.env._("%s has no chart of accounts: load one first.", company_sudo.name)
            )
        roles_sudo = year_sudo.env["tibillet.book.account"]
        move_sudo = (
            year_sudo.env["account.move"]
            .with_company(company_sudo)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company_sudo.id,
                    "journal_id": company_sudo.tibillet_journal_id.id,
                    "date": self.date,
                    "ref": self.reason,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": roles_sudo._account(company_sudo, role).id,
                                "name": self.reason,
                                "balance": sign * self.amount,
                            }
                        )
                        for role, sign in (("volunteer_use", 1), ("volunteer_gift", -1))
                    ],
                }
            )
        )
        self._check_open(company_sudo)
        move_sudo._post(soft=False)
        year_sudo.write({"state": "written", "move_id": move_sudo.id})

    def action_undo(self):
        """Write the opposite on the same day.

        :raises UserError: when it is not written, or the period is closed
        """
        self.ensure_one()
        self.check_access("write")
        self.env["tibillet.book.change"]._check_may(self.company_id)
        self._take_turn("written")
        year_sudo = self.with_env(self.env(user=SUPERUSER_ID, su=True))  # as above
        self._check_open(year_sudo.company_id)
        back_sudo = year_sudo.move_id._reverse_moves(
            [{"date": self.date, "ref": self.env._("Undone: %s", self.reason)}]
        )
        back_sudo._post(soft=False)
        year_sudo.write({"state": "undone", "undo_move_id": back_sudo.id})

    def _take_turn(self, state):
        """Of two clicks at once the later finds it done. :raises UserError: then"""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tibillet_volunteer_year SET state = state WHERE id = %s AND state = %s",
            [self.id, state],
        )
        if not self.env.cr.rowcount:
            raise UserError(self.env._("This was done already: look at the list again."))

    def _check_open(self, company):
        if company._get_violated_lock_dates(self.date, False, company.tibillet_journal_id):
            raise UserError(
                self.env._("The books are closed on that day: choose a day of an open year.")
            )
