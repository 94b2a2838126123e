import base64
import os
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.tibillet_event.models.prints import qr
from odoo.addons.tibillet_pos_nfc.tests.common import TourCase

from .common import OrdersCase, SeatsCase


class TicketsCase(OrdersCase):
    """An organiser with all its numbers, an event in Paris at 5.5 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dress_the_concert(cls)


def dress_the_concert(cls):
    """Organiser, licence, place and VAT: what the law wants on a ticket."""
    cls.company.write(
        {
            "name": "La Maison des Sons",
            "street": "12 rue des Lilas",
            "zip": "35000",
            "city": "Rennes",
            "company_registry": "73282932000074",
            "vat": "FR44732829320",
            "tibillet_licence": "PLATESV-D-2024-001234",
        }
    )
    vat = cls.env["account.tax"].create(
        {
            "name": "VAT 5.5 %",
            "amount": 5.5,
            "price_include_override": "tax_included",
            "company_id": cls.company.id,
            "country_id": cls.company.country_id.id,
        }
    )
    place = cls.env["res.partner"].create({"name": "Le Hangar", "city": "Rennes"})
    cls.event.write(
        {
            "date_begin": "2027-01-15 19:30:00",
            "date_end": "2027-01-15 22:30:00",
            "date_tz": "Europe/Paris",
            "address_id": place.id,
        }
    )
    cls.rate.product_id.taxes_id = [Command.set(vat.ids)]


@tagged("post_install", "-at_install")
class TestTillTickets(TicketsCase):
    """What a till prints after the sale: one ticket per place, with what the law wants on it."""

    def asked(self, order, session=None):
        return (session or self.session).tibillet_tickets(order.uuid)

    def test_all_that_the_law_wants(self):
        order = self.sync(self.places(2))
        answer = self.asked(order)
        self.assertTrue(answer["ok"], answer)
        self.assertFalse(answer["message"])
        one, two = answer["tickets"]
        self.assertEqual(one["organiser"][0], "La Maison des Sons")
        text = " | ".join(one["organiser"])
        for words in ("12 rue des Lilas, 35000 Rennes", "73282932000074", "FR44732829320"):
            self.assertIn(words, text)
        self.assertEqual(one["licence"], "PLATESV-D-2024-001234")
        self.assertEqual(one["event"], "Concert")
        self.assertIn("20:30", one["when"], "the hour of the event's own time zone")
        self.assertIn("Le Hangar", one["place"])
        self.assertEqual((one["rate"], one["holder"]), ("Full", "Anna"))
        self.assertIn("10.00", one["price"])
        self.assertIn("5.5 %", one["vat"])
        self.assertEqual(one["till"], "Bar")
        self.assertTrue(one["sold_at"])
        places = self.made(order).sorted("id")
        for shown, place in zip((one, two), places, strict=True):
            text = place.tibillet_ticket_text
            self.assertTrue(text.startswith("TBT1:"))
            kind, picture = shown["code"].split(",")
            self.assertEqual(kind, "data:image/svg+xml;base64")
            self.assertEqual(base64.b64decode(picture).decode(), qr.svg(text, shown["number"]))
        self.assertEqual([one["number"], two["number"]], places.mapped("tibillet_number"))
        self.assertNotEqual(one["number"], two["number"])
        self.assertTrue(one["number"])

    def test_without_a_key_file_it_waits_for_its_code(self):
        with patch.dict(os.environ, {"TIBILLET_KEY_FILE": "/nowhere/secret.key"}):
            order = self.sync(self.places(1))
            [ticket] = self.asked(order)["tickets"]
        self.assertEqual(ticket["code"], "", "never Odoo's number, which no gate knows")
        [ticket] = self.asked(order)["tickets"]
        self.assertTrue(ticket["code"])

    def test_free_is_said_so(self):
        self.rate.price = 0
        sent = self.places(1)
        sent["lines"][0][2].update(price_unit=0, price_subtotal=0, price_subtotal_incl=0)
        sent.update(payment_ids=[], amount_total=0, amount_tax=0, amount_paid=0)
        [ticket] = self.asked(self.sync(sent))["tickets"]
        self.assertTrue(ticket["free"])
        self.assertFalse(ticket["vat"])

    def test_a_drink_beside_has_no_ticket(self):
        sent = self.places(1)
        beer = self.order_values([(self.cash, 6.0, False)], [(self.beer, 1, 6.0)])
        sent["lines"] += beer["lines"]
        sent["payment_ids"] += beer["payment_ids"]
        sent.update(amount_total=16, amount_paid=16)
        [ticket] = self.asked(self.sync(sent))["tickets"]
        self.assertIn("10.00", ticket["price"], "the place's own price")

    def test_printed_again_is_a_duplicate(self):
        order = self.sync(self.places(2))
        first, second = self.asked(order)["tickets"]
        self.assertEqual((first["copies"], second["copies"]), (0, 0))
        self.session.tibillet_tickets_printed(order.uuid, [first["id"]])
        self.session.tibillet_tickets_printed(order.uuid, [first["id"]])
        self.assertEqual([t["copies"] for t in self.asked(order)["tickets"]], [2, 0])

    def test_only_places_of_the_order_are_counted(self):
        order = self.sync(self.places(1))
        other = self.env["event.registration"].create(
            {"event_id": self.event.id, "event_ticket_id": self.rate.id, "name": "Bo"}
        )
        self.session.tibillet_tickets_printed(order.uuid, [other.id])
        self.assertFalse(other.tibillet_printed)

    def test_what_has_no_ticket(self):
        """An order that never came, one that is open, a place given back, one without a seat."""
        answer = self.session.tibillet_tickets("never-seen")
        self.assertEqual((answer["ok"], answer["code"]), (False, "unknown"))
        waiting = self.sync(self.places(1, state="draft") | {"payment_ids": [], "amount_paid": 0})
        self.assertEqual(self.asked(waiting)["code"], "unpaid")
        sent = self.places(1)
        order = self.sync(sent)
        self.made(order).action_cancel()
        self.assertEqual(self.asked(order)["tickets"], [])

    def test_without_a_seat_there_is_no_ticket(self):
        sent = self.places(1)
        self.env.cr.execute("SELECT tibillet_seat_drop(key) FROM tibillet_seat_hold")
        self.env["event.registration"].create(
            [{"event_id": self.event.id, "event_ticket_id": self.rate.id, "name": "Bo"}] * 2
        )
        answer = self.asked(self.sync(sent))
        self.assertTrue(answer["ok"])
        self.assertEqual(answer["tickets"], [])
        self.assertIn("hand their money back", answer["message"])

    def test_a_plain_cashier_sells_with_answers(self):
        """Odoo lets no plain cashier read answers: the paid order itself would be refused."""
        question = self.env["event.question"].create(
            {"title": "Diet", "question_type": "text_box", "event_ids": self.event.ids}
        )
        sent = self.places(1)
        answers = [Command.create({"question_id": question.id, "value_text_box": "none"})]
        sent["lines"][0][2]["event_registration_ids"][0][2]["registration_answer_ids"] = answers
        self.env.invalidate_all()
        order = self.sync(sent)
        self.assertEqual(self.made(order).registration_answer_ids.value_text_box, "none")
        self.env.invalidate_all()
        read = (
            self.env["pos.order"].with_user(self.cashier).read_pos_orders([("id", "=", order.id)])
        )
        self.assertEqual(read["event.registration.answer"][0]["value_text_box"], "none")

    def test_only_a_cashier_of_this_company(self):
        order = self.sync(self.places(1))
        stranger = new_test_user(self.env, "stranger-tickets", "base.group_user")
        with self.assertRaises(AccessError):
            self.asked(order, self.session.with_user(stranger))
        with self.assertRaises(AccessError):
            self.session.with_user(stranger).tibillet_tickets_printed(order.uuid, [])
        order.sudo().company_id = self.other_company
        self.assertEqual(self.asked(order)["code"], "unknown")


@tagged("post_install", "-at_install")
class TestTillTicketTours(TourCase, HttpCase):
    """Tickets on the till's screen and on its paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SeatsCase.make_concert.__func__(cls)
        dress_the_concert(cls)

    def test_receipt_and_tickets(self):
        """A drink and a place: both papers, and a duplicate when printed again."""
        self.run_till("tibillet_tickets_printed", user=self.cashier)
        self.env.invalidate_all()
        place = self.event.registration_ids
        self.assertEqual((place.state, place.tibillet_printed), ("open", 2))

    def test_the_server_is_slow(self):
        """No tickets at first: a sentence and a key, and they come."""
        self.run_till("tibillet_tickets_late", user=self.cashier)

    def test_a_till_that_prints_by_itself(self):
        self.config.iface_print_auto = True
        self.run_till("tibillet_tickets_by_itself", user=self.cashier)
        self.env.invalidate_all()
        self.assertEqual(self.event.registration_ids.tibillet_printed, 1)

    def test_printed_from_the_orders(self):
        self.run_till("tibillet_tickets_of_orders", user=self.cashier)
