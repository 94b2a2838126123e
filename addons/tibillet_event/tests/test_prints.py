"""A ticket on paper: every mention, on each of its halves, in three sizes; or a sentence."""

from datetime import timedelta
from unittest.mock import patch

import zxingcpp

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .prints_common import PICTURE, PrintsCase

NBSP = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
class TestPrints(PrintsCase):
    def pdf(self, tickets, form="a4", lang="fr_FR"):
        return tickets._tibillet_pdf(form, lang)

    def words(self, page):
        return " ".join(page.replace(NBSP, " ").replace("\N{NARROW NO-BREAK SPACE}", " ").split())

    def said(self, amount):
        currency = self.company.currency_id.with_context(lang="fr_FR")
        return self.words(currency.format(amount))

    def test_every_mention_on_every_paper(self):
        [ticket] = self.tickets(self.order(1))
        ticket._tibillet_numbered()
        for form in ("a4", "a6", "roll"):
            with self.subTest(form):
                [page] = self.texts(self.pdf(ticket, form))
                said = self.words(page)
                begin = self.concert.with_context(lang="fr_FR")._tibillet_when()
                for mention in (
                    "Fest-noz d'été",
                    begin,  # in the event's own time zone
                    "Salle Érwan, 3 rue Haute, 29200 Brest",
                    "Association Le Phare",
                    "12 quai du Port, 29000 Quimper",
                    "Licence de spectacles PLATESV-D-2024-001234",
                    "Vendu le",
                    "Ni repris ni échangé.",
                    f"dont TVA à 5,5 % : {self.said(0.52)}",
                    "Souche",
                    "placement libre",
                ):
                    self.assertIn(mention, said)
                for both in (
                    ticket.tibillet_number,
                    "Full",
                    self.said(10),
                    "Fest-noz d'été",
                    begin,
                ):
                    self.assertGreaterEqual(said.count(both), 2, "the part kept and the stub")

    def test_the_hour_is_the_place_s(self):
        self.concert.date_tz = "America/Martinique"
        [ticket] = self.tickets(self.order(1))
        [page] = self.texts(self.pdf(ticket))
        self.assertIn("15:30", page)

    def test_free_says_so(self):
        [ticket] = self.tickets(self.order(1, event_ticket_id=self.free.id, price_unit=0))
        for form in ("a4", "a6", "roll"):
            [page] = self.texts(self.pdf(ticket, form))
            self.assertEqual(page.count("Gratuit"), 2)
            self.assertNotIn("TVA", page)
            self.assertIn("Délivré le", page)

    def test_the_code_is_read_back(self):
        [ticket] = self.tickets(self.order(1))
        for form in ("a4", "a6", "roll"):
            [found] = zxingcpp.read_barcodes(self.image(self.pdf(ticket, form), dpi=150))
            self.assertEqual(found.text, ticket.tibillet_ticket_text)
            self.assertEqual(found.format, zxingcpp.BarcodeFormat.QRCode)

    def test_a_name_only_when_names_are_asked(self):
        order = self.order(1)
        [ticket] = self.tickets(order)
        ticket.name = "Zoé Łukasiewicz"
        self.assertNotIn("Zoé", "".join(self.texts(self.pdf(ticket))))
        self.rate.tibillet_nominative = True
        for form in ("a4", "a6", "roll"):
            self.assertIn("Zoé Łukasiewicz", "".join(self.texts(self.pdf(ticket, form))))

    def test_one_file_for_an_order(self):
        order = self.order(3)
        tickets = self.tickets(order)
        pages = self.texts(self.pdf(tickets))
        self.assertEqual(len(pages), 3)
        for ticket, page in zip(tickets, pages, strict=True):
            self.assertIn(ticket.tibillet_number, page)

    def test_the_language(self):
        [ticket] = self.tickets(self.order(1))
        self.assertIn("Price paid", "".join(self.texts(self.pdf(ticket, lang="en_US"))))
        self.buyer.lang = "fr_FR"
        self.assertIn("Prix payé", "".join(self.texts(self.pdf(ticket, lang=None))))
        self.assertIn("Prix payé", "".join(self.texts(self.pdf(ticket, lang="xx_XX"))))

    def test_sound_files(self):
        self.concert.tibillet_picture = PICTURE
        tickets = self.tickets(self.order(2))
        for form in ("a4", "a6", "roll"):
            self.tool(self.pdf(tickets, form), "qpdf", "--check", "{file}")
        with_picture = self.tool(self.pdf(tickets, "a4"), "pdfimages", "-list", "{file}").decode()
        self.assertEqual(with_picture.count(" image "), 2)  # listed once a page
        self.assertEqual(self.pdf(tickets, "a4").count(b"/Subtype /Image"), 1, "kept once")

    def test_a_picture_that_is_none(self):
        with patch.object(type(self.concert), "tibillet_picture", b"bm90aGluZw=="):
            [ticket] = self.tickets(self.order(1))
            self.assertEqual(len(self.texts(self.pdf(ticket))), 1)

    def test_long_words_and_strange_ones(self):
        self.concert.name = "🎉 Une très longue soirée " * 12 + "Donaudampfschifffahrt" * 9
        self.rate.name = "Réduit (moins de 26 ans, demandeurs d'emploi, adhérents) " * 3
        self.company.tibillet_ticket_terms = "Condition. " * 900
        [ticket] = self.tickets(self.order(1))
        for form in ("a4", "a6", "roll"):
            data = self.pdf(ticket, form)
            [page] = self.texts(data)
            self.assertIn(ticket.tibillet_number, page)
            self.assertNotIn("🎉", page)
            [found] = zxingcpp.read_barcodes(self.image(data, dpi=150))
            self.assertEqual(found.text, ticket.tibillet_ticket_text, "nothing covers the code")

    def test_what_is_refused_and_why(self):
        one, two, three = self.tickets(self.order(3))
        self.cancel(one)
        two.action_cancel()
        for ticket, words in ((one, "paid back"), (two, "was cancelled: it is not valid")):
            with self.assertRaisesRegex(UserError, words):
                self.pdf(ticket)
        self.assertEqual(len(self.texts(self.pdf(one + two + three))), 1)
        after = three._tibillet_give("Bo Li", "bo@example.com")
        with self.assertRaisesRegex(UserError, "given on"):
            self.pdf(three)
        self.assertEqual(len(self.texts(self.pdf(after))), 1)
        self.concert.write({"kanban_state": "cancel", "tibillet_cancel_reason": "Rain"})
        with self.assertRaisesRegex(UserError, "event is cancelled"):
            self.pdf(after)

    def test_not_paid_yet(self):
        tickets = self.tickets(self.order(1, paid=False))
        with self.assertRaisesRegex(UserError, "not paid yet"):
            self.pdf(tickets)

    def test_without_a_key_file(self):
        [ticket] = self.tickets(self.order(1))
        self.env.cr.execute("DELETE FROM tibillet_ticket WHERE registration_id = %s", [ticket.id])
        self.env.invalidate_all()
        with (
            patch.dict("os.environ", {"TIBILLET_KEY_FILE": ""}),
            self.assertRaisesRegex(UserError, "not ready yet"),
        ):
            self.pdf(ticket)

    def test_a_pass_says_what_it_opens(self):
        first, second = (
            self.concert.copy(
                {
                    "date_begin": self.concert.date_begin + timedelta(days=n),
                    "date_end": self.concert.date_end + timedelta(days=n),
                }
            )
            for n in (1, 2)
        )
        first.with_context(lang="fr_FR").name = "Jour un"
        second.with_context(lang="fr_FR").name = "Jour deux"
        pass_rate = self.env["event.event.ticket"].create(
            {
                "name": "Pass",
                "event_id": self.concert.id,
                "price": 0,
                "tibillet_pass_event_ids": [Command.set((first + second).ids)],
            }
        )
        one = self.env["event.registration"].create(
            {"event_id": self.concert.id, "event_ticket_id": pass_rate.id, "name": "Anna"}
        )
        one.action_confirm()
        [page] = self.texts(self.pdf(one + one.tibillet_pass_seat_ids))
        self.assertIn("Jour un", page)
        self.assertIn("Jour deux", page)

    def test_the_file_s_name(self):
        self.concert.name = "Fête d'été — Łódź 🎉 / ../x"
        tickets = self.tickets(self.order(2))
        tickets._tibillet_numbered()
        for some in (tickets, tickets[0]):
            name = some._tibillet_pdf_name()
            self.assertRegex(name, r"^tickets?-[a-z0-9-]+\.pdf$")
            self.assertIn("fete-dete", name)
