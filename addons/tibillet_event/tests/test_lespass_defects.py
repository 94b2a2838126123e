"""What Lespass did wrong and has no test elsewhere; `readme/DEFECTS.md` names them all."""

import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .test_refunds_page import TicketPageCase

HERE = Path(__file__).parent
TABLE = HERE.parent / "readme" / "DEFECTS.md"


@tagged("post_install", "-at_install")
class TestLespassDefects(TicketPageCase):
    def scan(self, ticket):
        """What the gate hears."""
        self.env.flush_all()
        gate = self.env["event.registration"]
        return gate.register_attendee(ticket.barcode, self.concert.id)["status"]

    def test_lespass_bug_unpaid_and_cancelled_tickets_passed_the_gate(self):
        unpaid = self.tickets(self.order(1, paid=False))
        self.assertEqual(unpaid.state, "draft")
        cancelled = self.tickets(self.order(1))
        self.cancel(cancelled)
        good = self.tickets(self.order(1))
        self.assertEqual(self.scan(unpaid), "unconfirmed_registration")
        self.assertEqual(self.scan(cancelled), "canceled_registration")
        self.assertEqual(self.scan(good), "confirmed_registration")
        self.assertEqual(self.scan(good), "already_registered")
        self.assertEqual((unpaid.state, cancelled.state), ("draft", "cancel"))

    def test_lespass_defect_a_cancelled_ticket_was_shown_as_good(self):
        ticket, other = self.tickets(self.order(2))
        (ticket | other)._tibillet_numbered()
        self.cancel(ticket)
        self.env.flush_all()
        answers = []
        for one in (ticket, other):
            signed = self.concert._get_tickets_access_hash(one.ids)
            answers.append(
                self.url_open(
                    f"/event/{self.concert.id}/my_tickets?registration_ids={one.ids}"
                    f"&tickets_hash={signed}&responsive_html=1"
                )
            )
        gone, good = answers
        self.assertEqual((gone.status_code, good.status_code), (409, 200))
        self.assertIn("cancelled and paid back: it is not valid", gone.text)
        self.assertNotIn("Ticket no.", gone.text)
        self.assertTrue(good.content.startswith(b"%PDF-"))

    def test_lespass_bug_459_a_duplicate_had_a_rate_too_many(self):
        copy = self.concert.copy()
        self.assertEqual(
            copy.event_ticket_ids.mapped("name"), self.concert.event_ticket_ids.mapped("name")
        )
        self.assertFalse(copy.registration_ids)


@tagged("post_install", "-at_install")
class TestDefectsTable(TransactionCase):
    def test_each_test_that_the_table_names_exists(self):
        lines = TABLE.read_text().splitlines()
        heads = {number - 1 for number, line in enumerate(lines) if line.startswith("| ---")}
        rows = [
            line
            for number, line in enumerate(lines)
            if line.startswith("| ") and number not in heads and number - 1 not in heads
        ]
        self.assertGreater(len(rows), 30)
        for row in rows:
            named = re.findall(r"`(test_\w+)\.(test_\w+)`", row)
            self.assertTrue(named, f"no test is named: {row}")
            for file, test in named:
                text = (HERE / f"{file}.py").read_text()
                self.assertIn(f"    def {test}(", text, row)
