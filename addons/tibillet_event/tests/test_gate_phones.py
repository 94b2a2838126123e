"""Phones: paired by a link, known by a secret, revoked, sending later what they decided."""

import base64
import datetime
import hashlib
import json
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo import fields
from odoo.tests import tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestGatePairing(GateCase):
    def setUp(self):
        super().setUp()
        self.link = self.env["tibillet.gate.pairing"].create(
            {"list_id": self.list.id, "gate_id": self.north.id, "most": 2}
        )

    def join(self, name="Nolwenn", mode="pair", token=None):
        body = {"token": token or self.link._token(), "mode": mode, "name": name}
        return self.ask("pair", body, phone=False)

    def test_one_link_serves_many(self):
        looked = self.join(mode="look")
        self.assertEqual((looked["ok"], looked["gate"]), (True, "North"))
        self.assertFalse(self.link.device_ids)
        first, second = self.join(), self.join("Goulven")
        self.assertNotEqual(first["device"]["secret"], second["device"]["secret"])
        self.assertEqual(self.link.device_ids.mapped("name"), ["Goulven", "Nolwenn"])
        self.assertEqual(self.join("One more")["code"], "full")
        self.assertNotIn(first["device"]["secret"], str(self.link.device_ids.sudo().read()))
        phone = f"TiBillet-Gate {first['device']['id']}.{first['device']['secret']}"
        self.assertTrue(self.ask("state", {}, phone)["ok"])

    def test_who_is_not_let_pair(self):
        self.assertEqual(self.join(name="  ")["code"], "invalid")
        for token in ("", "1", "1.", f"{self.link.id}.{'0' * 32}", "x.y", f"{10**12}.a", "é"):
            self.assertEqual(self.join(token=token or " ")["code"], "unknown")
        self.link.until = fields.Datetime.now() - datetime.timedelta(minutes=1)
        self.assertEqual(self.join()["code"], "expired")
        self.link.until = fields.Datetime.now() + datetime.timedelta(minutes=1)
        self.link.action_revoke()
        self.assertEqual(self.join()["code"], "revoked")

    def test_the_token_is_in_no_address_that_a_server_sees(self):
        self.assertIn("/tibillet/gate#p=", self.link.link)
        self.assertNotIn(self.link._token(), self.link.picture)

    def test_secrets(self):
        number = self.phone.split()[1].split(".")[0]
        for header in (
            "TiBillet-Gate 1",
            f"TiBillet-Gate {number}.{'A' * 43}",
            f"Bearer {self.phone.split()[1]}",
            "TiBillet-Gate 999999999." + "A" * 43,
        ):
            self.assertEqual(self.ask("state", {}, header, status=401)["code"], "unknown")
        self.assertEqual(self.ask("state", {}, phone=False, status=401)["code"], "unknown")


@tagged("post_install", "-at_install")
class TestGateState(GateCase):
    def test_what_a_phone_knows(self):
        one = self.ticket(name="Soazig Le Bihan")
        said = self.ask("state", {"queue": 3, "battery": 0.5, "config": "old"})
        config = said["config"]
        device = self.env["tibillet.gate.device"].search([("name", "=", "Anna")])
        self.assertEqual((device.waiting, device.battery), (3, 50))
        self.assertEqual(config["events"][str(self.event.id)]["name"], "Bal")
        self.assertEqual(config["gate"]["name"], "North")
        self.assertEqual({key["purpose"] for key in config["keys"]}, {"ticket"})
        self.assertNotIn("Soazig", json.dumps(said))
        again = self.ask("state", {"config": config["version"]})
        self.assertNotIn("config", again)
        one.action_cancel()
        self.assertEqual(len(self.ask("state", {})["config"]["revoked"]["digests"]), 1)

    def test_counts(self):
        first, __ = self.ticket(), self.ticket()
        self.scan(first)
        said = self.ask("state", {}, self.other_phone)
        self.assertEqual(said["counts"], {"in": 1, "entries": 1, "expected": 2})
        self.assertEqual(said["here"], {"entries": 0})

    def test_in_the_language_of_the_phone(self):
        said = self.ask("redeem", {"nonce": "x", "lang": "fr"})
        self.assertNotEqual(said["message"], self.ask("redeem", {"nonce": "x"})["message"])

    def test_a_list_that_tells_nothing_without_tickets(self):
        one = self.ticket(name="Soazig Le Bihan", email="soazig@demo.example")
        said = self.ask("guests", {})
        self.assertTrue(said["full"])
        for secret in ("Soazig", "soazig", one.tibillet_ticket_text):
            self.assertNotIn(secret, json.dumps(said))
        rows = dict(said["rows"])
        box = self.opened(rows, one.tibillet_ticket_text)
        self.assertEqual((box["r"], box["n"], box["k"]), (one.id, "Soazig Le Bihan", "ok"))

    def opened(self, rows, text):
        raw = text.encode()
        handle = base64.urlsafe_b64encode(hashlib.sha256(b"TBG1" + raw).digest()[:12]).decode()
        box = base64.urlsafe_b64decode(rows[handle] + "=" * (-len(rows[handle]) % 4))
        key = hashlib.sha256(b"TBG1-key" + raw).digest()
        return json.loads(AESGCM(key).decrypt(box[:12], box[12:], handle.encode()))

    def test_changes_come_again(self):
        first, second = self.ticket(), self.ticket()
        self.env.cr.execute(
            "UPDATE event_registration SET write_date = write_date - interval '1 hour'"
        )
        self.env.cr.execute("UPDATE tibillet_ticket SET issued_at = issued_at - interval '1 hour'")
        version = self.ask("guests", {})["version"]
        self.assertEqual(self.ask("guests", {"since": version})["rows"], [])
        self.scan(first)
        said = self.ask("guests", {"since": version})
        self.assertFalse(said["full"])
        self.assertEqual(len(said["rows"]), 1)
        self.assertEqual(self.opened(dict(said["rows"]), first.tibillet_ticket_text)["u"], 1)
        second.action_cancel()
        self.assertEqual(len(self.ask("guests", {"since": version})["rows"]), 2)

    def test_ten_thousand_fit(self):
        rows = self.ask("guests", {})["rows"]
        one = self.ticket(name="Marie-Françoise de Kerguelen-Trémarec")
        [row] = [row for row in self.ask("guests", {})["rows"] if row not in rows]
        self.assertTrue(one)
        self.assertLess(10_000 * len(json.dumps(row)), 3 * 2**20)

    def test_cost_does_not_grow(self):
        guests = self.env["tibillet.gate.guests"]

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            guests._rows(self.list)
            return self.env.cr.sql_log_count - before

        self.ticket()
        few = queries()
        for __ in range(8):
            self.ticket()
        self.assertEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestGateSync(GateCase):
    def later(self, ticket, decided="entry", phone=None, **more):
        scan = {
            "nonce": uuid.uuid4().hex,
            "text": ticket if isinstance(ticket, str) else ticket.tibillet_ticket_text,
            "direction": "in",
            "decided": decided,
            **more,
        }
        return scan, self.ask("sync", {"scans": [scan]}, phone)["taken"]

    def test_taken_in_once(self):
        one = self.ticket()
        scan, [taken] = self.later(one)
        self.assertEqual((taken["code"], taken["conflict"]), ("entry", False))
        [again] = self.ask("sync", {"scans": [scan]})["taken"]
        self.assertEqual(again, taken)
        self.assertEqual((self.list.entered, len(self.scans())), (1, 1))
        self.assertEqual(one.state, "done")
        self.assertTrue(self.scans().offline)

    def test_the_same_nonce_online_and_later_is_one(self):
        """A phone that heard no answer decides by itself, under the same nonce."""
        one, nonce = self.ticket(), uuid.uuid4().hex
        self.assertEqual(self.code(one, nonce=nonce), "entry")
        __, [taken] = self.later(one, nonce=nonce)
        self.assertEqual((taken["code"], taken["conflict"]), ("entry", False))
        self.assertEqual((self.list.entered, len(self.scans())), (1, 1))

    def test_two_gates_without_network_make_a_conflict(self):
        one = self.ticket()
        self.later(one)
        __, [taken] = self.later(one, phone=self.other_phone)
        self.assertEqual((taken["code"], taken["conflict"]), ("entry", True))
        scan = self.scans()[-1]
        self.assertEqual(scan.conflict_code, "already_used")
        self.assertEqual((self.list.entered, self.list.conflicts), (2, 1))
        scan.action_settle()
        self.list.invalidate_recordset()
        self.assertEqual(self.list.conflicts, 0)

    def test_what_should_not_have_entered(self):
        one = self.ticket()
        text = one.tibillet_ticket_text
        one.action_cancel()
        __, [taken] = self.later(text)
        self.assertTrue(taken["conflict"])
        self.assertEqual(self.scans().conflict_code, "cancelled")
        self.assertEqual(one.state, "cancel")

    def test_refusals_and_rubbish_leave_the_phone(self):
        one = self.ticket()
        __, [refused] = self.later(one, decided="signature")
        self.assertEqual((refused["code"], refused["conflict"]), ("signature", False))
        __, [odd] = self.later("not a ticket", decided=["entry"])
        self.assertEqual(odd["code"], "invalid")
        nonce = uuid.uuid4().hex
        taken = self.ask("sync", {"scans": [{"nonce": nonce}, "x", None, {"nonce": 1}]})["taken"]
        self.assertEqual(taken, [{"nonce": nonce, "code": "invalid", "conflict": False}])
        self.assertFalse(self.list.entered)
        self.assertEqual(self.ask("sync", {"scans": "x"}, status=400)["code"], "invalid")

    def test_a_revoked_phone_still_hands_over(self):
        one = self.ticket()
        self.env["tibillet.gate.device"].search([("name", "=", "Anna")]).action_revoke()
        self.assertEqual(self.code(one), "device_revoked")
        self.assertEqual(self.ask("guests", {})["code"], "device_revoked")
        __, [taken] = self.later(one)
        self.assertEqual(taken["code"], "entry")
        self.assertTrue(self.scans().late)
        said = self.ask("sync", {"scans": []})
        self.assertTrue(said["revoked"])

    def test_the_phones_clock(self):
        now = fields.Datetime.now()
        ms = int(now.replace(tzinfo=datetime.UTC).timestamp() * 1000)
        device = self.env["tibillet.gate.device"].search([("name", "=", "Anna")])
        self.env.cr.execute(
            "UPDATE tibillet_gate_device SET create_date = create_date - interval '2 hours'"
            " WHERE id = %s",
            [device.id],
        )
        # Ten minutes ago by a clock that is an hour fast.
        self.later(self.ticket(), at=ms - 600_000 + 3_600_000, clock_offset=3_600_000)
        ago = (now - self.scans()[-1].scanned_at).total_seconds()
        self.assertAlmostEqual(ago, 600, delta=30)
        for at in (ms + 10**10, -1, 10**30, "x", None, True):
            self.later(self.ticket(), at=at)
            self.assertLess(abs((self.scans()[-1].scanned_at - now).total_seconds()), 60)
