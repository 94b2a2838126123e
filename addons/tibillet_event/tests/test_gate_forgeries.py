"""Forged, altered and foreign texts: refused with the same code by the server and by a phone that
has no network, nobody in, nothing in the log. One table, each row asked both ways."""

import base64
import datetime
import hashlib
import hmac

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from odoo import fields
from odoo.tests import tagged

from ..models.tickets import cose
from .gate_common import GateCase

DAY = datetime.timedelta(days=1)
ORDER = 2**252 + 27742317777372353535851937790883648493  # of Ed25519's group
ES256, HS256, RS256, ED25519 = -7, 5, -257, -19


class ForgeriesCase(GateCase):
    def setUp(self):
        super().setUp()
        self.good = self.ticket().tibillet_ticket_text
        self.sealed = cose.read(self.good)
        self.kid = self.sealed.kid.encode()
        self.head = {1: -8, 4: self.kid}
        self.payload = self.sealed.payload

    def sign(self, signed, place=None, kid=None):
        """Signed by the place's own ticket key: the forger could not, the table can."""
        signer = self.env["tibillet.signer"]
        return signer._sign(place or self.place, "ticket", signed, kid or self.sealed.kid).signature

    def raw(self, whole):
        return cose.PREFIX + cose.base45.b45encode(whole).decode()

    def text(self, head=None, payload=None, signature=None, unprotected=None, more=(), key=None):
        """A COSE_Sign1 of these parts, signed well by our own key unless said otherwise."""
        head = self.head if head is None else head
        payload = self.payload if payload is None else payload
        head, body = (
            part if isinstance(part, bytes) else cbor2.dumps(part, canonical=True)
            for part in (head, payload)
        )
        if signature is None:
            signed = cbor2.dumps(["Signature1", head, b"", body])
            signature = key.sign(signed) if key else self.sign(signed)
        whole = [head, {} if unprotected is None else unprotected, body, signature, *more]
        return self.raw(cbor2.dumps(whole))

    # -- the table ---------------------------------------------------------------------------

    def forgeries(self):
        """Name → (text, code)."""
        rows = {}
        for part in (
            self.payloads(),
            self.keys(),
            self.algorithms(),
            self.signatures(),
            self.containers(),
            self.cbor(),
            self.base45(),
            self.cuts(),
        ):
            self.assertFalse(rows.keys() & part.keys())
            rows |= part
        return rows

    def payloads(self):
        """What the ticket says, changed under its signature; or well signed and not a ticket's."""
        old = self.sealed.signature
        rows = {
            f"field {number} plus one": (
                self.text(payload={**self.payload, number: value + 1}, signature=old),
                "signature",
            )
            for number, value in self.payload.items()
        }
        rows["a slot put in"] = (
            self.text(payload={**self.payload, 7: 1}, signature=old),
            "signature",
        )
        less = {number: value for number, value in self.payload.items() if number != 6}
        for name, payload in {
            "no end": less,
            "nothing in it": {},
            "a list": [1, 2, 3],
            "a name in it": {**self.payload, 8: 1},
            "below zero": {**self.payload, 3: -1},
            "a text for a number": {**self.payload, 3: "1"},
            "a fraction": {**self.payload, 3: 1.5},
            "true for one": {**self.payload, 3: True},
            "beyond 2**53": {**self.payload, 3: 2**53},
            "beyond 2**64": {**self.payload, 3: 2**64},
            "nothing for a number": {**self.payload, 3: None},
        }.items():
            rows[name] = (self.text(payload=payload), "unknown")
        return rows

    def keys(self):
        stranger = Ed25519PrivateKey.generate()
        raw_public = base64.urlsafe_b64decode(self.jwk()["x"] + "=")
        rows = {
            "a stranger's key": (self.text(key=stranger), "signature"),
            "a stranger's key under its own id": (
                self.text({1: -8, 4: b"stranger"}, key=stranger),
                "signature",
            ),
            "a key id that nobody has": (self.text({1: -8, 4: b"00000000"}), "signature"),
            "the public key as the secret one": (
                self.text(key=Ed25519PrivateKey.from_private_bytes(raw_public)),
                "signature",
            ),
        }
        for name, kid in {
            "of 7 characters": self.kid[:7],
            "of 9 characters": self.kid + b"0",
            "empty": b"",
            "with a space": b"place 01",
            "with a NUL": b"place\x0001",
            "beyond ASCII": "placé01".encode(),
            "as text": self.sealed.kid,
            "as a number": 1,
        }.items():
            rows[f"a key id {name}"] = (self.text({1: -8, 4: kid}), "unknown")
        message = self.env["tibillet.signer"]._kid(self.place, "message")
        head = cbor2.dumps({1: -8, 4: message.encode()}, canonical=True)
        signed = self.env["tibillet.signer"]._sign(
            self.place, "message", cose.to_sign(self.payload, message), message
        )
        rows["our key for messages"] = (self.text(head, signature=signed.signature), "signature")
        return rows | self.neighbours()

    def neighbours(self):
        """Signed well by another place of the same server."""
        other = self.env["res.company"].create({"name": "Le Quai"})
        place = self.env["tibillet.place"].sudo().search([("company_id", "=", other.id)])
        kid = self.env["tibillet.signer"]._kid(place, "ticket")
        rows = {}
        for name, number in (("for our place", self.place.number), ("for its own", place.number)):
            payload = {**self.payload, 1: number}
            signature = self.sign(cose.to_sign(payload, kid), place, kid)
            text = cose.seal(payload, kid, signature)
            rows[f"another place's key {name}"] = (text, "signature")
        return rows

    def algorithms(self):
        """The header says another algorithm, with the signature that it asks for."""
        public = base64.urlsafe_b64decode(self.jwk()["x"] + "=")
        body = cbor2.dumps(self.payload, canonical=True)

        def signed(head):
            return cbor2.dumps(["Signature1", cbor2.dumps(head, canonical=True), b"", body])

        def headed(algorithm):
            return {1: algorithm, 4: self.kid}

        elliptic = ec.generate_private_key(ec.SECP256R1()).sign(
            signed(headed(ES256)), ec.ECDSA(hashes.SHA256())
        )
        pair = b"".join(one.to_bytes(32, "big") for one in decode_dss_signature(elliptic))
        mac = hmac.new(public, signed(headed(HS256)), hashlib.sha256).digest()
        rows = {
            "ES256": self.text(headed(ES256), signature=pair),
            "HS256 by the public key": self.text(headed(HS256), signature=mac),
            "HS256 as long as ours": self.text(headed(HS256), signature=mac * 2),
            "RS256": self.text(headed(RS256), signature=bytes(256)),
            "PS256 that we signed": self.text(headed(-37)),
            "Ed25519 by its new number": self.text(headed(ED25519)),
            "none, empty": self.text({4: self.kid}, signature=b""),
            "none, signed": self.text({4: self.kid}),
            "none, by name": self.text(headed("none"), signature=b""),
            "EdDSA by name": self.text(headed("EdDSA")),
            "algorithm zero": self.text(headed(0)),
            "algorithm null": self.text(headed(None)),
            "algorithm not protected": self.text({4: self.kid}, unprotected={1: -8}),
            "key id not protected": self.text({1: -8}, unprotected={4: self.kid}),
            "nothing protected": self.text(b"", unprotected=self.head),
            "an empty header": self.text({}),
            "twice, once not protected": self.text(unprotected={1: ES256}),
            "an extra header": self.text({**self.head, 3: 0}),
            "an extra header not protected": self.text(unprotected={9: 9}),
            "a critical header": self.text({**self.head, 2: [99]}),
        }
        return {f"algorithm: {name}": (text, "unknown") for name, text in rows.items()}

    def signatures(self):
        good = self.sealed.signature
        rows = {
            "none": (b"", "unknown"),
            "of 63 bytes": (good[:-1], "unknown"),
            "of 65 bytes": (good + b"\0", "unknown"),
            "as text": ("0" * 64, "unknown"),
            "of zeros": (bytes(64), "signature"),
            "another ticket's": (
                cose.read(self.ticket().tibillet_ticket_text).signature,
                "signature",
            ),
            "with one bit turned": (good[:-1] + bytes([good[-1] ^ 1]), "signature"),
            "halves changed over": (good[32:] + good[:32], "signature"),
        }
        beyond = int.from_bytes(good[32:], "little") + ORDER  # the same point, written otherwise
        rows["malleable"] = (good[:32] + beyond.to_bytes(32, "little"), "signature")
        return {f"signature {k}": (self.text(signature=v), code) for k, (v, code) in rows.items()}

    def containers(self):
        """The signature is good; what is around it is not how a ticket is written."""
        head, body = (cbor2.dumps(one, canonical=True) for one in (self.head, self.payload))
        parts = [head, {}, body, self.sealed.signature]
        rows = {
            "tagged as Sign1": cbor2.dumps(cbor2.CBORTag(18, parts)),
            "tagged as Sign": cbor2.dumps(cbor2.CBORTag(98, parts)),
            "tagged as Mac0": cbor2.dumps(cbor2.CBORTag(17, parts)),
            "a CWT": cbor2.dumps(cbor2.CBORTag(61, cbor2.CBORTag(18, parts))),
            "self-described": cbor2.dumps(cbor2.CBORTag(55799, parts)),
            "detached": cbor2.dumps([head, {}, None, self.sealed.signature]),
            "five parts": cbor2.dumps([*parts, 0]),
            "three parts": cbor2.dumps(parts[:3]),
            "a map": cbor2.dumps({1: parts}),
            "bytes appended": cbor2.dumps(parts) + b"\0",
            "two in a row": cbor2.dumps(parts) * 2,
            "the payload as a map": cbor2.dumps([head, {}, self.payload, self.sealed.signature]),
            "the header as a map": cbor2.dumps([self.head, {}, body, self.sealed.signature]),
            "nothing": b"",
        }
        return {f"container: {name}": (self.raw(raw), "unknown") for name, raw in rows.items()}

    def cbor(self):
        """The same values, written another way, signed well as they are written."""
        pairs = [cbor2.dumps(k) + cbor2.dumps(v) for k, v in sorted(self.payload.items())]
        map_of = 0xA0
        head = [b"\x01\x27", b"\x04\x48" + self.kid]
        rows = {
            "keys out of order": self.text(payload=bytes([map_of + 6]) + b"".join(pairs[::-1])),
            "a key twice": self.text(payload=bytes([map_of + 7]) + b"".join([*pairs, pairs[-1]])),
            "a key twice, first another": self.text(
                payload=bytes([map_of + 7]) + b"\x01\x00" + b"".join(pairs)
            ),
            "the longest form": self.text(
                payload=bytes([map_of + 6]) + b"\x18\x01" + b"".join(pairs)[1:]
            ),
            "without end": self.text(payload=b"\xbf" + b"".join(pairs) + b"\xff"),
            "a header key twice": self.text(b"\xa3" + head[0] + head[0] + head[1]),
            "a header out of order": self.text(b"\xa2" + head[1] + head[0]),
            "a header without end": self.text(b"\xbf" + b"".join(head) + b"\xff"),
            "a payload appended to": self.text(
                payload=cbor2.dumps(self.payload, canonical=True) + b"\0"
            ),
        }
        whole = cose.base45.b45decode(self.good[5:])
        rows["an array without end"] = self.raw(b"\x9f" + whole[1:] + b"\xff")
        rows["a long array head"] = self.raw(b"\x98\x04" + whole[1:])
        return {f"cbor: {name}": (text, "unknown") for name, text in rows.items()}

    def base45(self):
        good = self.good
        rows = {
            "lower case": good.lower(),
            "a lower case prefix": "tbt1:" + good[5:],
            "lower case behind the prefix": good[:5] + good[5:].lower(),
            "a group above 65535": good[:5] + ":::" + good[8:],
            "a rest above 255": good + "::",
            "one letter appended": good + "0",
            "a whole group appended": good + "000",
            "a space before": " " + good,
            "a space behind": good + " ",
            "a line behind": good + "\n",
            "a letter that base45 has not": good[:40] + "_" + good[41:],
            "wide letters": "\uff34\uff22\uff34\uff11:" + good[5:],
            "a NUL": good[:40] + "\0" + good[41:],
            "half a character": "TBT1:\ud800",
            "Arabic figures": good.replace("0", "\u0660").replace("1", "\u0661"),
            "base64": "TBT1:" + base64.b64encode(cose.base45.b45decode(good[5:])).decode(),
            "version 2": "TBT2:" + good[5:],
            "no version": good[5:],
            "the prefix twice": "TBT1:" + good,
            "an address around it": "https://example.org/?t=" + good,
        }
        return {f"base45: {name}": (text, "unknown") for name, text in rows.items()}

    def cuts(self):
        good = self.good
        rows = {f"cut at {length}": good[:length] for length in range(0, len(good), 13)}
        rows |= {"the end cut": good[:-1], "the start cut": good[1:], "empty of all": ""}
        rows |= {"the prefix alone": "TBT1:", "very long": "TBT1:" + "0" * 100_000}
        rows |= {"10 MB": "TBT1:" + "A" * 10_000_000, "good and 10 MB": good + "A" * 10_000_000}
        return {name: (text, "unknown") for name, text in rows.items()}

    def jwk(self):
        keys = self.env["tibillet.well.known"]._document()["keys"]
        return next(key for key in keys if key["kid"] == self.sealed.kid)

    # -- asking both ways --------------------------------------------------------------------

    def asked_online(self, rows):
        """As the page asks: it sends no more of a text than the server looks at."""
        codes = {}
        for name, text in rows.items():
            with self.subTest(forgery=name):
                codes[name] = self.code(text[:400])
        return codes

    def assertSame(self, rows, native=True):
        """The same code with the server, from the phone alone, and when its queue comes in."""
        texts = {name: text for name, (text, _code) in rows.items()}
        wanted = {name: code for name, (_text, code) in rows.items()}
        with self.assertNoLogs(None, "WARNING"):
            self.assertEqual(self.asked_online(texts), wanted)
            alone = self.alone({name: {"text": text} for name, text in texts.items()}, None, native)
            said = {name: answer["code"] for name, answer in alone["answers"].items()}
            self.assertEqual(said, wanted)
            self.assertFalse(any(answer["ok"] for answer in alone["answers"].values()))
            self.assertEqual(alone["inside"], 0)
            waiting = alone["waiting"]
            self.assertEqual(len(waiting), len(rows))
            for first in range(0, len(waiting), 200):
                lot = waiting[first : first + 200]
                taken = self.ask("sync", {"scans": lot})["taken"]
                self.assertEqual(
                    {one["nonce"]: (one["code"], one["conflict"]) for one in taken},
                    {one["nonce"]: (one["decided"], False) for one in lot},
                )
        self.assertNobodyIn()

    def assertNobodyIn(self):
        presence = self.env["tibillet.gate.presence"].search([("list_id", "=", self.list.id)])
        self.assertFalse(presence)
        self.assertEqual(self.list._counts(), {})
        self.assertFalse(self.scans().filtered("ok"))
        states = self.env["event.registration"].search([("event_id", "=", self.event.id)])
        self.assertNotIn("done", states.mapped("state"))


@tagged("post_install", "-at_install")
class TestGateForgeries(ForgeriesCase):
    def test_refused_alike_with_and_without_network(self):
        rows = self.forgeries()
        self.assertGreater(len(rows), 110)
        self.assertSame(rows)
        # The control: what they were made of enters, both ways.
        self.assertEqual(self.alone_code(self.good), "entry")
        self.assertEqual(self.code(self.good), "entry")

    def test_refused_alike_where_the_browser_knows_no_ed25519(self):
        rows = {**self.keys(), **self.signatures(), **self.payloads()}
        texts = {name: {"text": text} for name, (text, _code) in rows.items()}
        texts["good"] = {"text": self.good}
        said = self.alone(texts, native=False)["answers"]
        wanted = {name: code for name, (_text, code) in rows.items()} | {"good": "entry"}
        self.assertEqual({name: one["code"] for name, one in said.items()}, wanted)

    def test_a_body_of_ten_megabytes_is_answered(self):
        body = {"nonce": "n" * 20, "text": "A" * 10_000_000, "direction": "in"}
        with self.assertNoLogs(None, "WARNING"):
            said = self.ask("redeem", body, status=400)
        self.assertEqual((said["ok"], said["code"]), (False, "invalid"))
        self.assertTrue(said["message"])
        self.assertFalse(self.scans())
        self.assertNobodyIn()

    def test_a_key_without_a_sale(self):
        """Who holds the key and sold nothing: no with the server; without, as the list says."""
        payload = {**self.payload, 3: self.payload[3] + 1000}
        text = self.text(payload=payload)
        self.assertEqual(self.code(text), "signature")
        [answer] = self.alone({"one": {"text": text}})["answers"].values()
        self.assertEqual((answer["code"], answer["warn"]), ("entry", True))
        self.list.offline_unknown = "refuse"
        self.assertEqual(self.alone_code(text), "not_on_list")
        self.assertNobodyIn()


@tagged("post_install", "-at_install")
class TestGateOthers(ForgeriesCase):
    """Good tickets, of another event, another day, another slot, last year's, another place's."""

    def night(self, begin, **values):
        event = self.make_event("Another night", 20, company_id=self.company.id)
        event.write({"date_begin": begin, "date_end": begin + DAY / 8, **values})
        return event

    def of(self, event, **values):
        one = self.env["event.registration"].create(
            {
                "event_id": event.id,
                "event_ticket_id": event.event_ticket_ids[:1].id,
                "name": "Gwenn",
                **values,
            }
        )
        return one._tibillet_tickets_ensure().tibillet_ticket_text

    def test_another_event_and_another_day(self):
        now = fields.Datetime.now()
        elsewhere, tomorrow, yesterday = (
            self.night(now),
            self.night(now + DAY),
            self.night(now - DAY),
        )
        rows = {
            "of another event of now": (self.of(elsewhere), "wrong_event"),
            "of tomorrow": (self.of(tomorrow), "too_early"),
            "of yesterday": (self.of(yesterday), "too_late"),
        }
        self.list.event_ids |= tomorrow | yesterday
        self.assertSame(rows)

    def test_another_slot(self):
        now = fields.Datetime.now()
        visit = self.night(now, date_tz="UTC")
        visit.write(
            {"is_multi_slots": True, "date_begin": now - 3 * DAY, "date_end": now + 3 * DAY}
        )
        hour = now.replace(minute=0, second=0, microsecond=0)
        days = {"earlier": hour - DAY, "here": hour, "later": hour + DAY}
        texts = {}
        for name, begin in days.items():
            begin_hour = min(begin.hour, 22)  # a slot ends on its day
            slot = self.env["event.slot"].create(
                {
                    "event_id": visit.id,
                    "date": begin.date(),
                    "start_hour": begin_hour,
                    "end_hour": begin_hour + 1,
                }
            )
            texts[name] = self.of(visit, event_slot_id=slot.id)
        self.list.event_ids |= visit
        rows = {
            "of a slot that is over": (texts["earlier"], "too_late"),
            "of a slot to come": (texts["later"], "too_early"),
        }
        self.assertSame(rows)
        self.assertEqual(self.alone_code(texts["here"]), "entry")
        self.assertEqual(self.code(texts["here"]), "entry")

    def test_replayed_from_last_year(self):
        """Last year's event; and a ticket of this one whose key was revoked since."""
        last = self.night(fields.Datetime.now() - 365 * DAY)
        old = self.of(last)
        keys_sudo = self.env["tibillet.key"].sudo()
        keys_sudo._generate(self.place, "ticket")
        keys_sudo.search([("kid", "=", self.sealed.kid)]).action_revoke()
        rows = {
            "of last year's event, its key revoked": (old, "signature"),
            "of this event, its key revoked": (self.good, "signature"),
        }
        new = self.of(last)  # signed anew, for last year's event
        rows["of last year's event, a new key"] = (new, "wrong_event")
        self.assertSame(rows)

    def test_another_places_own_ticket(self):
        """A good one of a neighbour on the same server, whom no list names as allied."""
        other = self.env["res.company"].create({"name": "Le Quai"})
        self.env.user.company_ids |= other
        theirs = self.env["event.event"].with_company(other)
        theirs = theirs.with_context(allowed_company_ids=other.ids).create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "date_begin": self.event.date_begin,
                "date_end": self.event.date_end,
            }
        )
        one = theirs.env["event.registration"].create({"event_id": theirs.id, "name": "Gwenn"})
        text = one._tibillet_tickets_ensure().tibillet_ticket_text
        self.assertSame({"a neighbour's": (text, "signature")})

    def test_rates_that_do_not_enter_here(self):
        full, reduced = self.ticket(), self.ticket(rate=self.reduced)
        texts = [one.tibillet_ticket_text for one in (full, reduced)]
        self.list.ticket_ids = self.reduced
        self.assertSame({"a rate that is not on the list": (texts[0], "not_on_list")})
        self.list.ticket_ids = False
        self.north.ticket_ids = self.full_rate
        self.assertSame({"a rate of another gate": (texts[1], "wrong_gate")})
        full.tibillet_gate_blocked = True
        self.assertSame({"blocked": (texts[0], "blocked")})

    def test_a_right_is_asked_of_who_comes_in_and_not_of_who_leaves(self):
        """A membership that ended meanwhile keeps nobody inside, with network or without."""
        self.list.mode = "inout"
        one = self.ticket()
        self.assertEqual(self.code(one), "entry")
        self.list.rights = "member"
        out = {"out": {"text": one.tibillet_ticket_text, "direction": "out"}}
        again = {"in": {"text": self.ticket().tibillet_ticket_text}}
        said = self.alone({**out, **again})["answers"]
        self.assertEqual((said["out"]["code"], said["in"]["code"]), ("exit", "needs_right"))
        self.assertEqual(self.code(again["in"]["text"]), "needs_right")
        self.assertEqual(self.code(one, direction="out"), "exit")

    def test_two_sentences_of_not_on_list(self):
        """A rate that does not enter here; nobody of the list: each says which."""
        self.list.ticket_ids = self.reduced
        rate = self.scan(self.good)
        self.env["tibillet.card"].create({"uid": "04AABBCCDDEE80"})
        card = self.ask("redeem", {"nonce": "c" * 20, "uid": "04AABBCCDDEE80", "direction": "in"})
        self.assertEqual((rate["code"], rate["detail"]), ("not_on_list", ""))
        self.assertEqual((card["code"], card["detail"]), ("not_on_list", "guest"))
        self.assertIn("rate does not enter", rate["message"])
        self.assertIn("Nobody of this list", card["message"])
        words = self.env["tibillet.gate.words"].with_context(lang="fr_FR")._refusals()
        self.assertNotEqual(words["not_on_list"], words["not_on_list_guest"])
        refused = self.ask("search", {"q": "soazig"})
        self.assertIn("may not search", refused["message"])
