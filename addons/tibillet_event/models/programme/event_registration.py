"""Who is registered is told when the event is moved or cancelled, in their language."""

import base64
import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

BATCH = 50
TEMPLATES = {
    "moved": "tibillet_event.mail_template_event_moved",
    "cancelled": "tibillet_event.mail_template_event_cancelled",
}


class EventRegistration(models.Model):
    """What is to be told is written on the registration; a scheduler writes the mails in small
    steps, so that thousands do not hold the person who moves an event."""

    _inherit = "event.registration"

    tibillet_notice = fields.Selection(
        [("moved", "Moved"), ("cancelled", "Cancelled")],
        string="To be told",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    tibillet_notice_from = fields.Datetime(
        string="Date they know",
        copy=False,
        readonly=True,
        help="When the event was to begin, as these people were told last.",
    )

    def _tibillet_address(self):
        """Where the person is written to; empty when there is no address."""
        self.ensure_one()
        return self.email or self.partner_id.email

    def _tibillet_notify(self, notice, former=False):
        """Have these people told, once: of the latest date, beside the one that they know."""
        reached = self.filtered(
            lambda one: one._tibillet_address() or one._tibillet_number_to_text()
        )
        if notice == "moved":
            fresh = reached.filtered(lambda one: one.tibillet_notice != "moved")
            fresh.write({"tibillet_notice": "moved", "tibillet_notice_from": former})
        else:
            reached.write({"tibillet_notice": notice, "tibillet_notice_from": False})
        if reached:
            # sudo: the scheduler's own work is waked, nothing is read
            self.env.ref("tibillet_event.ir_cron_event_notices").sudo()._trigger()
        return reached

    @api.model
    def _tibillet_cron_notices(self):
        """Queue the mails that are due, some at a time; one that fails waits for the next run."""
        due = [("tibillet_notice", "!=", False)]
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=self.search_count(due))
        last = 0
        while batch := self.search([*due, ("id", ">", last)], limit=BATCH, order="id"):
            last = batch[-1].id
            for (event, notice), people in batch.grouped(
                lambda one: (one.event_id, one.tibillet_notice)
            ).items():
                people._tibillet_tell(event, notice)
            if not progress._commit_progress(len(batch)):
                return

    def _tibillet_tell(self, event, notice):
        """One mail each in Odoo's queue; of a moved event with its new date for the calendar."""
        template = self.env.ref(TEMPLATES[notice])
        files = event._tibillet_calendar_file() if notice == "moved" else []
        for people in self.grouped(lambda one: one._tibillet_address() and True).values():
            if people[0]._tibillet_address():
                try:
                    with self.env.cr.savepoint():
                        template.send_mail_batch(people.ids, email_values={"attachment_ids": files})
                except Exception as error:  # noqa: BLE001 one bad address must not stop the others
                    _logger.warning(
                        "People of event %s were not told yet: %s", event.id, type(error).__name__
                    )
                    continue
            people._tibillet_text(event, notice)
            people.write({"tibillet_notice": False, "tibillet_notice_from": False})


class EventEvent(models.Model):
    _inherit = "event.event"

    def _tibillet_calendar_file(self):
        """Commands that attach the event's calendar file to a mail."""
        self.ensure_one()
        content = self._get_ics_file(slot=self.env["event.slot"]).get(self.id)
        if not content:
            return []
        return [
            (
                0,
                0,
                {
                    "name": f"{self.name}.ics",
                    "datas": base64.b64encode(content),
                    "mimetype": "text/calendar",
                    "res_model": "mail.message",
                    "res_id": 0,
                },
            )
        ]
