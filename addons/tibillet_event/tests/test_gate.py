"""The gate's door: every refusal of contracts 4 online, entries counted once, repeats, lists."""

import datetime
import uuid

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestGate(GateCase):
    def test_one_entry(self):
        one = self.ticket()
        first = self.scan(one)
        self.assertEqual((first["ok"], first["code"], first["count"]), (True, "entry", 1))
        self.assertEqual((first["name"], first["rate"]), (one.name or "", self.full_rate.name))
        self.assertEqual(one.state, "done")
        again = self.scan(one, self.other_phone)
        self.assertEqual((again["ok"], again["code"]), (False, "already_used"))
        self.assertEqual(again["used_gate"], "North")
        self.assertTrue(again["used_at"])
        self.assertEqual(self.scans().mapped("code"), ["entry", "already_used"])

    def test_a_repeat_is_a_success(self):
        one, nonce = self.ticket(), uuid.uuid4().hex
        first = self.scan(one, nonce=nonce)
        again = self.scan(one, nonce=nonce)
        self.assertEqual((again["ok"], again["repeat"], again["count"]), (True, True, 1))
        self.assertEqual(first["repeat"], False)
        self.assertEqual(len(self.scans()), 1)
        other = self.scan(self.ticket(), nonce=nonce)  # another ticket under the same nonce
        self.assertEqual(other["code"], "invalid")

    def test_states(self):
        one = self.ticket()
        text = one.tibillet_ticket_text
        one.tibillet_gate_blocked = True
        self.assertEqual(self.code(text), "blocked")
        one.tibillet_gate_blocked = False
        one.action_cancel()
        self.assertEqual(self.code(text), "cancelled")
        one.action_set_draft()
        self.assertEqual(self.code(text), "unpaid")
        one.action_confirm()
        self.assertEqual(self.code(text), "entry")

    def test_replaced(self):
        one = self.ticket(rate=self.reduced)
        former = one.tibillet_ticket_text
        one.event_ticket_id = self.full_rate
        one._tibillet_tickets_ensure()
        self.assertEqual(self.code(former), "replaced")
        self.assertEqual(self.code(one), "entry")

    def test_not_a_ticket(self):
        text = self.ticket().tibillet_ticket_text
        self.assertEqual(self.code("https://example.org"), "unknown")
        self.assertEqual(self.code(text[:-4]), "unknown")
        changed = text[:60] + ("A" if text[60] != "A" else "B") + text[61:]
        self.assertIn(self.code(changed), ("unknown", "signature"))
        self.assertFalse(self.list.entered)

    def test_another_event(self):
        other = self.make_event("Fest-noz", 5, company_id=self.company.id)
        one = self.env["event.registration"].create({"event_id": other.id, "name": "Gwenn"})
        self.assertEqual(self.code(one._tibillet_tickets_ensure()), "wrong_event")

    def test_rates_of_list_and_gate(self):
        full, reduced = self.ticket(), self.ticket(rate=self.reduced)
        self.north.ticket_ids = self.full_rate
        self.assertEqual(self.code(reduced), "wrong_gate")
        self.assertEqual(self.code(reduced, self.other_phone), "entry")
        self.list.ticket_ids = self.reduced | self.full_rate
        self.north.ticket_ids = False
        self.list.ticket_ids = self.reduced
        self.assertEqual(self.code(full), "not_on_list")

    def test_hours(self):
        one = self.ticket()
        now = fields.Datetime.now()
        day = datetime.timedelta(days=1)
        self.event.write({"date_begin": now + day, "date_end": now + day * 2})
        self.assertEqual(self.code(one), "too_early")
        self.event.write({"date_begin": now - day * 2, "date_end": now - day})
        self.assertEqual(self.code(one), "too_late")
        self.list.write({"opens_at": now - day, "closes_at": now + day})
        self.assertEqual(self.code(one), "entry")  # the list's own hours win

    def test_several_and_in_and_out(self):
        one = self.ticket()
        self.list.write({"mode": "several", "entries_max": 2})
        self.assertEqual([self.code(one) for __ in range(3)], ["entry", "entry", "already_used"])
        self.assertEqual(self.code(one, direction="out"), "direction")
        two = self.ticket()
        self.list.mode = "inout"
        said = [self.code(two, direction=way) for way in ("out", "in", "in", "out", "in")]
        self.assertEqual(said, ["direction", "entry", "already_used", "exit", "entry"])
        self.assertEqual(self.list._counts()[self.list.id], (4, 2))
        self.list.mode = "free"
        self.assertEqual([self.code(two) for __ in range(2)], ["entry", "entry"])

    def test_age_is_asked_once_and_takes_nothing(self):
        one, nonce = self.ticket(), uuid.uuid4().hex
        self.list.age_minimum = 18
        asked = self.scan(one, nonce=nonce)
        self.assertEqual((asked["code"], asked["age"]), ("age_needed", 18))
        self.assertEqual((self.list.entered, len(self.scans())), (0, 0))
        self.assertEqual(self.code(one, nonce=nonce, age_seen=True), "entry")
        self.assertEqual(self.code(one), "already_used")  # and nobody is asked for nothing

    def test_rights(self):
        one = self.ticket()
        self.list.rights = "member"
        self.assertEqual(self.code(one), "needs_right")

    def test_zones_count_apart(self):
        one = self.ticket()
        balcony = self.list.copy({"name": "Balcony", "event_ids": [(6, 0, self.event.ids)]})
        gate = self.env["tibillet.gate"].create({"name": "Stairs", "list_id": balcony.id})
        upstairs = self.pair(gate, "Erwan")
        self.assertEqual(self.code(one), "entry")
        self.assertEqual(self.code(one, upstairs), "entry")
        self.assertEqual(self.code(one, upstairs), "already_used")

    def test_search_by_right_only(self):
        one = self.ticket(name="Soazig Le Bihan")
        refused = self.ask("search", {"q": "soazig"})
        self.assertFalse(refused["ok"])
        steward = self.pair(self.north, "Chief", may_search=True)
        self.assertEqual(self.ask("search", {"q": "so"}, steward)["rows"], [])
        self.assertEqual(self.ask("search", {"q": "%%%"}, steward)["rows"], [])
        [row] = self.ask("search", {"q": "soazig"}, steward)["rows"]
        self.assertNotIn(one.tibillet_ticket_text, str(row))
        body = {"nonce": uuid.uuid4().hex, "pick": row["pick"], "direction": "in"}
        self.assertEqual(self.ask("redeem", body)["code"], "unknown")  # another phone's
        self.assertEqual(self.ask("redeem", body, steward)["code"], "entry")
        [row] = self.ask("search", {"q": "soazig"}, steward)["rows"]
        self.assertEqual(row["code"], "already_used")

    def test_a_card_opens(self):
        partner = self.env["res.partner"].create({"name": "Maël"})
        card = self.env["tibillet.card"].create({"uid": "04AABBCCDDEE80"})
        body = {"uid": "04AABBCCDDEE80", "direction": "in"}
        said = self.ask("redeem", {**body, "nonce": uuid.uuid4().hex})
        self.assertEqual(said["code"], "not_on_list")
        card.wallet_id.write({"partner_id": partner.id})
        self.register(2, self.full_rate, partner_id=partner.id)._tibillet_tickets_ensure()
        codes = []
        for __ in range(3):
            said = self.ask("redeem", {**body, "nonce": uuid.uuid4().hex})
            codes.append((said["code"], said["left"]))
        self.assertEqual(codes, [("entry", 1), ("entry", 0), ("already_used", 0)])
        unknown = {"uid": "04FFFFFFFFFF80", "direction": "in", "nonce": uuid.uuid4().hex}
        self.assertEqual(self.ask("redeem", unknown)["code"], "unknown")

    def test_a_right_of_the_day_opens(self):
        """A volunteer's card without a ticket enters, as the list counts entries."""
        partner = self.env["res.partner"].create({"name": "Katell"})
        card = self.env["tibillet.card"].create({"uid": "04112233445566"})
        card.wallet_id.write({"partner_id": partner.id})
        right = self.env["tibillet.day.right"].create(
            {"name": "Entry", "kind": "entry", "company_id": self.company.id}
        )
        body = {"uid": "04112233445566", "direction": "in"}
        said = self.ask("redeem", {**body, "nonce": uuid.uuid4().hex})
        self.assertEqual(said["code"], "not_on_list")
        self.env["tibillet.day.right.grant"].create(
            {"right_ids": [(6, 0, right.ids)], "partner_id": partner.id}
        )
        codes = [self.ask("redeem", {**body, "nonce": uuid.uuid4().hex})["code"] for __ in "12"]
        self.assertEqual(codes, ["entry", "already_used"])
        card.action_report_lost()
        said = self.ask("redeem", {**body, "nonce": uuid.uuid4().hex})
        self.assertEqual(said["code"], "blocked")

    def test_a_volunteer_comes_by_the_gate(self):
        """A tap notes that they are there, and so opens; another one says nothing of leaving."""
        partner = self.env["res.partner"].create({"name": "Nolwenn"})
        card = self.env["tibillet.card"].create({"uid": "04112233445577"})
        card.wallet_id.write({"partner_id": partner.id})
        self.env["tibillet.day.right"].create(
            {"name": "Entry", "kind": "entry", "company_id": self.company.id}
        )
        other = self.event.copy({"name": "Elsewhere"})
        now = fields.Datetime.now()
        times = {"date_begin": now, "date_end": now + datetime.timedelta(hours=2)}
        shift = self.env["tibillet.shift"].create({"name": "Bar", "event_id": other.id, **times})
        row = self.env["tibillet.shift.volunteer"].create(
            {"shift_id": shift.id, "partner_id": partner.id}
        )
        body = {"uid": "04112233445577", "direction": "in"}
        codes = []
        for event in (other, self.event, self.event):
            shift.event_id = event
            said = self.ask("redeem", {**body, "nonce": uuid.uuid4().hex})
            codes.append((said["code"], row.state))
        self.assertEqual(
            codes,
            [("not_on_list", "confirmed"), ("entry", "present"), ("already_used", "present")],
        )
        self.assertFalse(row.presence_end)

    def test_rubbish_is_answered(self):
        one = self.ticket().tibillet_ticket_text
        nonce = uuid.uuid4().hex
        for body in (
            {},
            {"nonce": nonce},
            {"nonce": "short", "text": one},
            {"nonce": nonce, "text": one, "uid": "04"},
            {"nonce": nonce, "text": one, "direction": "up"},
            {"nonce": nonce, "text": 12},
            {"nonce": [nonce], "text": one},
        ):
            with self.subTest(body=body):
                said = self.ask("redeem", body)
                self.assertEqual((said["ok"], said["code"]), (False, "invalid"))
                self.assertTrue(said["message"])
        for body in ("[1]", "rubbish", b"\xff\xfe", '"text"'):
            self.assertEqual(self.ask("redeem", body, status=400)["code"], "invalid")

    def test_lists_are_set_up_rightly(self):
        other = self.env["res.company"].create({"name": "Le Quai"})
        self.env.user.company_ids |= other
        theirs = self.env["event.event"].create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "date_begin": self.event.date_begin,
                "date_end": self.event.date_end,
            }
        )
        for values in (
            {"event_ids": [(6, 0, theirs.ids)]},
            {"event_ids": [(5,)]},
            {"entries_max": -1},
            {"age_minimum": 100},
            {"opens_at": "2030-01-02", "closes_at": "2030-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.list.write(values)

    def test_nobody_writes_what_the_gate_wrote(self):
        self.scan(self.ticket())
        presence = self.env["tibillet.gate.presence"].search([("list_id", "=", self.list.id)])
        for record in (presence, self.scans()):
            for act in (lambda one=record: one.sudo().write({}), record.sudo().unlink):
                with self.assertRaises(AccessError):
                    act()


@tagged("post_install", "-at_install")
class TestGatePasses(GateCase):
    def test_a_pass_enters_each_of_its_events(self):
        second = self.make_event("Second night", 5, company_id=self.company.id)
        second.write(
            {
                "date_begin": self.event.date_begin + datetime.timedelta(days=1),
                "date_end": self.event.date_end + datetime.timedelta(days=1),
            }
        )
        rate = self.env["event.event.ticket"].create(
            {
                "name": "Both nights",
                "event_id": self.event.id,
                "price": 30,
                "product_id": self.full_rate.product_id.id,
                "tibillet_pass_event_ids": [(6, 0, second.ids)],
            }
        )
        one = self.ticket(rate=rate)
        later = self.list.copy({"name": "Second", "event_ids": [(6, 0, second.ids)]})
        gate = self.env["tibillet.gate"].create({"name": "Door", "list_id": later.id})
        there = self.pair(gate, "Erwan")
        self.assertEqual(self.code(one), "entry")
        self.assertEqual(self.code(one, there), "too_early")
        later.opens_at = fields.Datetime.now() - datetime.timedelta(hours=1)
        self.assertEqual(self.code(one, there), "entry")
        seat = one.tibillet_pass_seat_ids.filtered(lambda seat: seat.event_id == second)
        self.assertEqual(seat.state, "done")
        self.assertEqual(self.code(one, there), "already_used")
