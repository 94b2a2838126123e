from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .programme_common import NOW, ProgrammeCase


@tagged("post_install", "-at_install")
class TestProgrammeLicence(ProgrammeCase):
    """The licence of who organises shows."""

    def test_numbers_are_kept_as_they_are_printed(self):
        self.place.tibillet_licence = " platesv-d-2024-001234,L-R-21-1234  ; l-d-24-7"
        self.assertEqual(
            self.place.tibillet_licence, "PLATESV-D-2024-001234, L-R-21-1234, L-D-24-7"
        )
        self.place.tibillet_licence = False
        made = self.env["res.company"].create({"name": "X", "tibillet_licence": "l-d-24-7"})
        self.assertEqual(made.tibillet_licence, "L-D-24-7")

    def test_what_is_no_number_is_refused_in_words(self):
        for number in (
            "1234",
            "PLATESV-D-24-001234",
            "PLATESV-X-2024-001234",
            "PLATESV-D-2024",
            "PLATESV-D-2024-1234567",
            "PLATESV-D-2099-001234",
            "PLATESV-D-1924-001234",
            "L-D-2024-12",
            "L-D-24-1, nonsense",
        ):
            with self.subTest(number), self.assertRaisesRegex(ValidationError, "show licence"):
                self.place.tibillet_licence = number
        with self.assertRaisesRegex(ValidationError, "number of the licence"):
            self.place.write({"tibillet_licence": False, "tibillet_licence_until": "2027-01-01"})

    def activities(self):
        kind = self.env.ref("tibillet_event.mail_activity_type_licence")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def look(self, days):
        with freeze_time(NOW + timedelta(days=days)), self.enter_registry_test_mode():
            self.env.ref("tibillet_event.ir_cron_event_licence").method_direct_trigger()
        self.env.invalidate_all()
        return self.activities()

    def test_managers_are_told_at_60_and_at_15_days_once_each(self):
        self.place.write({"tibillet_licence": "L-D-24-7", "tibillet_licence_until": "2027-03-01"})
        self.assertFalse(self.look(0))
        told = self.look(37)  # 60 days before
        self.assertEqual(told.user_id, self.user_manager)
        self.assertEqual(told.res_id, self.place.partner_id.id)
        self.assertIn("Le Phare ends on 03/01/2027", told.summary)
        self.assertEqual(self.look(38), told)
        again = self.look(82)  # 15 days before
        self.assertEqual(len(again), 1)
        self.assertNotEqual(again, told)
        self.assertEqual(self.look(120), again)
        self.place.tibillet_licence_until = date(2029, 3, 1)
        self.assertFalse(self.look(121))

    def test_the_banner_on_an_event(self):
        self.assertFalse(self.concert.tibillet_licence_warning)
        self.place.tibillet_licence = "L-D-24-7"
        cases = (
            (date(2026, 11, 20), "ended on"),
            (date(2026, 12, 3), "before this event"),
            (date(2026, 12, 31), "ask for a new one"),
            (date(2028, 1, 1), False),
        )
        for until, sentence in cases:
            self.place.tibillet_licence_until = until
            warning = self.programme(self.concert).tibillet_licence_warning
            with self.subTest(until):
                self.assertIn(sentence, warning) if sentence else self.assertFalse(warning)

    def test_who_writes_it(self):
        with self.assertRaises(AccessError):
            self.place.with_user(self.user_user).tibillet_licence = "L-D-24-7"


@tagged("post_install", "-at_install")
class TestProgrammeVat(ProgrammeCase):
    """A rate per event, with its reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.show = cls.tax(cls, 5.5)
        cls.full = cls.tax(cls, 20)

    def taxes(self, event=None):
        return [ticket.product_id.taxes_id for ticket in (event or self.concert).event_ticket_ids]

    def choose(self, tax, reason, **values):
        self.programme(self.concert).write(
            {"tibillet_vat_id": tax and tax.id, "tibillet_vat_reason": reason, **values}
        )

    def test_every_rate_is_sold_with_it_and_prices_stay(self):
        self.choose(self.show, "show")
        self.assertEqual(self.taxes(), [self.show] * 2)
        self.assertEqual(sorted(self.concert.event_ticket_ids.mapped("price")), [6, 10])
        products = self.concert.event_ticket_ids.product_id
        self.assertEqual((len(products), products.company_id), (1, self.place))
        self.assertEqual(products.service_tracking, "event")
        self.programme(self.concert).event_ticket_ids = [
            Command.create({"name": "Children", "price": 3})
        ]
        self.assertEqual(self.taxes(), [self.show] * 3)
        self.assertEqual(sorted(self.concert.event_ticket_ids.mapped("price")), [3, 6, 10])
        self.choose(self.full, "bar")
        self.assertEqual(self.taxes(), [self.full] * 3)

    def test_a_rate_that_the_chart_has_asleep_is_woken(self):
        self.show.active = False
        event = self.make_event(tibillet_vat_id=self.show.id, tibillet_vat_reason="show")
        self.assertTrue(self.show.active)
        self.assertEqual(self.taxes(event), [self.show] * 2)

    def test_one_article_per_rate_of_a_place(self):
        self.choose(self.show, "show")
        other = self.make_event(tibillet_vat_id=self.show.id, tibillet_vat_reason="show")
        self.assertEqual(
            other.event_ticket_ids.product_id, self.concert.event_ticket_ids.product_id
        )
        self.assertEqual(sorted(other.event_ticket_ids.mapped("price")), [6, 10])
        none = self.make_event(tibillet_vat_reason="none")
        self.assertFalse(none.event_ticket_ids.product_id.taxes_id)
        copy = other.copy()
        self.assertEqual((copy.tibillet_vat_id, self.taxes(copy)), (self.show, [self.show] * 2))

    def test_what_visitors_pay(self):
        self.show.price_include_override = "tax_excluded"
        self.choose(self.show, "show")
        paid = sorted(self.concert.event_ticket_ids.mapped("price_incl"))
        self.assertEqual([round(price, 2) for price in paid], [6.33, 10.55])

    def test_a_reason_that_does_not_fit_is_refused_in_words(self):
        cases = [
            (self.show, False, "Say why the event has this rate"),
            (False, "show", "Choose the VAT"),
            (self.full, "show", "goes with 5.5 %"),
            (self.show, "first", "goes with 2.1 %"),
            (self.show, "none", "goes with 0 %"),
            (self.full, "other", "Write the reason"),
            (self.tax(7, type_tax_use="purchase"), "bar", "is not a VAT on sales"),
            (self.tax(8, company_id=self.env.company.id), "bar", "is not a VAT on sales"),
        ]
        for tax, reason, sentence in cases:
            with self.subTest(sentence), self.assertRaisesRegex(ValidationError, sentence):
                with self.env.cr.savepoint():
                    self.concert.write(
                        {"tibillet_vat_id": tax and tax.id, "tibillet_vat_reason": reason}
                    )
        self.choose(self.full, "other", tibillet_vat_note="Ruling of the tax office")

    def test_it_stays_once_tickets_are_sold(self):
        self.choose(self.show, "show")
        self.register()
        with self.assertRaisesRegex(UserError, "the rate stays"):
            self.choose(self.full, "bar")
        self.choose(self.show, "other", tibillet_vat_note="The same rate, said better")
        free = self.make_event(event_ticket_ids=[Command.create({"name": "Free", "price": 0})])
        self.register(free)
        free.write({"tibillet_vat_id": self.full.id, "tibillet_vat_reason": "bar"})

    def test_the_gate_chooses_no_rate(self):
        with self.assertRaises(AccessError):
            self.concert.with_user(self.user_gate).tibillet_vat_reason = "none"
        self.assertEqual(self.concert.date_begin, datetime(2026, 12, 4, 19, 30))
