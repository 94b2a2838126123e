"""Tickets of another place, checked by its public keys; its server is a real one on loopback."""

import base64
import contextlib
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.allies import outside_document, revoked
from ..models.allies.outside_document import NotFetched, fetch
from ..models.tickets import cose
from .test_tickets import TicketsCase


class Venue(ThreadingHTTPServer):
    """Another place's server: what it says, and how badly it may behave."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.pages, self.mood, self.asked = {}, "", 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        """Said by nobody."""

    def do_GET(self):
        self.server.asked += 1
        mood = self.server.mood
        body = self.server.pages.get(self.path, b"")
        if mood == "slow":
            time.sleep(2)
        if mood == "redirect":
            self.send_response(302)
            self.send_header("Location", self.server.target)
            self.end_headers()
            return
        self.send_response(500 if mood == "500" else 200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked has gone
            self.wfile.write(body[:-20] if mood == "truncated" else body)


class AlliesCase(TicketsCase):
    """This very place as the other one: its own code writes the documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env["res.company"].create({"name": "Here"})

    def setUp(self):
        super().setUp()
        self.venue = Venue()
        self.addCleanup(self.venue.server_close)
        self.addCleanup(self.venue.shutdown)
        self.startPatcher(patch.dict(os.environ, {"TIBILLET_ALLY_LOOPBACK": "yes"}))
        self.startPatcher(patch.object(outside_document, "SILENT_S", 1))
        self.publish()
        self.ally = self.env["tibillet.gate.ally"].create(
            {
                "name": "The other house",
                "company_id": self.here.id,
                "url": f"{self.venue.base}/known",
                "place_number": self.place.number,
            }
        )

    def publish(self, **changes):
        """Put on the other server what the wallet and this addon say of the place."""
        self.env.flush_all()
        self.env.invalidate_all()
        known = json.loads(self.env["tibillet.well.known"]._body()[0])
        for place in known["places"]:
            place["revoked"] = f"{self.venue.base}/revoked/{place['number']}"
        known.update(changes)
        self.venue.pages["/known"] = json.dumps(known).encode()
        body = self.env["tibillet.well.known"]._revoked_body(self.place)
        self.venue.pages[f"/revoked/{self.place.number}"] = body
        return known

    def verify(self, text):
        return self.env["tibillet.gate.ally"]._verify(text, self.here)


@tagged("post_install", "-at_install")
class TestAllies(AlliesCase):
    def test_a_ticket_of_theirs(self):
        text = self.ticket().tibillet_ticket_text
        self.assertEqual(self.verify(text), "signature", "nothing was read yet")
        self.ally.action_fetch()
        self.assertFalse(self.ally.problem)
        ally, payload = self.verify(text)
        self.assertEqual((ally, payload[cose.EVENT]), (self.ally, self.event.id))
        self.assertEqual(self.env["tibillet.gate.ally"]._verify(text, self.company), "signature")
        self.assertEqual(self.verify("TBT1:HELLO"), "unknown")

    def test_what_the_gate_is_given(self):
        self.ticket().action_cancel()
        self.publish()
        self.ally.action_fetch()
        [trusted] = self.env["tibillet.gate.ally"]._trusted(self.here)
        self.assertEqual(set(trusted), {"name", "place", "keys", "events", "revoked"})
        self.assertEqual({key["purpose"] for key in trusted["keys"]}, {"ticket"})
        self.assertEqual({key["place"] for key in trusted["keys"]}, {self.place.number})
        self.assertIsNone(trusted["events"])
        self.assertTrue(trusted["revoked"]["digests"])
        self.ally.event_numbers = f"{self.event.id}, 7"
        [trusted] = self.env["tibillet.gate.ally"]._trusted(self.here)
        self.assertEqual(set(trusted["events"]), {str(self.event.id), "7"})
        self.ally.active_until = "2020-01-01 00:00:00"
        self.assertFalse(self.env["tibillet.gate.ally"]._trusted(self.here))

    def test_void_and_of_another_event(self):
        one = self.ticket()
        text = one.tibillet_ticket_text
        self.ally.action_fetch()
        self.ally.event_numbers = "7"
        self.assertEqual(self.verify(text), "wrong_event")
        self.ally.event_numbers = False
        one.action_cancel()
        self.publish()
        self.ally.action_fetch()
        self.assertEqual(self.verify(text), "cancelled")

    def test_forged_with_the_key_of_somebody_else(self):
        sealed = cose.read(self.ticket().tibillet_ticket_text)
        self.ally.action_fetch()
        key = Ed25519PrivateKey.generate()
        forged = key.sign(cose.to_sign(sealed.payload, sealed.kid))
        self.assertEqual(self.verify(cose.seal(sealed.payload, sealed.kid, forged)), "signature")
        kid = self.env["tibillet.signer"]._kid(self.place, "message")
        other = self.env["tibillet.signer"]._sign(
            self.place, "message", cose.to_sign(sealed.payload, kid)
        )
        text = cose.seal(sealed.payload, kid, other.signature)
        self.assertEqual(self.verify(text), "signature", "a key for another purpose")

    def test_a_key_that_vanished_is_not_trusted_any_more(self):
        text = self.ticket().tibillet_ticket_text
        self.ally.action_fetch()
        self.assertNotIsInstance(self.verify(text), str)
        key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        new = {
            **self.publish()["keys"][0],
            "kid": "newnewne",
            "x": base64.urlsafe_b64encode(key).decode().rstrip("="),
            "place": self.place.number,
            "purpose": "ticket",
        }
        self.publish(keys=[*self.publish()["keys"], new])
        self.ally.action_fetch()
        self.assertNotIsInstance(self.verify(text), str, "an old key that is published counts")
        self.publish(keys=[new])
        self.ally.action_fetch()
        self.assertEqual(self.verify(text), "signature")

    def test_whatever_their_server_does_the_last_good_copy_stays(self):
        text = self.ticket().tibillet_ticket_text
        self.ally.action_fetch()
        read_at = self.ally.fetched_at
        good = dict(self.venue.pages)
        for mood, page, code in (
            ("slow", None, "silent"),
            ("500", None, "status"),
            ("truncated", None, "silent"),
            ("", b"<html>", "unreadable"),
            ("", b"[" * 50_000, "unreadable"),
            ("", b'{"keys": 5, "places": []}', "unreadable"),
            ("", b'{"keys": [], "places": []}', "place"),
            ("", b" " * 500_001, "too_long"),
        ):
            self.venue.mood = mood
            self.venue.pages["/known"] = page or good["/known"]
            self.ally.action_fetch()
            self.assertEqual(self.ally.problem_code, code, (mood, page and page[:30]))
            self.assertTrue(self.ally.problem)
            self.assertEqual(self.ally.fetched_at, read_at)
            self.assertNotIsInstance(self.verify(text), str)

    def test_a_list_that_is_not_theirs_or_older_changes_nothing(self):
        one = self.ticket()
        text = one.tibillet_ticket_text
        one.action_cancel()
        path = f"/revoked/{self.place.number}"
        self.publish()
        self.ally.action_fetch()
        good = self.venue.pages[path]
        document = json.loads(good)
        said = json.loads(document["list"])
        old = revoked.write(self.place.number, said["kid"], 1, 61, [])
        signed = self.env["tibillet.signer"]._sign(self.place, "ticket", revoked.to_sign(old))
        empty = json.dumps({**said, "digests": [], "count": 0}, separators=(",", ":"))
        for page in (
            revoked.seal(old, signed.signature),  # replayed: nothing was void then
            json.dumps({**document, "list": empty}).encode(),  # altered
            b"{}",
            b"x" * (revoked.LONGEST_BYTES + 1),
        ):
            self.venue.pages[path] = page
            self.ally.action_fetch()
            self.assertEqual(self.ally.problem_code, "revoked")
            self.assertEqual(self.verify(text), "cancelled")

    def test_another_place_of_this_server_needs_no_network(self):
        text = self.ticket().tibillet_ticket_text
        self.ally.url = False
        self.assertFalse(self.ally.fetched_at, "what was read of the former is forgotten")
        asked = self.venue.asked
        self.ally.action_fetch()
        self.assertNotIsInstance(self.verify(text), str)
        self.assertEqual(self.venue.asked, asked)

    def test_an_address_that_leads_inside(self):
        with patch.dict(os.environ, {"TIBILLET_ALLY_LOOPBACK": "no"}):
            self.ally.action_fetch()
            self.assertEqual(self.ally.problem_code, "private")
        for url, code in (
            ("http://10.0.0.1/x", "private"),
            ("https://169.254.169.254/latest/meta-data", "private"),
            ("https://[::1]/x", "private"),
            ("https://[::ffff:10.0.0.1]/x", "private"),
            ("https://0.0.0.0/x", "private"),
            ("http://1.1.1.1/x", "address"),
            ("https://a:b@1.1.1.1/x", "address"),
            ("ftp://1.1.1.1/x", "address"),
            ("file:///etc/passwd", "address"),
            ("https://[x", "address"),
        ):
            with self.assertRaises(NotFetched, msg=url) as refused:
                fetch(url, 10)
            self.assertEqual(refused.exception.code, code, url)
        self.venue.mood, self.venue.target = "redirect", "http://10.0.0.1/secret"
        self.ally.action_fetch()
        self.assertEqual(self.ally.problem_code, "private")
        self.venue.target = self.ally.url
        self.ally.action_fetch()
        self.assertEqual(self.ally.problem_code, "moved")

    def test_what_is_typed(self):
        for values, said in (
            ({"place_number": 0}, "number of their place"),
            ({"event_numbers": "7;8"}, "numbers of events"),
            ({"url": "ftp://x"}, "https://"),
        ):
            with self.assertRaisesRegex(ValidationError, said):
                self.ally.copy({"place_number": 77, **values})
        self.ally.company_id = self.company
        with self.assertRaisesRegex(ValidationError, "your own place"):
            self.ally.url = False

    def test_the_clock_reads_all_of_them(self):
        with self.enter_registry_test_mode():
            self.env.ref("tibillet_event.ir_cron_allies").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(self.ally.fetched_at)
