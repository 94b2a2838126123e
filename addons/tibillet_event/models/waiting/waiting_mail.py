"""Who waits is told by mail, in their language, by a job."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

_logger = logging.getLogger(__name__)

BATCH = 50


class TibilletWaiting(models.Model):
    _inherit = "tibillet.waiting"

    @api.model
    def _wake(self, events=None, now=False):
        """Let the job run at once when the database offered something that was not told yet."""
        if not now:
            where = SQL("AND event_id = ANY(%s)", events.ids) if events is not None else SQL()
            due = SQL("SELECT FROM tibillet_waiting WHERE notice IS NOT NULL %s", where)
            [(now,)] = self.env.execute_query(SQL("SELECT EXISTS (%s)", due))
        if now:
            self._seen()
            cron_sudo = self.env.ref("tibillet_event.ir_cron_waiting").sudo()  # only waked
            cron_sudo._trigger()

    @api.model
    def _cron_tell(self):
        """Let go of who waits for what is over, then write the mails that are due."""
        over = self.search(
            [("state", "=", "waiting"), ("event_id.date_end", "<", fields.Datetime.now())],
            limit=500,
        )
        if over:
            over._leave("over")
        progress = self.env["ir.cron"]
        due = [("notice", "!=", False)]
        progress._commit_progress(remaining=self.search_count(due))
        last = 0
        while batch := self.search([*due, ("id", ">", last)], limit=BATCH, order="id"):
            last = batch[-1].id
            for one in batch:
                one._tell()
            if not progress._commit_progress(len(batch)):
                return

    def _tell(self):
        """One mail in Odoo's queue; one that fails waits for the next run and stops no other."""
        self.ensure_one()
        template = self.env.ref("tibillet_event.mail_template_waiting")
        try:
            with self.env.cr.savepoint():
                template.send_mail(self.id)
        except Exception as error:  # noqa: BLE001 one bad address must not stop the others
            _logger.warning("Place %s in line was not told yet: %s", self.id, type(error).__name__)
            return
        self.notice = False

    # -- what mails and pages say ------------------------------------------------------------------

    def _subject(self):
        """The subject of the mail that is due."""
        self.ensure_one()
        event = self.event_id.name
        return {
            "joined": self.env._("On the waiting list: %s", event),
            "offered": self.env._("Places for you: %s", event),
            "expired": self.env._("The offer is over: %s", event),
            "moved": self.env._("Another date: %s", event),
            "cancelled": self.env._("Cancelled: %s", event),
            "over": self.env._("No place became free: %s", event),
        }.get(self.notice, event)

    def _what(self):
        """What is waited for, in words."""
        self.ensure_one()
        rate = (self.offered_ticket_id or self.ticket_id).name
        places = self.env._("1 place") if self.seats == 1 else self.env._("%s places", self.seats)
        return f"{places}, {rate}" if rate else places

    def _when(self):
        """When it takes place, in the event's own time zone."""
        self.ensure_one()
        return self.event_id._tibillet_when(self.slot_id.start_datetime or None)

    def _until(self):
        """Until when the offer stands, in the event's own time zone."""
        self.ensure_one()
        if not self.offered_until:
            return ""
        return format_datetime(
            self.env, self.offered_until, tz=self.event_id.date_tz, dt_format="EEEE d MMMM, HH:mm"
        )
