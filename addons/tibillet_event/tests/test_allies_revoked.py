"""The signed list of void tickets: what is in it, who signed it, who can check it."""

import base64
import json

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.tibillet_wallet.exceptions import SigningError

from ..models.allies import revoked
from ..models.tickets import cose
from .test_tickets import TicketsCase


class RevokedCase(TicketsCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def known(self):
        return json.loads(self.url_open("/.well-known/tibillet").content)

    def document(self):
        """The list as a stranger gets it: by the address in the well-known document."""
        self.env.flush_all()
        place = next(one for one in self.known()["places"] if one["number"] == self.place.number)
        path = "/tibillet/" + place["revoked"].partition("/tibillet/")[2]
        return self.url_open(path)

    def listed(self):
        return revoked.read(self.document().content, self.known()["keys"], self.place.number)


@tagged("post_install", "-at_install")
class TestRevoked(RevokedCase):
    def test_a_void_ticket_is_in_it_at_once_and_a_good_one_is_not(self):
        good, gone, given, unpaid, away = (self.ticket(name=name) for name in "ABCDE")
        texts = {one: one.tibillet_ticket_text for one in (good, gone, given, unpaid, away)}
        self.assertFalse(self.listed().digests & set(map(cose.digest, texts.values())))
        gone.action_cancel()
        after = given._tibillet_give("Bo", "bo@example.com")._tibillet_tickets_ensure()
        unpaid.action_set_draft()
        away.active = False
        listed = self.listed().digests
        for one in (gone, given, unpaid, away):
            self.assertIn(cose.digest(texts[one]), listed, one.name)
        self.assertNotIn(cose.digest(texts[good]), listed)
        self.assertNotIn(cose.digest(after.tibillet_ticket_text), listed)

    def test_what_is_over_leaves_it(self):
        gone = self.ticket()
        digest = cose.digest(gone.tibillet_ticket_text)
        gone.action_cancel()
        self.assertIn(digest, self.listed().digests)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tibillet_ticket SET not_after = tibillet_now() - interval '1 second'"
            " WHERE registration_id = %s",
            [gone.id],
        )
        self.assertNotIn(digest, self.listed().digests)

    def test_it_says_how_fresh_it_is_and_names_nobody(self):
        self.ticket(name="Anna Secret", email="anna@example.com").action_cancel()
        answer = self.document()
        self.assertNotIn("Secret", answer.text)
        self.assertNotIn("anna", answer.text)
        said = json.loads(json.loads(answer.text)["list"])
        self.assertEqual(
            set(said), {"version", "place", "kid", "issued", "next", "count", "digests"}
        )
        self.assertEqual(said["count"], len(said["digests"]))
        self.assertEqual(said["next"] - said["issued"], 60)
        self.assertIn("max-age=30", answer.headers["Cache-Control"])
        self.assertFalse(answer.cookies)

    def test_unchanged_it_is_not_sent_again(self):
        self.ticket().action_cancel()
        first = self.document()
        again = self.url_open(first.url, headers={"If-None-Match": first.headers["ETag"]})
        self.assertIn(again.status_code, (304, 200))
        if again.status_code == 200:  # a minute began in between
            again = self.url_open(first.url, headers={"If-None-Match": again.headers["ETag"]})
        self.assertEqual(again.status_code, 304)

    def test_an_old_key_counts_a_revoked_one_does_not(self):
        gone = self.ticket()
        gone.action_cancel()
        former = self.document().content
        key = self.env["tibillet.key"].search(
            [("place_id", "=", self.place.id), ("purpose", "=", "ticket")]
        )
        key.action_rotate()
        self.env.flush_all()
        after = key.search(
            [("place_id", "=", self.place.id), ("purpose", "=", "ticket"), ("id", "!=", key.id)]
        )
        after.signs_from = fields.Datetime.now()  # an hour later
        self.env.flush_all()
        self.env.invalidate_all()
        keys = self.known()["keys"]
        self.assertTrue(revoked.read(former, keys, self.place.number))
        self.assertNotEqual(json.loads(json.loads(self.document().text)["list"])["kid"], key.kid)
        self.assertTrue(self.listed())
        key.action_revoke()
        self.env.flush_all()
        with self.assertRaises(revoked.RevokedUnreadable):
            revoked.read(former, self.known()["keys"], self.place.number)

    def test_forged(self):
        self.ticket().action_cancel()
        body, keys, number = self.document().content, self.known()["keys"], self.place.number
        document = json.loads(body)
        said = json.loads(document["list"])

        def altered(**values):
            return {**document, "list": json.dumps({**said, **values}, separators=(",", ":"))}

        other = self.env["tibillet.signer"]._sign(
            self.place, "message", revoked.to_sign(document["list"])
        )
        by_another_key = base64.urlsafe_b64encode(other.signature).decode().rstrip("=")
        wrong = [
            b"",
            b"[]",
            b"null",
            b"{}",
            body[:-5],
            body + b" " * revoked.LONGEST_BYTES,
            b"[" * 100_000,
            altered(digests=[], count=0),
            altered(place=number + 1),
            altered(issued=said["issued"] + 1),
            altered(kid="zzzzzzzz"),
            altered(count=said["count"] + 1),
            {**document, "signature": "A" * 86},
            {**document, "signature": 5},
            {**document, "signature": by_another_key},
        ]
        for one in wrong:
            raw = one if isinstance(one, bytes) else json.dumps(one).encode()
            with self.assertRaises(revoked.RevokedUnreadable, msg=raw[:80]):
                revoked.read(raw, keys, number)
        with self.assertRaises(revoked.RevokedUnreadable):
            revoked.read(body, keys, number + 1)
        for key in keys:  # the same key of another place, or for another purpose
            for change in ({"place": number + 1}, {"purpose": "message"}):
                with self.assertRaises(revoked.RevokedUnreadable):
                    revoked.read(body, [{**key, **change}], number)
        self.assertEqual(revoked.read(body, keys, number).digests, frozenset(said["digests"]))

    def test_the_same_number_of_queries_for_one_and_for_a_thousand(self):
        known = self.env["tibillet.well.known"].sudo()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            known._revoked_body(self.place)
            return self.cr.sql_log_count - before

        self.ticket().action_cancel()
        queries()
        few = queries()
        self.env.cr.execute(
            "INSERT INTO tibillet_ticket (registration_id, event_id, company_id, text, digest, kid,"
            " not_after, voided_at) SELECT registration_id, event_id, company_id, 'T' || n,"
            " lpad(n::text, 16, '0'), kid, not_after, tibillet_now() FROM tibillet_ticket,"
            " generate_series(1, 10050) n WHERE id = (SELECT max(id) FROM tibillet_ticket)"
        )
        self.assertEqual(queries(), few)
        body = known._revoked_body(self.place)
        self.assertLessEqual(len(body), revoked.LONGEST_BYTES)
        listed = revoked.read(body, self.known()["keys"], self.place.number)
        self.assertEqual(len(listed.digests), revoked.MOST)

    def test_no_such_place_and_no_key_file(self):
        self.assertEqual(self.url_open("/tibillet/revoked/999999.json").status_code, 404)
        self.assertEqual(self.url_open("/tibillet/revoked/x.json").status_code, 404)
        signer = type(self.env["tibillet.signer"])
        refusal = SigningError("absent", "No key file")
        self.patch(signer, "_kid", lambda *_args: (_ for _ in ()).throw(refusal))
        answer = self.url_open(f"/tibillet/revoked/{self.place.number}.json")
        self.assertEqual(answer.status_code, 503)
        self.assertEqual(answer.json(), {"error": "not_signed"})
