from odoo import api, fields, models
from odoo.exceptions import UserError

from . import wall_clock


class TibilletEventSeriesDay(models.TransientModel):
    """One date of a series: the hours are those of the event that is repeated."""

    _name = "tibillet.event.series.day"
    _description = "Date of a series"
    _order = "day, id"

    series_id = fields.Many2one("tibillet.event.series", required=True, ondelete="cascade")
    day = fields.Date(string="Date", required=True)
    seats_max = fields.Integer(string="Capacity", help="0: no limit.")
    when_text = fields.Char(string="Day and hour", compute="_compute_when_text")

    @api.depends("day", "series_id.event_id")
    def _compute_when_text(self):
        for day in self:
            event = day.series_id.event_id
            day.when_text = (
                day.day and event and event._tibillet_when(day._moment("date_begin"), "EEEE, HH:mm")
            )

    def _moment(self, name):
        """Begin or end of the event on this date, at the same wall clock; across midnight too."""
        event = self.series_id.event_id
        first = wall_clock.local(event.date_begin, event.date_tz).date()
        return wall_clock.on_day(event[name], self.day, event.date_tz, first)

    def _check(self):
        """:raises UserError: on dates that cannot be"""
        event = self.series_id.event_id
        origin = self.series_id._origin_event()
        others = self.env["event.event"].search(
            [("tibillet_series_id", "=", origin.id), ("id", "!=", event.id)]
        )
        taken = set((others | origin | event).mapped("date_begin"))
        for day in self:
            begin = day._moment("date_begin")
            when = event._tibillet_when(begin)
            if begin < fields.Datetime.now():
                raise UserError(self.env._("%s is past: take this date out.", when))
            if begin in taken:
                raise UserError(
                    self.env._("%s is in the series already: take this date out.", when)
                )
            if day.seats_max < 0:
                raise UserError(self.env._("The capacity is a number of seats, or 0 for no limit."))
            taken.add(begin)

    def _event_values(self, origin):
        return {
            "date_begin": self._moment("date_begin"),
            "date_end": self._moment("date_end"),
            "seats_max": self.seats_max,
            "seats_limited": bool(self.seats_max),
            "tibillet_series_id": origin.id,
        }

    def _shift_sales(self, event):
        """Sales open and close as long before this date as before the first."""
        source = self.series_id.event_id
        first = wall_clock.local(source.date_begin, source.date_tz).date()
        for ticket in event.event_ticket_ids:
            shifted = {
                name: wall_clock.on_day(ticket[name], self.day, source.date_tz, first)
                for name in ("start_sale_datetime", "end_sale_datetime")
                if ticket[name]
            }
            if shifted:
                ticket.write(shifted)
