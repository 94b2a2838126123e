"""Both clocks of a part that tells what happened before: Python's, and the database's."""

import contextlib
import datetime

from freezegun import freeze_time

SATURDAY = 5


class Clock:
    """Moves the hour of a part; within one transaction, and nowhere else."""

    def __init__(self, builder, now, frozen):
        self.builder = builder
        self.now = now
        self.frozen = frozen

    def at(self, days, hour=12, minute=0):
        """Go to an hour so many days before (or after) the Saturday of the weekend."""
        self.go(
            (self.saturday + datetime.timedelta(days=days)).replace(
                hour=hour, minute=minute, second=0
            )
        )

    def later(self, minutes):
        """Let some minutes pass."""
        self.go(self.moment + datetime.timedelta(minutes=minutes))

    def go(self, moment):
        """Say what time it is."""
        self.moment = moment
        self.frozen.move_to(moment)
        self.builder.env.flush_all()
        self.builder.env.cr.execute(
            "SELECT set_config('tibillet.clock_offset', %s, true)",
            [f"{(moment - self.now).total_seconds():.0f} seconds"],
        )

    @property
    def saturday(self):
        """A Saturday whose week is over: at least seven days ago."""
        back = (self.now.weekday() - SATURDAY) % 7 + 7
        return self.now - datetime.timedelta(days=back)


@contextlib.contextmanager
def opened(builder):
    """Give the clock of a part; afterwards it is now again."""
    now = datetime.datetime.now().replace(microsecond=0)
    with freeze_time(now, ignore=["psycopg2", "logging"]) as frozen:
        clock = Clock(builder, now, frozen)
        yield clock
        clock.go(now)
    builder.env.cr.execute("SELECT set_config('tibillet.clock_offset', '', true)")
