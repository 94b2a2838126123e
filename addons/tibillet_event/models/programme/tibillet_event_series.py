"""An event repeated: the dates are seen before anything is made."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from . import wall_clock

MAX_DATES = 60


class TibilletEventSeries(models.TransientModel):
    _name = "tibillet.event.series"
    _description = "Make a series"

    event_id = fields.Many2one("event.event", required=True, readonly=True, ondelete="cascade")
    rhythm = fields.Selection(
        [
            ("week", "Every week"),
            ("fortnight", "Every two weeks"),
            ("month_weekday", "Every month, same day of the week"),
            ("month_day", "Every month, same date"),
            ("hand", "Dates by hand"),
        ],
        string="How often",
        required=True,
        default="week",
    )
    count = fields.Integer(string="How many more", default=4)
    publish = fields.Boolean(string="On the website at once")
    day_ids = fields.One2many(
        "tibillet.event.series.day",
        "series_id",
        string="Dates",
        compute="_compute_day_ids",
        store=True,
        readonly=False,
    )
    done = fields.Boolean(readonly=True)

    @api.depends("event_id", "rhythm", "count")
    def _compute_day_ids(self):
        """The preview; dates by hand stay as they are written."""
        for form in self:
            event = form.event_id
            if not event or form.rhythm == "hand":
                form.day_ids = form.day_ids or False
                continue
            first = wall_clock.local(event.date_begin, event.date_tz).date()
            count = min(max(form.count, 0), MAX_DATES)
            form.day_ids = [
                Command.clear(),
                *(
                    Command.create({"day": day, "seats_max": form._seats()})
                    for day in wall_clock.dates(first, form.rhythm, count)
                ),
            ]

    def _seats(self):
        return self.event_id.seats_max if self.event_id.seats_limited else 0

    def _check(self):
        """:raises UserError: on dates that cannot be"""
        event = self.event_id
        if event.is_multi_slots:
            raise UserError(self.env._("%s has slots: add slots instead.", event.name))
        if event.kanban_state == "cancel":
            raise UserError(self.env._("%s is cancelled: it is not repeated.", event.name))
        if self.rhythm != "hand" and not 1 <= self.count <= MAX_DATES:
            raise UserError(self.env._("A series has 1 to %s more dates.", MAX_DATES))
        if not self.day_ids:
            raise UserError(self.env._("Add at least one date."))
        if len(self.day_ids) > MAX_DATES:
            raise UserError(self.env._("A series has 1 to %s more dates.", MAX_DATES))
        self.day_ids._check()

    def action_create(self):
        """Make the events of the dates. Asked twice, they are made once.

        :raises UserError: on dates that cannot be, or that the series has already
        """
        self.ensure_one()
        self.event_id.check_access("write")
        if not self.done:
            self._check()
            self.done = True
            self._create_events()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Series of %s", self.event_id.name),
            "res_model": "event.event",
            "view_mode": "list,form",
            "domain": [("tibillet_series_id", "=", self._origin_event().id)],
        }

    def _origin_event(self):
        """The first event of the series, whichever of its events is repeated."""
        return self.event_id.tibillet_series_id or self.event_id

    def _create_events(self):
        """Copies of the event on other days: rates and mails come along, registrations do not."""
        origin = self._origin_event()
        origin.tibillet_series_id = origin
        events = self.env["event.event"]
        for day in self.day_ids.sorted("day"):
            event = self.event_id.copy(day._event_values(origin))
            event.name = self.event_id.name
            day._shift_sales(event)
            events |= event
        if self.publish:
            events.write({"is_published": True})
        return events
