from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .tibillet_till_archive import PERIODS


class TibilletTillArchiveForm(models.TransientModel):
    """Choose the month or the year whose orders are archived."""

    _name = "tibillet.till.archive.form"
    _description = "Archive of the tills: period"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [("month", "Month"), ("year", "Accounting year")],
        string="Period",
        required=True,
        default=PERIODS[0],
    )
    day = fields.Date(
        string="A day in it",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1) - timedelta(days=1),
    )
    first = fields.Date(string="From", compute="_compute_period")
    last = fields.Date(string="To", compute="_compute_period")
    notice = fields.Text(compute="_compute_period")

    @api.depends("company_id", "kind", "day")
    def _compute_period(self):
        archive = self.env["tibillet.till.archive"]
        for form in self:
            form.first = form.last = form.notice = False
            if not (form.company_id and form.kind and form.day):
                continue
            archive._check_may(form.company_id)
            form.first, form.last = archive._period(form.company_id, form.kind, form.day)
            archive_sudo = archive.sudo()  # names of open sessions, after the check above
            reasons = archive_sudo._incomplete(form.company_id.sudo(), form.last)
            form.notice = "\n".join(form._told(reason) for reason in reasons)

    def _told(self, reason):
        if reason["why"] == "session_open":
            return self.env._(
                "Session %s is open: its orders so far are in it, marked incomplete.",
                reason["name"],
            )
        return self.env._(
            "The period ends on %s only: what is there so far is in it, marked incomplete.",
            format_date(self.env, reason["name"]),
        )

    def action_download(self):
        """Download the archive of the period."""
        self.ensure_one()
        self.check_access("read")
        archive = self.env["tibillet.till.archive"]
        archive._check_may(self.company_id)
        archive._period(self.company_id, self.kind, self.day)
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/tills/{self.company_id.id}/archive.zip"
            f"?kind={self.kind}&day={self.day}",
            "target": "download",
        }
