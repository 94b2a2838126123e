from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_refund_rule_ids = fields.One2many(
        "tibillet.ticket.refund.rule",
        "event_id",
        string="Cancelled by visitors",
        copy=True,
        help="Without rules of its own an event follows those of its kind.",
    )

    def _tibillet_refund_rules(self):
        """The rules that hold: the event's own, else its kind's."""
        self.ensure_one()
        return self.tibillet_refund_rule_ids or self.event_type_id.tibillet_refund_rule_ids

    def _tibillet_refund_rule(self, begin=None, now=None):
        """The rule of this moment, or none: of those that still hold, the strictest in days.

        :param begin: of a slot, when the ticket is for one
        """
        self.ensure_one()
        left = (begin or self.date_begin) - (now or fields.Datetime.now())
        return (
            self._tibillet_refund_rules()
            .filtered(lambda rule: left >= timedelta(days=rule.days_before) and left > timedelta())
            .sorted("days_before", reverse=True)[:1]
        )

    def _tibillet_cancelled(self):
        """Who paid gets price and fees back, by a job of its own."""
        result = super()._tibillet_cancelled()
        self._tibillet_refund_all()
        return result

    def _tibillet_refund_all(self):
        """Begin, or wake, the job that pays everybody back; one per event."""
        jobs_sudo = self.env["tibillet.ticket.refund.job"].sudo()  # written by acts alone
        for event in self:
            job_sudo = jobs_sudo.search([("event_id", "=", event.id)], limit=1)
            if not job_sudo:
                job_sudo = jobs_sudo.create({"event_id": event.id})
            jobs_sudo |= job_sudo
        jobs_sudo._wake()
        return jobs_sudo

    def action_tibillet_refund_all(self):
        """Pay everybody of a cancelled event back (again: who was left out).

        :raises UserError: when the event is not cancelled
        """
        self.ensure_one()
        self.check_access("write")
        if self.kanban_state != "cancel":
            raise UserError(
                self.env._("Everybody is paid back when the event is cancelled: cancel it first.")
            )
        job_sudo = self._tibillet_refund_all()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Paid back"),
            "res_model": "tibillet.ticket.refund.job",
            "res_id": job_sudo.id,
            "view_mode": "form",
        }
