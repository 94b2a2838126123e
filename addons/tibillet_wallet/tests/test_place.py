from datetime import date, datetime

import psycopg2
import pytz

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .base import BaseCase


@tagged("post_install", "-at_install")
class TestPlace(BaseCase):
    def test_every_company_is_a_place(self):
        companies = self.env["res.company"].with_context(active_test=False).search([])
        places = self.env["tibillet.place"].search([])
        self.assertEqual(places.company_id, companies)
        numbers = places.mapped("number")
        self.assertEqual(len(set(numbers)), len(places))
        self.assertTrue(all(number > 0 for number in numbers))

    def test_slug_comes_from_the_name(self):
        self.assertEqual(self.place_a.slug, "cafe-de-la-greve")
        again = self.env["res.company"].create({"name": "Café de la Grève (bis)"})
        other = self.env["tibillet.place"]._of_company(again)
        self.assertEqual(other.slug, "cafe-de-la-greve-bis")
        self.assertEqual(
            self.env["tibillet.place"]._free_slug("Café, de la grève !", {"cafe-de-la-greve"}),
            "cafe-de-la-greve-2",
        )
        self.assertEqual(self.env["tibillet.place"]._free_slug("東京", set())[:5], "place")

    def test_slug_is_checked(self):
        for bad in ("Café", "a b", "-a", "a-", "a--b", "a_b", "x" * 49, "a/b", "a\n"):
            with self.subTest(slug=bad), self.assertRaises(ValidationError):
                self.place_a.slug = bad
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.place_a.slug = self.place_b.slug
            self.env.flush_all()

    def test_number_and_company_stay(self):
        for vals in ({"number": 999}, {"company_id": self.company_b.id}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.place_a.write(vals)

    def test_deleted_number_is_not_used_again(self):
        number = max(self.env["tibillet.place"].search([]).mapped("number"))
        self.env["tibillet.place"].search([("number", "=", number)]).unlink()
        company = self.env["res.company"].create({"name": "Passage"})
        self.assertGreater(self.env["tibillet.place"]._of_company(company).number, number)

    def test_time_zone(self):
        france = self.env["res.company"].create(
            {"name": "Réunion", "country_id": self.env.ref("base.re").id}
        )
        self.assertEqual(self.env["tibillet.place"]._of_company(france).tz, "Indian/Reunion")

    def test_business_day(self):
        place = self.place_a
        place.tz = "Europe/Paris"
        cases = [
            # (UTC, business day): 04:00 in Paris is 02:00 UTC in summer, 03:00 in winter
            (datetime(2026, 7, 14, 1, 59, 59), date(2026, 7, 13)),
            (datetime(2026, 7, 14, 2, 0), date(2026, 7, 14)),
            (datetime(2026, 7, 14, 22, 30), date(2026, 7, 14)),
            (datetime(2026, 12, 31, 23, 30), date(2026, 12, 31)),
            (datetime(2027, 1, 1, 2, 59), date(2026, 12, 31)),
            (datetime(2027, 1, 1, 3, 0), date(2027, 1, 1)),
        ]
        for at, day in cases:
            with self.subTest(at=at):
                self.assertEqual(place._business_day(at), day)
                self.assertEqual(place._business_day(pytz.utc.localize(at)), day)
                start, end = place._business_day_bounds(day)
                self.assertTrue(start <= at < end)

    def test_business_day_never_goes_back(self):
        """Minute by minute through both clock changes, whatever the hour: days only grow, and
        follow one another without gap."""
        place = self.place_a
        place.tz = "Europe/Paris"
        for hour in (0.0, 2.5, 4.0):
            place.business_day_hour = hour
            for night in (datetime(2026, 10, 24, 20), datetime(2026, 3, 28, 20)):
                days = []
                for minute in range(0, 12 * 60, 5):
                    at = night.replace(hour=0) + (minute + 20 * 60) * (
                        datetime(2000, 1, 1, 0, 1) - datetime(2000, 1, 1)
                    )
                    days.append(place._business_day(at))
                self.assertEqual(days, sorted(days), (hour, night))
                self.assertEqual((days[-1] - days[0]).days, 1)
            start, end = place._business_day_bounds(date(2026, 10, 25))
            self.assertEqual(end, place._business_day_bounds(date(2026, 10, 26))[0])
            self.assertLess(start, end)

    def test_url_follows_the_website(self):
        self.assertEqual(
            self.place_a.url, self.env["ir.config_parameter"].get_param("web.base.url").rstrip("/")
        )
        website = self.env["website"].create(
            {"name": "Café", "company_id": self.company_a.id, "domain": "https://greve.example"}
        )
        self.place_a.invalidate_recordset(["url"])
        self.assertEqual(self.place_a.url, "https://greve.example")
        self.place_a.website_id = website
        with self.assertRaises(ValidationError):
            self.place_b.website_id = website

    def test_who_may(self):
        for user in (self.desk, self.accountant, self.manager_a):
            place = self.place_a.with_user(user)
            self.assertEqual(place.name, "Café de la Grève")
            with self.assertRaises(AccessError):
                self.place_b.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                place.unlink()
            with self.assertRaises(AccessError):
                self.env["tibillet.place"].with_user(user).create(
                    {"name": "x", "slug": "x", "company_id": self.company_a.id}
                )
        self.place_a.with_user(self.manager_a).name = "La Grève"
        self.assertEqual(self.place_a.name, "La Grève")
        for user in (self.desk, self.accountant, self.staff, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.place_a.with_user(user).name = "x"
        for user in (self.staff, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.place_a.with_user(user).read(["name"])

    def test_rights_seam_is_empty(self):
        partner = self.portal.partner_id
        self.assertEqual(partner._tibillet_rights(self.company_a), frozenset())
