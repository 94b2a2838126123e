"""The signed ticket: contracts 4, read strictly; what it says, when it is another, who signs it."""

import base64
import datetime
import os
from unittest.mock import patch

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..models.tickets import cose
from .test_numbers import NumbersCase

ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


class TicketsCase(NumbersCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        places_sudo = cls.env["tibillet.place"].sudo()
        cls.place = places_sudo.search([("company_id", "=", cls.company.id)])

    def ticket(self, state="open", rate=None, **values):
        one = self.register(1, rate or self.full_rate, state=state, **values)
        return one._tibillet_tickets_ensure()

    def read(self, text):
        return self.env["tibillet.ticket"]._read_text(text)


@tagged("post_install", "-at_install")
class TestTickets(TicketsCase):
    def test_what_it_says(self):
        one = self.ticket()
        text = one.tibillet_ticket_text
        sealed = cose.read(text)
        self.assertLessEqual(len(text), cose.LONGEST)
        self.assertLessEqual(set(text), ALPHANUMERIC)  # the dense mode of a QR
        opens = self.event.date_begin - datetime.timedelta(minutes=120)
        closes = self.event.date_end + datetime.timedelta(minutes=60)
        self.assertEqual(
            sealed.payload,
            {
                1: self.place.number,
                2: self.event.id,
                3: one.id,
                4: self.full_rate.id,
                5: int(opens.replace(tzinfo=datetime.UTC).timestamp()),
                6: int(closes.replace(tzinfo=datetime.UTC).timestamp()),
            },
        )
        jwk = next(
            key
            for key in self.env["tibillet.well.known"]._document()["keys"]
            if key["kid"] == sealed.kid
        )
        self.assertEqual((jwk["place"], jwk["purpose"]), (self.place.number, "ticket"))
        public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(jwk["x"] + "="))
        public.verify(sealed.signature, sealed.signed)  # with what is published, and nothing else
        self.assertNotIn(one.name.encode(), text.encode())

    def test_the_longest_is_short_enough(self):
        payload = {1: 65535, 2: 2**31, 3: 2**31, 4: 2**31, 5: 2**32 - 1, 6: 2**32 - 1, 7: 2**31}
        self.assertLessEqual(len(cose.seal(payload, "abcdefgh", bytes(64))), cose.LONGEST)

    def test_only_who_has_a_seat(self):
        draft = self.ticket(state="draft")
        self.assertFalse(draft.tibillet_ticket_text)
        draft.state = "open"
        self.assertTrue(draft._tibillet_tickets_ensure().tibillet_ticket_text)
        draft.action_cancel()
        self.assertFalse(draft._tibillet_tickets_ensure().tibillet_ticket_text)

    def test_the_same_text_every_time(self):
        one = self.ticket()
        text = one.tibillet_ticket_text
        for __ in range(3):
            self.assertEqual(one._tibillet_tickets_ensure().tibillet_ticket_text, text)
        self.assertEqual(len(one.tibillet_ticket_ids), 1)

    def test_a_moved_event_leaves_the_former_good(self):
        one = self.ticket()
        former = one.tibillet_ticket_text
        self.event.write(
            {
                "date_begin": self.event.date_begin + datetime.timedelta(days=7),
                "date_end": self.event.date_end + datetime.timedelta(days=7),
            }
        )
        newer = one._tibillet_tickets_ensure().tibillet_ticket_text
        self.assertNotEqual(newer, former)
        self.assertEqual([self.read(text).code for text in (former, newer)], ["", ""])
        self.event.write(
            {
                "date_begin": self.event.date_begin - datetime.timedelta(days=7),
                "date_end": self.event.date_end - datetime.timedelta(days=7),
            }
        )
        self.assertEqual(one._tibillet_tickets_ensure().tibillet_ticket_text, former)

    def test_another_rate_is_another_ticket(self):
        one = self.ticket(rate=self.reduced)
        former = one.tibillet_ticket_text
        one.event_ticket_id = self.full_rate
        newer = one._tibillet_tickets_ensure().tibillet_ticket_text
        self.assertEqual(self.read(former).code, "replaced")
        self.assertEqual(self.read(newer).code, "")
        one.event_ticket_id = self.reduced  # and back: what was void stays void
        third = one._tibillet_tickets_ensure().tibillet_ticket_text
        self.assertEqual([self.read(text).code for text in (former, third)], ["replaced", ""])

    def test_a_rotated_key_leaves_tickets_good(self):
        one = self.ticket()
        former = one.tibillet_ticket_text
        keys_sudo = self.env["tibillet.key"].sudo()
        newer = keys_sudo._generate(self.place, "ticket")
        self.assertEqual(one._tibillet_tickets_ensure().tibillet_ticket_text, former)
        self.assertEqual(cose.read(self.ticket().tibillet_ticket_text).kid, newer.kid)
        self.assertEqual(self.read(former).code, "")

    def test_a_revoked_key_signs_anew(self):
        one = self.ticket()
        former = one.tibillet_ticket_text
        keys_sudo = self.env["tibillet.key"].sudo()
        keys_sudo.search([("kid", "=", cose.read(former).kid)]).action_revoke()
        one.invalidate_recordset(["tibillet_ticket_text"])
        self.assertFalse(one.tibillet_ticket_text)  # never shown again
        newer = one._tibillet_tickets_ensure().tibillet_ticket_text
        self.assertNotEqual(newer, former)
        self.assertEqual(self.read(former).code, "signature")
        self.assertEqual(self.read(newer).code, "")

    def test_without_a_key_file_seats_are_sold(self):
        with patch.dict(os.environ, {"TIBILLET_KEY_FILE": "/nowhere/at/all"}):
            one = self.ticket()
            self.assertEqual(one.state, "open")
            self.assertFalse(one.tibillet_ticket_text)
        self.env["tibillet.ticket.issue"]._sign_due(self.env["tibillet.ticket.issue"]._unsigned(0))
        self.assertTrue(one.tibillet_ticket_text)

    def test_nobody_writes_tickets(self):
        row = self.ticket().tibillet_ticket_ids
        for act in (
            lambda: row.sudo().write({"kid": "x"}),
            lambda: row.sudo().unlink(),
            lambda: row.sudo().create({"text": "x"}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_hours_of_the_gate_within_a_week(self):
        for name in ("tibillet_gate_before", "tibillet_gate_after"):
            with self.assertRaises(ValidationError):
                self.event[name] = -1

    def test_many_cost_the_same_queries(self):
        few, many = self.register(2), self.register(10)
        (few + many)._tibillet_tickets_ensure()  # keys and events are known
        self.env["tibillet.ticket"]._void(few + many, "replaced")
        self.assertEqual(self.queries(few), self.queries(many))
        self.assertTrue(all(many.mapped("tibillet_ticket_text")))

    def queries(self, registrations):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        registrations._tibillet_tickets_ensure()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestForgeries(TicketsCase):
    """What is not exactly a ticket that was given is refused, each with its code."""

    def setUp(self):
        super().setUp()
        self.one = self.ticket()
        self.text = self.one.tibillet_ticket_text
        self.sealed = cose.read(self.text)

    def forged(self, payload=None, kid=None, signature=None, key=None):
        payload = {**self.sealed.payload, **(payload or {})}
        kid = kid or self.sealed.kid
        if key:
            signature = key.sign(cose.to_sign(payload, kid))
        return cose.seal(payload, kid, signature or self.sealed.signature)

    def test_payload(self):
        for number in self.sealed.payload:
            with self.subTest(number=number):
                text = self.forged({number: self.sealed.payload[number] + 1})
                self.assertEqual(self.read(text).code, "signature")

    def test_key(self):
        stranger = Ed25519PrivateKey.generate()
        self.assertEqual(self.read(self.forged(key=stranger)).code, "signature")

    def test_key_id(self):
        self.assertEqual(self.read(self.forged(kid="00000000")).code, "signature")

    def test_key_of_another_purpose(self):
        signed = self.env["tibillet.signer"]._sign(
            self.place, "message", cose.to_sign(self.sealed.payload, self.sealed.kid)
        )
        text = self.forged(kid=signed.kid, signature=signed.signature)
        self.assertEqual(self.read(text).code, "signature")

    def test_algorithm(self):
        for header in ({1: -7, 4: self.sealed.kid.encode()}, {4: self.sealed.kid.encode()}, {}):
            with self.subTest(header=header):
                protected = cbor2.dumps(header, canonical=True)
                body = cbor2.dumps(self.sealed.payload, canonical=True)
                raw = cbor2.dumps([protected, {}, body, self.sealed.signature], canonical=True)
                self.assertEqual(self.read(self.encoded(raw)).code, "unknown")

    def test_other_ways_to_write_it(self):
        """One ticket has one text: a digest that names it cannot be avoided."""
        protected = cbor2.dumps({1: -8, 4: self.sealed.kid.encode()}, canonical=True)
        body = cbor2.dumps(self.sealed.payload, canonical=True)
        whole = [protected, {}, body, self.sealed.signature]
        for raw in (
            cbor2.dumps(cbor2.CBORTag(18, whole), canonical=True),
            cbor2.dumps([protected, {9: 9}, body, self.sealed.signature], canonical=True),
            cbor2.dumps(whole, canonical=True) + b"\x00",
            cbor2.dumps([*whole, 0], canonical=True),
        ):
            self.assertEqual(self.read(self.encoded(raw)).code, "unknown")

    def encoded(self, raw):
        return cose.PREFIX + cose.base45.b45encode(raw).decode()

    def test_truncated_and_rubbish(self):
        texts = [self.text[:length] for length in range(0, len(self.text), 7)]
        texts += [self.text + "0", self.text.lower(), " " + self.text, "TBT1:", "TBT1:É", "", None]
        texts += ["https://example.org/", "TBT1:" + "A" * 10_000, 12, "TBT2:" + self.text[5:]]
        for text in texts:
            with self.subTest(text=text):
                self.assertEqual(self.read(text).code, "unknown")

    def test_other_place(self):
        """Signed well by a neighbour, for an event of ours."""
        other = self.env["res.company"].create({"name": "Le Quai"})
        neighbour = self.env["tibillet.place"].sudo().search([("company_id", "=", other.id)])
        kid = self.env["tibillet.signer"]._kid(neighbour, "ticket")
        for number in (neighbour.number, self.place.number):
            payload = {**self.sealed.payload, 1: number}
            signed = self.env["tibillet.signer"]._sign(
                neighbour, "ticket", cose.to_sign(payload, kid), kid
            )
            text = cose.seal(payload, kid, signed.signature)
            self.assertEqual(self.read(text).code, "signature")

    def test_signed_well_and_never_given(self):
        """Who has the key and no sale behind it opens nothing that asks the server."""
        payload = {**self.sealed.payload, 3: self.sealed.payload[3] + 1000}
        kid = self.sealed.kid
        signed = self.env["tibillet.signer"]._sign(
            self.place, "ticket", cose.to_sign(payload, kid), kid
        )
        self.assertEqual(self.read(cose.seal(payload, kid, signed.signature)).code, "signature")
