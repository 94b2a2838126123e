"""Life of an event beside Odoo's own: its picture, its series, cancelled, moved."""

import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

DURATION = timedelta(hours=3)
NO_PICTURE = "url('/website_event/static/src/img/event_cover_4.jpg')"


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_picture = fields.Image(
        string="Picture of the page",
        max_width=1920,
        max_height=1920,
        help="Shown at the top of the event's page and in the agenda.",
    )
    tibillet_series_id = fields.Many2one(
        "event.event",
        string="Series of",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The event whose dates were repeated.",
    )
    tibillet_cancelled_at = fields.Datetime(string="Cancelled on", copy=False, readonly=True)
    tibillet_cancel_reason = fields.Text(string="Why it is cancelled", copy=False, readonly=True)
    tibillet_moved_from = fields.Datetime(
        string="Moved from",
        copy=False,
        readonly=True,
        help="When it was to begin, before it was moved last.",
    )

    _tibillet_series_uniq = models.UniqueIndex(
        "(tibillet_series_id, date_begin) WHERE tibillet_series_id IS NOT NULL AND active",
        "A series has one event at a time: this date is already in it.",
    )

    @api.model
    def default_get(self, fields):
        """Three hours, not Odoo's whole day; nothing to read rather than Odoo's example text,
        which would stand on the page as soon as it is published."""
        values = super().default_get(fields)
        if "description" in fields and "default_description" not in self.env.context:
            values["description"] = False
        if "date_end" in fields and "default_date_end" not in self.env.context:
            if values.get("date_begin"):
                values["date_end"] = self._tibillet_default_end(values["date_begin"])
        return values

    @api.model
    def _tibillet_default_end(self, begin):
        """When an event ends of which nobody said it."""
        return fields.Datetime.to_datetime(begin) + DURATION

    # -- create, write -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events.filtered("tibillet_picture")._tibillet_show_picture()
        return events

    def write(self, vals):
        cancelled = self._tibillet_check_cancelling(vals)
        if cancelled:
            vals = {**vals, "tibillet_cancelled_at": fields.Datetime.now()}
        result = super().write(vals)
        if "tibillet_picture" in vals:
            self._tibillet_show_picture()
        if cancelled:
            cancelled._tibillet_cancelled()
        return result

    def _tibillet_show_picture(self):
        """The page's cover is the picture, or Odoo's own when there is none.

        The page keeps its cover as an address; the stamp at its end lets browsers fetch a new
        picture at once.
        """
        for event in self:
            cover = json.loads(event.cover_properties)
            stamp = int(fields.Datetime.now().timestamp())
            cover["background-image"] = (
                f"url(/web/image/event.event/{event.id}/tibillet_picture?unique={stamp})"
                if event.tibillet_picture
                else NO_PICTURE
            )
            event.cover_properties = json.dumps(cover)

    # -- cancelled -----------------------------------------------------------------------------

    def _tibillet_check_cancelling(self, vals):
        """Which of these events are cancelled by what is about to be written.

        :raises UserError: without a reason, or when a cancelled event is opened again
        """
        if "kanban_state" not in vals:
            return self.browse()
        already = self.filtered(lambda event: event.kanban_state == "cancel")
        if vals["kanban_state"] != "cancel":
            if already:
                raise UserError(
                    self.env._(
                        "%s is cancelled and stays so: people were told. Duplicate it to offer it"
                        " again.",
                        already[0].name,
                    )
                )
            return self.browse()
        reason = vals.get("tibillet_cancel_reason")
        if self - already and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why it is cancelled: use the button “Cancel the event”. Visitors read"
                    " the reason on its page."
                )
            )
        return self - already

    def _tibillet_cancelled(self):
        """These events have just been cancelled; a seam for what follows from it.

        Their registrations stay as they are. Everybody who is registered is told.
        """
        for event in self:
            event.message_post(
                body=self.env._("Cancelled: %s", event.tibillet_cancel_reason),
            )
        self._tibillet_registered()._tibillet_notify("cancelled")

    def _tibillet_registered(self):
        """Registrations of those who count on coming: confirmed, checked in, or of an order
        that is confirmed (Odoo leaves those as drafts)."""
        registrations_sudo = self.env["event.registration"].sudo()  # which orders are confirmed
        registered_sudo = registrations_sudo.search(
            [
                ("event_id", "in", self.ids),
                "|",
                ("state", "in", ("open", "done")),
                "&",
                ("state", "=", "draft"),
                ("sale_order_id.state", "=", "sale"),
            ]
        )
        return registered_sudo.sudo(False)

    def _verify_seats_availability(self, slot_tickets):
        """Nobody asks for seats of a cancelled event."""
        self.ensure_one()
        if self.kanban_state == "cancel" and any(count > 0 for *_place, count in slot_tickets):
            raise ValidationError(
                self.env._("%s is cancelled: no seat is sold any more.", self.name)
            )
        return super()._verify_seats_availability(slot_tickets)

    # -- moved ---------------------------------------------------------------------------------

    def _tibillet_move(self, begin, end, tell=True):
        """Give the event another date; who is registered is told unless `tell` is false.

        :raises UserError: on dates that cannot be
        """
        self.ensure_one()
        self._tibillet_check_move(begin, end)
        former = self.date_begin
        self.write({"date_begin": begin, "date_end": end, "tibillet_moved_from": former})
        self._tibillet_remind_again()
        if tell:
            self._tibillet_registered()._tibillet_notify("moved", former)

    def _tibillet_check_move(self, begin, end):
        if self.kanban_state == "cancel":
            raise UserError(self.env._("%s is cancelled: it is not moved any more.", self.name))
        if self.is_multi_slots:
            raise UserError(self.env._("%s has slots: move its slots instead.", self.name))
        if self.date_end < fields.Datetime.now():
            raise UserError(self.env._("%s is over: duplicate it to offer it again.", self.name))
        if end <= begin:
            raise UserError(self.env._("The end must come after the beginning."))
        if begin < fields.Datetime.now():
            raise UserError(self.env._("The new date is past: choose one that is to come."))
        if begin == self.date_begin and end == self.date_end:
            raise UserError(self.env._("The event already takes place then: nothing to move."))

    def _tibillet_remind_again(self):
        """Reminders that left for the former date are sent once more for the new one."""
        now = fields.Datetime.now()
        self.event_mail_ids.filtered(
            lambda mail: (
                mail.mail_done
                and mail.interval_type in ("before_event", "before_event_end")
                and mail.scheduled_date > now
            )
        ).write({"mail_done": False, "last_registration_id": False})

    def _tibillet_when(self, at=None, form="EEEE d MMMM y, HH:mm"):
        """A moment of the event in words, in its own time zone and the language in use."""
        self.ensure_one()
        return format_datetime(self.env, at or self.date_begin, tz=self.date_tz, dt_format=form)

    # -- actions -------------------------------------------------------------------------------

    def _tibillet_open_form(self, model, title):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def action_tibillet_cancel(self):
        """The form that asks why."""
        return self._tibillet_open_form("tibillet.event.cancel", self.env._("Cancel the event"))

    def action_tibillet_move(self):
        """The form that asks for another date."""
        return self._tibillet_open_form("tibillet.event.move", self.env._("Move the event"))

    def action_tibillet_series(self):
        """The form that repeats the event."""
        return self._tibillet_open_form("tibillet.event.series", self.env._("Make a series"))

    def action_tibillet_duplicate(self):
        """A copy that is not published yet and has nobody registered; opens it."""
        self.ensure_one()
        self.check_access("write")
        return self.copy()._tibillet_form_action()

    def _tibillet_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Events"),
            "res_model": "event.event",
            "res_id": self.id,
            "views": [(False, "form")],
        }
