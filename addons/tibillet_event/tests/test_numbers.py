from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_seats import SeatsCase


class NumbersCase(SeatsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "La Cale"})
        cls.env.user.company_ids |= cls.company
        known = {"allowed_company_ids": cls.company.ids, "tracking_disable": True}
        cls.env = cls.env(context={**cls.env.context, **known})
        cls.event = cls.make_event("Bal", 20, company_id=cls.company.id)
        cls.full_rate, cls.reduced = cls.event.event_ticket_ids

    def numbers(self, registrations):
        return registrations._tibillet_numbered().mapped("tibillet_number")

    def rows(self, **domain):
        return self.env["tibillet.ticket.number"].search(
            [("company_id", "=", self.company.id)], order="series_id, number"
        )


@tagged("post_install", "-at_install")
class TestNumbers(NumbersCase):
    """A number without a gap for each place that is confirmed, and never twice."""

    def test_in_a_row(self):
        people = self.register(3)
        self.assertEqual(self.numbers(people), ["A-000001", "A-000002", "A-000003"])
        self.assertEqual(self.numbers(people), ["A-000001", "A-000002", "A-000003"])
        self.assertEqual(self.numbers(self.register(1, self.reduced)), ["A-000004"])

    def test_not_before_it_is_confirmed(self):
        draft = self.register(state="draft")
        self.assertEqual(self.numbers(draft), [False])
        draft.state = "open"
        self.assertEqual(self.numbers(draft), ["A-000001"])
        draft.state = "done"
        self.assertEqual(self.numbers(draft), ["A-000001"])

    def test_a_cancelled_number_stays(self):
        first, second = self.register(2)
        self.numbers(first + second)
        first.action_cancel()
        self.assertFalse(first.tibillet_number)
        self.assertEqual(self.numbers(second), ["A-000002"])
        self.assertEqual(self.rows().mapped(lambda one: bool(one.cancelled_at)), [True, False])
        first.action_set_draft()
        first.action_confirm()
        self.assertEqual(self.numbers(first), ["A-000003"])

    def test_an_upgrade_is_cancelled_and_new(self):
        one = self.register(1, self.reduced)
        self.numbers(one)
        one.event_ticket_id = self.full_rate
        self.assertEqual(self.numbers(one), ["A-000002"])
        rows = self.rows()
        self.assertEqual(rows.mapped("category"), ["Reduced", "Full"])
        self.assertEqual(rows.mapped(lambda row: bool(row.cancelled_at)), [True, False])

    def test_a_deleted_registration_leaves_its_number(self):
        one = self.register()
        self.numbers(one)
        one.unlink()
        row = self.rows()
        self.assertTrue(row.cancelled_at)
        self.assertFalse(row.registration_id)
        self.assertEqual((row.name, row.category), ("A-000001", "Full"))

    def test_archived(self):
        one = self.register()
        self.numbers(one)
        one.active = False
        self.env.flush_all()
        self.assertTrue(self.rows().cancelled_at)
        one.active = True
        self.assertEqual(self.numbers(one), ["A-000002"])

    def test_the_clock_gives_what_is_left(self):
        people = self.register(2)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_event.ir_cron_issue_tickets").method_direct_trigger()
        people.invalidate_recordset()
        self.assertEqual(people.mapped("tibillet_number"), ["A-000001", "A-000002"])

    def test_an_event_long_over_is_not_numbered(self):
        old = self.make_event("Old", 0, company_id=self.company.id)
        one = self.register(1, old.event_ticket_ids[0])
        begin = fields.Datetime.now() - timedelta(days=60)
        old.write({"date_begin": begin, "date_end": begin + timedelta(hours=2)})
        self.env.flush_all()
        self.assertEqual(self.numbers(one), [False])

    def test_each_organiser_its_own(self):
        self.numbers(self.register(2))
        other = self.env["res.company"].create({"name": "Le Quai"})
        self.env.user.company_ids |= other
        event = self.make_event("Slam", 5, company_id=other.id)
        self.assertEqual(self.numbers(self.register(1, event.event_ticket_ids[0])), ["A-000001"])

    def test_a_series_of_a_festival(self):
        series = self.env["tibillet.ticket.series"].create(
            {"name": "F26", "company_id": self.company.id}
        )
        self.numbers(self.register())
        self.event.tibillet_series_numbers_id = series
        self.assertEqual(self.numbers(self.register()), ["F26-000001"])
        with self.assertRaisesRegex(UserError, "has given numbers"):
            series.name = "G26"
        with self.assertRaisesRegex(UserError, "has given numbers"):
            series.unlink()
        self.assertEqual(series.name, "F26")

    def test_bad_series(self):
        for name in ("", "É", "A B", "LONGNAME9", "-"):
            with self.assertRaises(ValidationError):
                self.env["tibillet.ticket.series"].create(
                    {"name": name, "company_id": self.company.id}
                )
        other = self.env["res.company"].create({"name": "Le Quai"})
        series = (
            self.env["tibillet.ticket.series"].sudo().create({"name": "Q", "company_id": other.id})
        )
        with self.assertRaisesRegex(ValidationError, "another organiser"):
            self.event.tibillet_series_numbers_id = series

    def test_nobody_writes_numbers(self):
        one = self.register()
        self.numbers(one)
        row = self.rows()
        for act in (
            lambda: row.write({"number": 5}),
            row.unlink,
            lambda: row.create({"series_id": row.series_id.id}),
        ):
            with self.assertRaises(AccessError):
                act()
        one.tibillet_number = "A-999999"  # what stands there is the live number
        self.env.flush_all()
        one.invalidate_recordset()
        self.assertEqual(one.tibillet_number, "A-000001")

    def test_the_database_keeps_them(self):
        self.numbers(self.register(2))
        for statement in (
            "UPDATE tibillet_ticket_number SET number = 7",
            "UPDATE tibillet_ticket_number SET price_minor = 1",
            "DELETE FROM tibillet_ticket_number",
            "UPDATE tibillet_ticket_series SET last_number = 9 WHERE last_number > 0",
            "UPDATE tibillet_ticket_series SET last_number = last_number + 1 WHERE last_number > 0",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)
        self.assertEqual(self.numbers(self.register()), ["A-000003"])

    def test_price_and_vat_of_a_line(self):
        tax = self.env["account.tax"].create(
            {
                "name": "5.5 incl",
                "amount": 5.5,
                "price_include_override": "tax_included",
                "company_id": self.company.id,
                "country_id": self.env.ref("base.fr").id,
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "VAT", "company_id": self.company.id})
                .id,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Zoé"}).id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.full_rate.product_id.id,
                            "event_id": self.event.id,
                            "event_ticket_id": self.full_rate.id,
                            "product_uom_qty": 3,
                            "price_unit": 3.334,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                ],
            }
        )
        people = self.register(3, sale_order_line_id=order.order_line.id, sale_order_id=order.id)
        people.state = "open"
        self.numbers(people)
        rows = self.rows()
        total = round(order.order_line.price_total * 100)
        self.assertEqual(sum(rows.mapped("price_minor")), total)
        self.assertEqual(sum(rows.mapped("vat_minor")), round(order.order_line.price_tax * 100))
        self.assertLessEqual(max(rows.mapped("price_minor")) - min(rows.mapped("price_minor")), 1)
        self.assertEqual(rows.mapped("channel"), ["desk"] * 3)


@tagged("post_install", "-at_install")
class TestTicketDays(NumbersCase):
    """The statement of a day: first and last number, paid and free, receipts."""

    def yesterday(self):
        """What was given so far was given yesterday."""
        self.clock("1 day")

    def statements(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_event.ir_cron_ticket_days").method_direct_trigger()
        return self.env["tibillet.ticket.day"].search([("company_id", "=", self.company.id)])

    def test_a_day(self):
        self.numbers(self.register(3))
        gone = self.register(1, self.reduced)
        self.numbers(gone)
        gone.action_cancel()
        self.assertFalse(self.statements(), "the day is not over")
        self.yesterday()
        day = self.statements()
        self.assertEqual(len(day), 1)
        self.assertEqual((day.paid, day.free, day.cancelled), (0, 4, 1))
        full, reduced = day.line_ids
        self.assertEqual((full.category, full.first, full.last, full.free), ("Full", 1, 3, 3))
        self.assertEqual((reduced.category, reduced.first, reduced.cancelled), ("Reduced", 4, 1))
        self.assertEqual(self.statements(), day, "made once")

    def test_cancelled_later_stands_on_its_own_day(self):
        one = self.register()
        self.numbers(one)
        self.yesterday()
        first = self.statements()
        one.action_cancel()
        self.clock("2 days")
        second = self.statements() - first
        self.assertEqual((second.free, second.cancelled), (0, 1))
        self.assertEqual((first.free, first.cancelled), (1, 0))

    def test_kept(self):
        self.numbers(self.register())
        self.yesterday()
        day = self.statements()
        for act in (
            lambda: day.write({"paid": 9}),
            day.unlink,
            lambda: day.line_ids.write({"first": 9}),
            day.line_ids.unlink,
        ):
            with self.assertRaises(AccessError):
                act()
