"""The events of a festival: a day each, and one that sells the passes."""

from datetime import datetime, time, timedelta

import pytz

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class TibilletFestival(models.Model):
    _inherit = "tibillet.festival"

    def action_make_days(self):
        """Make what is missing: an event for each day without one, and the full pass.

        Asked again it changes nothing that is there.

        :raises UserError: when all days are past
        """
        self.ensure_one()
        self.check_access("write")
        there = {event._tibillet_festival_day() for event in self.event_ids}
        days = (self.date_to - self.date_from).days + 1
        wanted = [self.date_from + timedelta(days=n) for n in range(days)]
        missing = [day for day in wanted if day not in there and self._span(day)[1] > _now(self)]
        if not missing and not there:
            raise UserError(self.env._("These days are past: choose dates that are to come."))
        self.env["event.event"].with_company(self.company_id).create(
            [self._day_values(day) for day in missing]
        )
        self._make_pass()

    def _tz(self):
        """The place's time zone: visitors come there."""
        # sudo: the place's own settings are the manager's, its clock is no secret
        place_sudo = self.env["tibillet.place"].sudo()._of_company(self.company_id)
        zone = place_sudo.tz or self.env.user.tz
        return zone if zone in pytz.all_timezones_set else "UTC"

    def _span(self, day):
        """When that day begins and ends, in UTC."""
        zone = pytz.timezone(self._tz())
        begin = datetime.combine(day, time()) + timedelta(hours=self.hour_begin)
        end = datetime.combine(day, time()) + timedelta(hours=self.hour_end)
        if end <= begin:
            end += timedelta(days=1)
        return tuple(
            zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)
            for moment in (begin, end)
        )

    def _event_values(self):
        return {
            "company_id": self.company_id.id,
            "organizer_id": self.company_id.partner_id.id,
            "address_id": self.address_id.id,
            "date_tz": self._tz(),
            "is_published": self.is_published,
        }

    def _day_values(self, day):
        begin, end = self._span(day)
        said = format_date(self.env, day, date_format="EEEE d MMMM")
        return {
            **self._event_values(),
            "name": f"{self.name} · {said}",
            "tibillet_festival_id": self.id,
            "date_begin": begin,
            "date_end": end,
            "seats_limited": bool(self.seats_max),
            "seats_max": self.seats_max,
            "event_ticket_ids": [
                Command.create({"name": self.env._("Day ticket"), "price": self.price})
            ],
        }

    def _make_pass(self):
        """The full pass: a rate that opens every day, of an event that sells it."""
        if not self.pass_price or not self.event_ids:
            return
        if not self.pass_event_id:
            begin = min(self.event_ids.mapped("date_begin"))
            end = max(self.event_ids.mapped("date_end"))
            self.pass_event_id = (
                self.env["event.event"]
                .with_company(self.company_id)
                .create(
                    {
                        **self._event_values(),
                        "name": self.env._("%s · Passes", self.name),
                        "date_begin": begin,
                        "date_end": end,
                        "seats_limited": False,
                    }
                )
            )
        if not self.pass_event_id.event_ticket_ids.tibillet_pass_event_ids:
            self.pass_event_id.event_ticket_ids = [
                Command.create(
                    {
                        "name": self.env._("Full pass"),
                        "price": self.pass_price,
                        "tibillet_pass_event_ids": [
                            Command.set(
                                self.event_ids.filtered(lambda one: not one.is_multi_slots).ids
                            )
                        ],
                    }
                )
            ]

    def action_publish(self):
        """The festival's page and those of its events are on the website."""
        self.ensure_one()
        self.check_access("write")
        self.is_published = True
        (self.event_ids | self.pass_event_id).is_published = True

    # -- the page --------------------------------------------------------------------------------

    def _page_days(self):
        """What the page lists: (day, [(event, [(stage, acts)])]), in order of time."""
        self.ensure_one()
        acts = self.track_ids.filtered("website_published").grouped("event_id")
        days = {}
        for event in self.event_ids.filtered("is_published").sorted("date_begin"):
            tracks = acts.get(event, self.track_ids.browse())
            tracks = tracks.sorted(lambda one: (not one.date, str(one.date or ""), one.id))
            stages = tracks.grouped("location_id")
            lines = sorted(stages.items(), key=lambda item: (item[0].sequence, item[0].id))
            days.setdefault(event._tibillet_festival_day(), []).append((event, lines))
        return sorted(days.items())

    def _page_day_name(self, day):
        """A day as a title, in the visitor's language."""
        said = format_date(self.env, day, date_format="EEEE d MMMM")
        return said[:1].upper() + said[1:]

    def _page_passes(self):
        """Passes that the public may see, with the page where they are sold."""
        self.ensure_one()
        if not self.pass_event_id.is_published:
            return self.env["event.event.ticket"]
        return self.pass_event_id._tibillet_shown_rates()


def _now(record):
    return record.env.cr.now().replace(tzinfo=None)
