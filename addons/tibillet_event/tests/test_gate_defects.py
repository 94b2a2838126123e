"""What the former scanning did wrong (`readme/DEFECTS.md`), asked of the gate's endpoints."""

import json
import uuid

import qrcode

from odoo.tests import tagged

from ..models.tickets import cose
from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestGateDefects(GateCase):
    def test_lespass_bug_two_gates_could_both_accept(self):
        """One row in the database decides; `tests/concurrency/test_gates.py` has the race."""
        one = self.ticket()
        codes = [self.code(one, phone) for phone in (self.phone, self.other_phone) * 2]
        self.assertEqual(codes, ["entry", "already_used", "already_used", "already_used"])
        self.assertEqual(self.list._counts()[self.list.id], (1, 1))

    def test_lespass_bug_377_no_time_window(self):
        hour = 60
        for shift, code in ((-3 * hour, "too_early"), (7 * hour, "too_late"), (0, "entry")):
            with self.subTest(minutes=shift):
                one = self.ticket()
                self.clock(shift)
                self.assertEqual(self.code(one), code)
                known = self.fetched()
                known["now"] += shift * 60_000
                self.clock(0)
                fresh = self.ticket().tibillet_ticket_text
                known["guests"] = self.fetched()["guests"]
                said = self.alone({"one": {"text": fresh}}, known=known)["answers"]["one"]
                self.assertEqual(said["code"], code)

    def clock(self, minutes):
        """Set the database's clock so far from the real one, in this transaction."""
        self.env.cr.execute(
            "SELECT set_config('tibillet.clock_offset', make_interval(mins => %s)::text, true)",
            [minutes],
        )

    def test_lespass_bug_205_no_reasons(self):
        """Every refusal has a title and what to do, in both languages, and the answer bears it."""
        words = self.env["tibillet.gate.words"]
        codes = dict(self.env["tibillet.gate.scan"]._fields["code"].selection).keys()
        codes = codes - {"entry", "exit"}
        self.assertGreater(len(codes), 15)
        english, french = (words.with_context(lang=lang)._refusals() for lang in ("en_US", "fr_FR"))
        for code in codes:
            with self.subTest(code=code):
                for said in (english[code], french[code]):
                    self.assertGreater(len(said["title"]), 5)
                    self.assertGreater(len(said["todo"]), 5)
                self.assertNotEqual(english[code], french[code])
        one = self.ticket()
        self.scan(one)
        said = self.scan(one, lang="fr")
        self.assertIn(french["already_used"]["title"], said["message"])
        self.assertIn(french["already_used"]["todo"], said["message"])
        self.assertTrue(said["used_at"])
        self.assertEqual(said["used_gate"], "North")

    def test_lespass_bug_296_no_gate_text(self):
        self.full_rate.tibillet_gate_text = "Give the blue wristband"
        self.list.instruction = "Bags are opened"
        one = self.ticket()
        alone = self.alone({"one": {"text": one.tibillet_ticket_text}})
        self.assertEqual(alone["answers"]["one"]["instruction"], "Give the blue wristband")
        said = self.scan(one)
        self.assertEqual(said["instruction"], "Give the blue wristband · Bags are opened")

    def test_lespass_bug_list_and_search_returned_every_payload(self):
        """No answer of any endpoint has the text of a ticket, nor a barcode of Odoo's."""
        people = self.env["event.registration"]
        for name in ("Soazig Le Bihan", "Soazig Le Goff"):
            people |= self.ticket(name=name)
        steward = self.pair(self.north, "Chief", may_search=True)
        said = [
            self.ask("search", {"q": "soazig"}, steward),
            self.ask("guests", {}, steward),
            self.ask("state", {}, steward),
            self.scan(people[0], steward),
            self.scan(people[0], steward),
        ]
        self.assertEqual(len(said[0]["rows"]), 2)
        kept = json.dumps(said)
        for one in people:
            self.assertNotIn(one.tibillet_ticket_text, kept)
            self.assertNotIn(one.barcode, kept)
        self.assertNotIn("TBT1:", kept)

    def test_lespass_bug_no_offline(self):
        """Without network a good ticket enters once, a bad one not; later the server has it."""
        one, gone = self.ticket(), self.ticket()
        texts = [one.tibillet_ticket_text, gone.tibillet_ticket_text]
        gone.action_cancel()
        alone = self.alone(
            {
                "first": {"text": texts[0]},
                "again": {"text": texts[0]},
                "gone": {"text": texts[1]},
                "forged": {"text": texts[0][:-3] + "AAA"},
            }
        )
        said = {name: answer["code"] for name, answer in alone["answers"].items()}
        self.assertEqual((said["first"], said["again"]), ("entry", "already_used"))
        self.assertEqual(said["gone"], "cancelled")
        self.assertIn(said["forged"], ("unknown", "signature"))
        taken = self.ask("sync", {"scans": alone["waiting"]})["taken"]
        self.assertEqual(len(taken), 4)
        self.assertFalse([row for row in taken if row["conflict"]])
        self.assertEqual(one.state, "done")
        self.assertEqual(self.list._counts()[self.list.id], (1, 1))

    def test_lespass_bug_void_tickets_passed_the_scan(self):
        """Only "already scanned" was refused, whatever had become of the ticket."""
        cancelled, unpaid, away, given = (self.ticket(name=name) for name in "ABCD")
        texts = {
            "cancelled": cancelled.tibillet_ticket_text,
            "unpaid": unpaid.tibillet_ticket_text,
            "away": away.tibillet_ticket_text,
            "given": given.tibillet_ticket_text,
        }
        cancelled.action_cancel()
        unpaid.action_set_draft()
        away.active = False
        given._tibillet_give("Bo", "bo@example.com")
        wanted = {
            "cancelled": "cancelled",
            "unpaid": "unpaid",
            "away": "cancelled",
            "given": "replaced",
        }
        self.assertEqual({name: self.code(text) for name, text in texts.items()}, wanted)
        alone = self.alone({name: {"text": text} for name, text in texts.items()})["answers"]
        self.assertEqual({name: one["code"] for name, one in alone.items()}, wanted)
        self.assertEqual(self.list._counts(), {})

    def test_lespass_defect_295_a_link_for_each_volunteer(self):
        """One QR serves fifteen, each named, each taken out alone."""
        self.event.seats_max = 100
        link = self.env["tibillet.gate.pairing"].create(
            {"list_id": self.list.id, "gate_id": self.north.id, "most": 15}
        )
        phones = []
        for number in range(15):
            body = {"token": link._token(), "mode": "pair", "name": f"Volunteer {number}"}
            device = self.ask("pair", body, phone=False)["device"]
            phones.append(f"TiBillet-Gate {device['id']}.{device['secret']}")
        self.assertEqual({self.code(self.ticket(), phone) for phone in phones}, {"entry"})
        link.device_ids[0].action_revoke()
        codes = [self.code(self.ticket(), phone) for phone in phones]
        self.assertEqual(codes.count("device_revoked"), 1)
        self.assertEqual(codes.count("entry"), 14)

    def test_lespass_defect_nobody_chose_the_event_at_each_scan(self):
        """A scan without an event was an error: here the phone's list says which."""
        said = self.ask(
            "redeem", {"nonce": uuid.uuid4().hex, "text": self.ticket().tibillet_ticket_text}
        )
        self.assertEqual(said["code"], "entry")

    def test_lespass_defect_the_qr_differed_at_each_print_and_was_dense(self):
        """400 characters and more, salted: ours are the same each time, and half as many dots."""
        one = self.ticket()
        text = one.tibillet_ticket_text
        self.env.invalidate_all()
        self.assertEqual(one._tibillet_tickets_ensure().tibillet_ticket_text, text)
        self.assertLessEqual(len(text), cose.LONGEST)

        def dots(content):
            code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
            code.add_data(content, optimize=0)
            code.make(fit=True)
            return code.modules_count

        theirs = "eyJ1dWlkIjoi" + "aB3-" * 100
        self.assertLess(dots(text), dots(theirs) * 0.8)
