"""Late settlements: a word each week to who has to act. No interest is ever added."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .tibillet_settlement import OPEN_STATES

#: Between two reminders of one settlement.
DAYS_BETWEEN = 7


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    reminded_on = fields.Date(string="Last reminder", readonly=True, copy=False)

    @api.model
    def _cron_remind(self):
        """Each settlement that is late, a week after its last reminder. One that is disputed is
        not to be paid: it is left to who disputes it."""
        today = fields.Date.context_today(self)
        settlements_sudo = self.sudo()  # of every pair
        for settlement_sudo in settlements_sudo.search(
            [
                ("state", "in", OPEN_STATES),
                ("state", "!=", "disputed"),
                ("due_date", "<", today),
                "|",
                ("reminded_on", "=", False),
                ("reminded_on", "<=", today - timedelta(days=DAYS_BETWEEN)),
            ]
        ):
            settlement_sudo._remind()
            settlement_sudo.reminded_on = today

    def _remind(self):
        pair = self.first_company_id | self.second_company_id
        if self.state == "agreed":
            told = self.debtor_company_id
        else:
            told = (self.first_company_id if not self.agreed_first_by_id else pair.browse()) | (
                self.second_company_id if not self.agreed_second_by_id else pair.browse()
            )
        for user in self.env["tibillet.acceptance"]._accountants_of(told):
            spoken = self.with_context(lang=user.lang)
            spoken.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.context_today(self),
                user_id=user.id,
                summary=spoken._reminder_text(),
            )

    def _reminder_text(self):
        texts = {"reference": self.reference, "day": format_date(self.env, self.due_date)}
        if self.state == "agreed":
            return self.env._(
                "%(reference)s was due on %(day)s: %(rest)s is left to pay to %(creditor)s. No "
                "interest is added.",
                rest=self._format(self.rest_minor),
                creditor=self.creditor_company_id.name,
                **texts,
            )
        return self.env._(
            "%(reference)s was due on %(day)s and waits for your agreement, or for what is wrong.",
            **texts,
        )
