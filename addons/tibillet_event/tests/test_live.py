import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..table_files import as_csv
from .test_numbers import NumbersCase


@tagged("post_install", "-at_install")
class TestLive(NumbersCase, HttpCase):
    """What staff see of how events sell."""

    def live(self, *events):
        found = self.env["event.event"].tibillet_live([event.id for event in events])
        return found["events"]

    def test_by_rate_and_way(self):
        people = self.register(3) + self.register(1, self.reduced)
        self.numbers(people)
        self.seats()._hold("live-1", [(self.event.id, False, self.reduced.id, 2)], 15)
        [row] = self.live(self.event)
        self.assertEqual((row["capacity"], row["sold"], row["held"]), (20, 4, 2))
        self.assertEqual(row["channels"], {"desk": 4})
        full, reduced = row["rates"]
        self.assertEqual((full["name"], full["sold"], full["held"]), ("Full", 3, 0))
        self.assertEqual(
            (reduced["name"], reduced["sold"], reduced["held"], reduced["capacity"]),
            ("Reduced", 1, 2, 4),
        )
        people[0].action_cancel()
        [row] = self.live(self.event)
        self.assertEqual(row["sold"], 3)

    def test_same_queries_for_more_events(self):
        def cost(number):
            ids = [
                self.make_event(f"Date {one}", 20, company_id=self.company.id).id
                for one in range(number)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["event.event"].tibillet_live(ids)
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(3), cost(40))

    def test_files(self):
        self.numbers(self.register(2))
        user = new_test_user(
            self.env,
            "live_programme",
            groups="tibillet_event.tibillet_event_group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
            password="live_programme",  # noqa: S106
        )
        self.authenticate(user.login, "live_programme")
        answer = self.url_open(f"/tibillet/event/sales.csv?ids={self.event.id}")
        self.assertIn("Bal;", answer.text)
        self.assertIn(";2;", answer.text)
        answer = self.url_open(f"/tibillet/event/sales.xlsx?ids={self.event.id}")
        self.assertTrue(answer.content.startswith(b"PK"))
        self.env.flush_all()
        self.clock("1 day")
        day = self.env["tibillet.ticket.day"]._make(
            self.company,
            self.env["tibillet.place"]._of_company(self.company)._business_day(),
        )
        self.assertIn("Bal", self.url_open(f"/tibillet/event/day/{day.id}.csv").text)
        other = self.env["res.company"].create({"name": "Le Quai"})
        stranger = new_test_user(
            self.env,
            "live_stranger",
            groups="tibillet_event.tibillet_event_group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
            password="live_stranger",  # noqa: S106
        )
        self.authenticate(stranger.login, "live_stranger")
        answer = self.url_open(f"/tibillet/event/sales.csv?ids={self.event.id}")
        self.assertNotIn("Bal", answer.text)
        self.assertEqual(self.url_open(f"/tibillet/event/day/{day.id}.csv").status_code, 404)
        nobody = new_test_user(self.env, "live_nobody", password="live_nobody")  # noqa: S106
        self.authenticate(nobody.login, "live_nobody")
        answer = self.url_open(f"/tibillet/event/sales.csv?ids={self.event.id}")
        self.assertEqual(answer.status_code, 404)

    def test_no_formula_in_a_file(self):
        said = as_csv(["a"], [["=cmd|'/c calc'!A1"], ["-2+3"], [-4.0]]).decode()
        self.assertIn("'=cmd", said)
        self.assertIn("'-2+3", said)
        self.assertIn("\n-4.00", said)


@tagged("post_install", "-at_install")
class TestDeclaration(NumbersCase):
    """The quarter's declaration of shows and the base of the variety tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.venue = cls.env["res.partner"].create(
            {"name": "Hangar", "city": "Douarnenez", "tibillet_venue": "music"}
        )
        cls.event.write({"tibillet_show_domain": "music", "address_id": cls.venue.id})

    def declaration(self):
        begin = fields.Datetime.context_timestamp(
            self.event.with_context(tz="Europe/Paris"), self.event.date_begin
        )
        return self.env["tibillet.show.declaration"].create(
            {
                "company_id": self.company.id,
                "year": begin.year,
                "quarter": str((begin.month + 2) // 3),
            }
        )

    def sold(self, prices):
        """Tickets at these prices with VAT, 5.5 % of it in them."""
        for price_minor in prices:
            one = self.register()
            self.env.flush_all()
            series = self.event._tibillet_series()
            self.env.cr.execute(
                """INSERT INTO tibillet_ticket_number (series_id, registration_id, event_id,
                   event_name, begin_at, category, currency_id, price_minor, vat_minor, channel)
                   SELECT %s, %s, id, 'Bal', date_begin, 'Full', %s, %s, %s, 'web'
                     FROM event_event WHERE id = %s""",
                [
                    series.id,
                    one.id,
                    self.company.currency_id.id,
                    price_minor,
                    round(price_minor - price_minor / 1.055),
                    self.event.id,
                ],
            )

    def test_rows_and_tax(self):
        self.sold([1055, 1055, 0])
        form = self.declaration()
        paid, free = form.line_ids
        self.assertEqual((paid.price, paid.tickets, paid.receipts), (10.55, 2, 21.10))
        self.assertEqual((paid.base, paid.tax), (20.0, 0.7))
        self.assertEqual((free.tickets, free.tax), (1, 0))
        self.assertFalse(form.missing)
        self.assertEqual(form.due.day, 10)

    def test_what_is_missing_is_named(self):
        self.sold([500])
        self.venue.tibillet_venue = False
        self.assertIn("Bal", self.declaration().missing)

    def test_files(self):
        self.sold([1055, 0])
        form = self.declaration()
        form.action_declaration()
        said = form.with_context(bin_size=False).file
        text = base64.b64decode(said).decode("utf-8-sig")
        self.assertIn("Bal;Music;", text)
        self.assertIn("Hangar;Douarnenez;Concert hall;10.55;1;10.55", text)
        self.assertIn(";free;1;0.00", text)
        self.assertTrue(form.action_tax()["url"].endswith(".xlsx?download=true"))

    def test_another_kind_is_not_taxed(self):
        self.sold([1055])
        self.event.tibillet_show_domain = "theatre"
        self.assertEqual(self.declaration().line_ids.tax, 0)
        self.event.tibillet_show_domain = False
        self.assertIn("Bal", self.declaration().missing)

    def test_bounds(self):
        self.sold([500])
        form = self.declaration()
        start, end = form._bounds()
        self.assertLess(start, self.event.date_begin)
        self.assertLess(self.event.date_begin, end)
        self.assertAlmostEqual((end - start) / timedelta(days=1), 91, delta=2)
        with self.assertRaises(UserError):
            form.year = 26

    def test_who_may(self):
        form = self.declaration()
        user = new_test_user(
            self.env,
            "declaration_user",
            groups="tibillet_event.tibillet_event_group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            form.with_user(user)._rows()
