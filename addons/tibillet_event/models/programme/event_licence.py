from odoo import api, fields, models
from odoo.tools import format_date


class EventEvent(models.Model):
    """The organiser's licence: printed on the page, and a warning before it is too late."""

    _inherit = "event.event"

    tibillet_licence = fields.Char(
        string="Show licence", compute="_compute_tibillet_licence", compute_sudo=True
    )
    tibillet_licence_warning = fields.Char(
        compute="_compute_tibillet_licence_warning", compute_sudo=True
    )

    @api.depends("company_id.tibillet_licence")
    def _compute_tibillet_licence(self):
        for event in self:
            event.tibillet_licence = event.company_id.tibillet_licence

    @api.depends("company_id.tibillet_licence", "company_id.tibillet_licence_until", "date_begin")
    def _compute_tibillet_licence_warning(self):
        today = fields.Date.context_today(self)
        for event in self:
            company = event.company_id
            until = company.tibillet_licence and company.tibillet_licence_until
            day = event.date_begin and event.date_begin.date()
            if until and until < today:
                sentence = self.env._(
                    "The show licence of %(company)s ended on %(day)s.",
                    company=company.name,
                    day=format_date(self.env, until),
                )
            elif until and day and until < day:
                sentence = self.env._(
                    "The show licence of %(company)s ends on %(day)s, before this event.",
                    company=company.name,
                    day=format_date(self.env, until),
                )
            elif until and company._tibillet_licence_stage(today):
                sentence = company._tibillet_licence_sentence()
            else:
                sentence = False
            event.tibillet_licence_warning = sentence
