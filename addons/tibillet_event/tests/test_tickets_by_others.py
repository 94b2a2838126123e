"""Tickets checked and made by a COSE library that is not ours (cwt), both ways (contracts 4)."""

import base64
import datetime
import json

import base45
import cbor2
from cwt import COSE, COSEKey
from cwt.exceptions import VerifyError

from odoo.tests import HttpCase, tagged

from ..models.tickets import cose
from .test_tickets import TicketsCase


@tagged("post_install", "-at_install")
class TestTicketsByOthers(TicketsCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def keys(self):
        """The place's public ticket keys as a stranger gets them, for that library."""
        self.env.flush_all()
        known = json.loads(self.url_open("/.well-known/tibillet").content)
        return [
            COSEKey.from_jwk({name: key[name] for name in ("kty", "crv", "kid", "x")})
            for key in known["keys"]
            if key["purpose"] == "ticket" and key["place"] == self.place.number
        ]

    def verified(self, text, keys=None):
        """Headers and payload as the other library reads them; it raises what it refuses."""
        self.assertTrue(text.startswith("TBT1:"))
        raw = base45.b45decode(text[5:])
        library = COSE.new(verify_kid=True)
        message = cbor2.CBORTag(18, cbor2.loads(raw))  # it tells messages apart by their tag
        protected, unprotected, payload = library.decode_with_headers(message, keys or self.keys())
        self.assertEqual((set(protected), unprotected), ({1, 4}, {}))
        return protected, cbor2.loads(payload)

    def kinds(self):
        """A ticket of each kind: name → registration."""
        rates = self.env["event.event.ticket"]
        shared = {"event_id": self.event.id, "product_id": self.full_rate.product_id.id}
        second = self.make_event("Second night", 5, company_id=self.company.id)
        guest = rates.create({**shared, "name": "Guest", "price": 0, "tibillet_invitation": True})
        both = rates.create(
            {
                **shared,
                "name": "Both nights",
                "price": 30,
                "tibillet_pass_event_ids": [(6, 0, second.ids)],
            }
        )
        visit = self.make_event(
            "Visit", 5, [("Adult", 4)], is_multi_slots=True, company_id=self.company.id
        )
        visit.date_end = visit.date_begin + datetime.timedelta(days=3)
        slot = self.env["event.slot"].create(
            {
                "event_id": visit.id,
                "date": visit.date_begin.date() + datetime.timedelta(days=1),
                "start_hour": 10,
                "end_hour": 11,
            }
        )
        bare = self.make_event("No rates", 5, [], company_id=self.company.id)
        register = self.env["event.registration"].create
        given = self.ticket(name="Anna")._tibillet_give("Bo", "bo@example.com")
        moved = self.ticket(name="Moved", rate=self.reduced)
        moved.event_ticket_id = self.full_rate
        return {
            "paid": self.ticket(),
            "reduced": self.ticket(rate=self.reduced),
            "free": self.ticket(rate=guest),
            "pass": self.ticket(rate=both),
            "slot": register(
                {
                    "event_id": visit.id,
                    "event_ticket_id": visit.event_ticket_ids.id,
                    "event_slot_id": slot.id,
                    "name": "Cy",
                }
            ),
            "without a rate": register({"event_id": bare.id, "name": "Di"}),
            "given on": given,
            "another rate": moved,
        }

    def test_each_kind_verifies_by_the_public_key(self):
        keys = self.keys()
        for name, one in self.kinds().items():
            with self.subTest(kind=name):
                text = one._tibillet_tickets_ensure().tibillet_ticket_text
                protected, payload = self.verified(text, keys)
                self.assertEqual(protected[1], -8)
                self.assertIn(protected[4], [key.kid for key in keys])
                self.assertEqual(
                    (payload[1], payload[2], payload[3], payload[4], payload.get(7, 0)),
                    (
                        self.place.number,
                        one.event_id.id,
                        one.id,
                        one.event_ticket_id.id,
                        one.event_slot_id.id,
                    ),
                )
                self.assertEqual(payload, cose.read(text).payload)

    def test_after_a_rotation_the_former_key_still_verifies(self):
        former = self.ticket().tibillet_ticket_text
        self.env["tibillet.key"].sudo()._generate(self.place, "ticket")
        newer = self.ticket().tibillet_ticket_text
        keys = self.keys()
        self.assertEqual(len(keys), 2)
        kids = {self.verified(text, keys)[0][4] for text in (former, newer)}
        self.assertEqual(len(kids), 2)

    def test_it_refuses_what_we_refuse(self):
        """The control: the other library does check."""
        text = self.ticket().tibillet_ticket_text
        sealed = cose.read(text)
        payload = {**sealed.payload, 3: sealed.payload[3] + 1}
        altered = cose.seal(payload, sealed.kid, sealed.signature)
        with self.assertRaises(VerifyError):
            self.verified(altered)
        stranger = COSEKey.from_jwk(
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "kid": sealed.kid,
                "x": base64.urlsafe_b64encode(b"\x09" * 32).decode().rstrip("="),
            }
        )
        with self.assertRaises(VerifyError):
            self.verified(text, [stranger])

    def sealed_by_others(self, payload, **more):
        """The same ticket, made by the other library with the place's own key.

        :param more: header parameters beside algorithm and key id
        """
        key_sudo = self.env["tibillet.signer"]._signing_key(self.place, "ticket")
        jwk = {name: key_sudo._jwk()[name] for name in ("kty", "crv", "kid", "x")}
        secret = base64.urlsafe_b64encode(key_sudo._private_key().private_bytes_raw())
        made = COSE.new().encode_and_sign(
            cbor2.dumps(payload, canonical=True),
            COSEKey.from_jwk({**jwk, "d": secret.decode().rstrip("=")}),
            protected={1: -8, 4: key_sudo.kid.encode(), **more.get("header", {})},
            out="cbor2/CBORTag",
        )
        self.assertEqual(made.tag, 18)
        return "TBT1:" + base45.b45encode(cbor2.dumps(made.value, canonical=True)).decode()

    def test_what_it_seals_is_our_ticket_to_the_letter(self):
        """Ed25519 draws nothing: the same values make the same text, and ours reads it."""
        one = self.ticket()
        text = one.tibillet_ticket_text
        theirs = self.sealed_by_others(cose.read(text).payload)
        self.assertEqual(theirs, text)
        read = self.read(theirs)
        self.assertEqual((read.code, read.ticket.registration_id), ("", one))

    def test_what_it_seals_and_we_do_not_give(self):
        payload = cose.read(self.ticket().tibillet_ticket_text).payload
        more = self.sealed_by_others(payload, header={3: 0})
        self.assertEqual(self.read(more).code, "unknown")
        never = self.sealed_by_others({**payload, 3: payload[3] + 1000})
        self.assertEqual(cose.read(never).payload[3], payload[3] + 1000)
        self.assertEqual(self.read(never).code, "signature")
