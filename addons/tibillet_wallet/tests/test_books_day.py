"""To which accounting day an operation belongs."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import tagged
from odoo.tools import SQL

from .books_common import DAY, BooksCase


@tagged("post_install", "-at_install")
class TestBusinessDay(BooksCase):
    def day_of(self, at):
        """The accounting day of a top-up at that UTC moment."""
        self.topup(100, at=at)
        return self.write(today=True).day

    def test_belongs_to_the_evening_before(self):
        # Winter: Paris is UTC+1.
        self.assertEqual(self.day_of(datetime(2026, 1, 16, 2, 59)), date(2026, 1, 15))
        self.assertEqual(self.day_of(datetime(2026, 1, 16, 3, 1)), date(2026, 1, 16))
        # Summer: UTC+2.
        self.assertEqual(self.day_of(datetime(2026, 7, 16, 1, 59)), date(2026, 7, 15))
        self.assertEqual(self.day_of(datetime(2026, 7, 16, 2, 1)), date(2026, 7, 16))

    def test_nights_when_the_clock_changes(self):
        # 29 March 2026: 02:00 becomes 03:00; the day starts at 02:00 UTC already.
        self.assertEqual(self.day_of(datetime(2026, 3, 29, 1, 59)), date(2026, 3, 28))
        self.assertEqual(self.day_of(datetime(2026, 3, 29, 2, 1)), date(2026, 3, 29))
        # 25 October 2026: 03:00 becomes 02:00; the night is an hour longer.
        self.assertEqual(self.day_of(datetime(2026, 10, 25, 2, 59)), date(2026, 10, 24))
        self.assertEqual(self.day_of(datetime(2026, 10, 25, 3, 1)), date(2026, 10, 25))

    def test_the_seller_counts_not_the_issuer(self):
        self.env["tibillet.place"]._of_company(self.coop).tz = "Asia/Tokyo"
        self.topup(3000, self.euro, company=self.bar, at=datetime(2026, 1, 15, 20, 0))
        self.assertEqual(self.write().mapped("day"), [DAY, DAY])

    def at(self, moment):
        """Set the database's clock, in this transaction."""
        self.env.cr.execute(
            "SELECT set_config('tibillet.clock_offset',"
            " (%s::timestamp - (clock_timestamp() AT TIME ZONE 'UTC'))::text, true)",
            [moment],
        )

    def test_posted_by_six_wherever_and_whatever_the_clock_does(self):
        """The last minute before the day ends, at 04:00, is booked by the job of 05:00 local,
        and not by the one before: the job comes every hour, so no later than 06:00."""
        job = self.env.ref("tibillet_wallet.ir_cron_write_ledger_entries")
        self.assertEqual((job.interval_number, job.interval_type, job.active), (1, "hours", True))
        place = self.env["tibillet.place"]._of_company(self.bar)
        nights = (
            ("Europe/Paris", date(2026, 1, 15)),
            ("Europe/Paris", date(2026, 3, 28)),  # an hour less
            ("Europe/Paris", date(2026, 10, 24)),  # an hour more
            ("America/New_York", date(2026, 3, 7)),
            ("America/New_York", date(2026, 10, 31)),
            ("America/Martinique", date(2026, 7, 13)),
            ("Indian/Reunion", date(2026, 7, 13)),
            ("Asia/Kolkata", date(2026, 2, 28)),
            ("Pacific/Auckland", date(2026, 4, 4)),
            ("Pacific/Auckland", date(2026, 9, 26)),
        )
        for zone, day in nights:
            with self.subTest(zone=zone, day=day):
                place.tz = zone
                morning = day + timedelta(days=1)
                local = [
                    datetime.combine(morning, time(hour, minute), ZoneInfo(zone))
                    for hour, minute in ((3, 59), (5, 0), (6, 0))
                ]
                last, run, six = (moment.astimezone(UTC).replace(tzinfo=None) for moment in local)
                self.at(last)
                self.topup(100, at=last)
                self.assertFalse(self.write(self.bar), "the day is not over")
                self.at(run)
                entry = self.write(self.bar)
                self.assertEqual((entry.day, entry.move_id.state), (day, "posted"))
                self.assertLess(entry.cutoff_at, six)

    def test_the_database_says_what_the_place_says(self):
        """Every half hour around both clock changes, for hours that exist twice or never."""
        place = self.env["tibillet.place"]._of_company(self.bar)
        for zone in ("Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"):
            for hour in (0, 2, 2.5, 4, 23.5):
                place.write({"tz": zone, "business_day_hour": hour})
                self.env.flush_all()
                for start in (
                    datetime(2026, 3, 7),
                    datetime(2026, 3, 28),
                    datetime(2026, 4, 4),
                    datetime(2026, 9, 26),
                    datetime(2026, 10, 24),
                    datetime(2026, 10, 31),
                ):
                    moments = [start + timedelta(minutes=30 * n + 1) for n in range(100)]
                    rows = self.env.execute_query(
                        SQL(
                            "SELECT at, %s FROM unnest(%s::timestamp[]) at"
                            " JOIN tibillet_place p ON p.id = %s",
                            self.books._business_day_sql(SQL("at")),
                            moments,
                            place.id,
                        )
                    )
                    for at, day in rows:
                        self.assertEqual(day, place._business_day(at), (zone, hour, at))
