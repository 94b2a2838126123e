"""Dates of a series: 20:30 stays 20:30 when the clocks change."""

from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta


def local(at, tz):
    """The wall clock at a moment of the server, without time zone."""
    return pytz.utc.localize(at).astimezone(pytz.timezone(tz)).replace(tzinfo=None)


def moment(wall, tz):
    """The server's moment of a wall clock.

    An hour that does not exist (clocks go forward) is as late after midnight as if they had not:
    02:30 is 03:30. Of an hour that comes twice the first is meant.
    """
    zone = pytz.timezone(tz)
    try:
        told = zone.localize(wall, is_dst=None)
    except pytz.AmbiguousTimeError:
        told = zone.localize(wall, is_dst=True)
    except pytz.NonExistentTimeError:
        told = zone.localize(wall, is_dst=False)
    return told.astimezone(pytz.utc).replace(tzinfo=None)


def on_day(at, day, tz, first):
    """The moment `at`, as many days later as `day` is after `first`, at the same wall clock."""
    return moment(local(at, tz) + (day - first), tz)


def dates(first, rhythm, count):
    """The `count` days that follow the first in a rhythm: "week", "fortnight", "month_day" (the
    31st is the last day where a month has none) or "month_weekday" (the second Friday; a fifth
    one is the last where a month has four)."""
    step = {
        "week": lambda number: first + timedelta(weeks=number),
        "fortnight": lambda number: first + timedelta(weeks=2 * number),
        "month_day": lambda number: first + relativedelta(months=number),
        "month_weekday": lambda number: _same_weekday(first, number),
    }[rhythm]
    return [step(number) for number in range(1, count + 1)]


def _same_weekday(first, number):
    month = first.replace(day=1) + relativedelta(months=number)
    ahead = (first.weekday() - month.weekday()) % 7
    day = month + timedelta(days=ahead + 7 * ((first.day - 1) // 7))
    return day if day.month == month.month else day - timedelta(weeks=1)
