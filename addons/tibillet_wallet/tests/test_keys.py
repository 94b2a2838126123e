import base64
import json
import logging
import os
import secrets
from datetime import timedelta
from unittest.mock import patch

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import SigningError
from .base import BaseCase, write_key_file


def public_key(key):
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key.public_key + "="))


@tagged("post_install", "-at_install")
class TestKeys(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signer = cls.env["tibillet.signer"]

    def keys(self, place=None, purpose="ticket"):
        return self.env["tibillet.key"].search(
            [("place_id", "=", (place or self.place_a).id), ("purpose", "=", purpose)]
        )

    # -- signing ---------------------------------------------------------------------------

    def test_each_place_and_purpose_has_its_key(self):
        keys = self.place_a.key_ids | self.place_b.key_ids
        self.assertEqual(len(keys), 6)
        self.assertEqual(len(set(keys.mapped("public_key"))), 6)
        for key in keys:
            self.assertRegex(key.kid, r"^[A-Za-z0-9_-]{8}$")
            self.assertEqual(key.state, "signing")

    def test_signature_is_the_keys_own(self):
        kid, signature = self.signer._sign(self.place_a, "ticket", b"one beer")
        key = self.keys()
        self.assertEqual(kid, key.kid)
        self.assertEqual(len(signature), 64)
        public_key(key).verify(signature, b"one beer")
        with self.assertRaises(InvalidSignature):
            public_key(key).verify(signature, b"two beers")
        for place, purpose, right in [
            (self.place_a, "ticket", True),
            (self.place_b, "ticket", False),
            (self.place_a, "message", False),
        ]:
            answer = self.signer._verify(kid, b"one beer", signature, place=place, purpose=purpose)
            self.assertEqual(answer, right)
        self.assertFalse(
            self.signer._verify(kid, b"two", signature, place=self.place_a, purpose="ticket")
        )

    def test_missing_key_is_made_when_needed(self):
        company = self.env["res.company"].create({"name": "Sans clé"})
        place = self.env["tibillet.place"]._of_company(company)
        place.sudo().key_ids.unlink()
        kid = self.signer._sign(place, "log", b"x").kid
        self.assertEqual(self.keys(place, "log").kid, kid)
        with self.assertRaises(ValueError):
            self.signer._sign(place, "cheque", b"x")

    # -- rotation --------------------------------------------------------------------------

    def test_rotation_overlaps(self):
        old = self.keys()
        signature = self.signer._sign(self.place_a, "ticket", b"x").signature
        with freeze_time(fields.Datetime.now()) as clock:
            old.with_user(self.manager_a).action_rotate()
            new = self.keys() - old
            self.assertEqual((old.state, new.state), ("signing", "upcoming"))
            self.assertEqual(self.signer._kid(self.place_a, "ticket"), old.kid)
            with self.assertRaises(UserError):
                old.with_user(self.manager_a).action_rotate()
            published = {jwk["kid"] for jwk in self.env["tibillet.well.known"]._document()["keys"]}
            self.assertLessEqual({old.kid, new.kid}, published)
            clock.tick(timedelta(hours=1))
            self.env.invalidate_all()
            self.assertEqual((old.state, new.state), ("retired", "signing"))
            self.assertEqual(self.signer._kid(self.place_a, "ticket"), new.kid)
            # A payload written with the old id may still be signed by it…
            self.assertEqual(
                self.signer._sign(self.place_a, "ticket", b"y", kid=old.kid).kid, old.kid
            )
        self.assertTrue(
            self.signer._verify(old.kid, b"x", signature, place=self.place_a, purpose="ticket")
        )
        published = {jwk["kid"] for jwk in self.env["tibillet.well.known"]._document()["keys"]}
        self.assertLessEqual({old.kid, new.kid}, published)
        # …but never a key of another place or purpose.
        for stranger in self.keys(self.place_b) | self.keys(purpose="log"):
            with self.assertRaises(SigningError):
                self.signer._sign(self.place_a, "ticket", b"y", kid=stranger.kid)

    def test_revoked_key_is_gone_at_once(self):
        old = self.keys()
        signature = self.signer._sign(self.place_a, "ticket", b"x").signature
        old.with_user(self.manager_a).action_revoke()
        new = self.keys() - old
        self.assertEqual((old.state, new.state), ("revoked", "signing"))
        self.assertEqual(self.signer._kid(self.place_a, "ticket"), new.kid)
        self.assertFalse(
            self.signer._verify(old.kid, b"x", signature, place=self.place_a, purpose="ticket")
        )
        with self.assertRaises(SigningError):
            self.signer._sign(self.place_a, "ticket", b"y", kid=old.kid)
        published = {jwk["kid"] for jwk in self.env["tibillet.well.known"]._document()["keys"]}
        self.assertNotIn(old.kid, published)
        self.assertIn(new.kid, published)

    def test_revoked_key_does_not_wake_its_predecessor(self):
        old = self.keys()
        with freeze_time(fields.Datetime.now()) as clock:
            old.with_user(self.manager_a).action_rotate()
            clock.tick(timedelta(hours=2))
            self.env.invalidate_all()
            new = self.keys() - old
            with patch.dict(os.environ, {"TIBILLET_KEY_FILE": "/nonexistent"}):
                new.with_user(self.manager_a).action_revoke()
                self.assertEqual(new.state, "revoked")
                with self.assertRaises(SigningError):
                    self.signer._sign(self.place_a, "ticket", b"x")
            self.assertNotEqual(self.signer._kid(self.place_a, "ticket"), old.kid)

    # -- the key file ----------------------------------------------------------------------

    def test_without_key_file_nothing_is_signed(self):
        path = self.key_file
        content = open(path, encoding="ascii").read().split()  # noqa: SIM115
        cases = [
            ("unset", lambda: patch.dict(os.environ, {"TIBILLET_KEY_FILE": ""})),
            ("absent", lambda: patch.dict(os.environ, {"TIBILLET_KEY_FILE": path + ".no"})),
            ("too_open", lambda: write_key_file(path, *content, mode=0o640)),
            ("malformed", lambda: write_key_file(path, "short")),
            ("malformed", lambda: write_key_file(path)),
        ]
        self.addCleanup(write_key_file, path, *content)
        with patch("odoo.addons.tibillet_wallet.keyfile._section", return_value={}):
            for number, (problem, arrange) in enumerate(cases):
                with self.subTest(problem, number=number):
                    patcher = arrange()
                    if patcher:
                        patcher.start()
                    try:
                        with self.assertRaises(SigningError) as refusal:
                            self.signer._sign(self.place_a, "ticket", b"x")
                        self.assertEqual(refusal.exception.problem, problem)
                        self.assertGreater(len(str(refusal.exception)), 40)
                        part = self.env["tibillet.health"]._part_signing()
                        self.assertFalse(part["possible"])
                        self.assertEqual(part["problem"], problem)
                        self.assertFalse(part["ok"], "keys exist that sign no more")
                        settings = self.env["res.config.settings"].create({})
                        self.assertTrue(settings.tibillet_keys_problem)
                        # A company can still be created: it gets its keys later.
                        late = self.env["res.company"].create({"name": f"Tard {number}"})
                        self.assertFalse(self.env["tibillet.place"]._of_company(late).key_ids)
                    finally:
                        if patcher:
                            patcher.stop()
                        write_key_file(path, *content)
        self.env["tibillet.housekeeping"]._keys()
        self.assertEqual(len(self.env["tibillet.place"]._of_company(late).key_ids), 3)
        self.assertTrue(self.env["tibillet.health"]._part_signing()["possible"])

    def test_key_file_rotation(self):
        with open(self.key_file, encoding="ascii") as stream:
            old_line = stream.read().strip()
        self.addCleanup(write_key_file, self.key_file, old_line)
        new_line = secrets.token_urlsafe(32)
        before = {key.id: key._private_key().private_bytes_raw() for key in self.place_a.key_ids}

        write_key_file(self.key_file, "# turned today", new_line, old_line)
        counts = self.env["tibillet.key"]._protection()
        self.assertEqual((counts["current"], counts["lost"]), (0, 0))
        self.assertGreaterEqual(counts["older"], 6)
        self.signer._sign(self.place_a, "ticket", b"still signs")
        self.assertEqual(self.env["tibillet.key"]._reencrypt(), counts["older"])
        self.assertEqual(self.env["tibillet.key"]._reencrypt(), 0)

        write_key_file(self.key_file, new_line)
        counts = self.env["tibillet.key"]._protection()
        self.assertEqual((counts["older"], counts["lost"]), (0, 0))
        after = {key.id: key._private_key().private_bytes_raw() for key in self.place_a.key_ids}
        self.assertEqual(after, before)

        write_key_file(self.key_file, old_line)
        with self.assertRaises(SigningError) as refusal:
            self.signer._sign(self.place_a, "ticket", b"x")
        self.assertEqual(refusal.exception.problem, "key_lost")
        self.assertFalse(self.env["tibillet.health"]._part_signing()["ok"])
        write_key_file(self.key_file, new_line, old_line)
        self.env["tibillet.key"]._reencrypt()

    def test_exchanged_private_halves_are_refused(self):
        one, two = self.keys(), self.keys(self.place_b)
        ciphers = (one | two)._ciphers()
        one._store_cipher(one.id, ciphers[two.id])
        with self.assertRaises(SigningError) as refusal:
            self.signer._sign(self.place_a, "ticket", b"x")
        self.assertEqual(refusal.exception.problem, "key_lost")

    # -- nothing private leaves ------------------------------------------------------------

    def test_private_half_is_in_no_field(self):
        key = self.keys()
        cipher = key._ciphers()[key.id]
        seed = key._private_key().private_bytes_raw()
        everything = [
            json.dumps(key.sudo().read(), default=str),
            json.dumps(key.sudo().export_data([*key._fields])["datas"], default=str),
            json.dumps(key.sudo().web_read({name: {} for name in key._fields}), default=str),
        ]
        forms = {cipher.decode(), seed.hex(), base64.b64encode(seed).decode()}
        forms.add(base64.urlsafe_b64encode(seed).decode().rstrip("="))
        for text in everything:
            self.assertIn(key.kid, text, "the search below would prove nothing")
            for form in forms:
                self.assertNotIn(form, text)
        self.assertNotIn("cipher", key._fields)
        self.assertNotIn(seed, cipher)

    def test_signing_logs_nothing_private(self):
        key = self.keys()
        seed = key._private_key().private_bytes_raw()
        with self.assertLogs("odoo", level="DEBUG") as logs:
            logging.getLogger("odoo").info("so that there is one line")
            self.signer._sign(self.place_a, "ticket", b"x")
            key.with_user(self.manager_a).action_rotate()
        text = "\n".join(logs.output)
        for form in (seed.hex(), base64.b64encode(seed).decode(), str(seed)):
            self.assertNotIn(form, text)

    def test_a_key_is_never_edited_nor_copied(self):
        key = self.keys().sudo()
        for vals in ({"kid": "AAAAAAAA"}, {"public_key": "x"}, {"purpose": "log"}):
            with self.assertRaises(UserError):
                key.write(vals)
        with self.assertRaises(UserError):
            key.copy()

    def test_who_may(self):
        key = self.keys()
        self.assertTrue(key.with_user(self.manager_a).read(["kid"]))
        for user in (
            self.desk,
            self.accountant,
            self.manager_b,
            self.staff,
            self.portal,
            self.public,
        ):
            with self.subTest(user.login):
                for act in (
                    lambda key: key.read(["kid"]),
                    lambda key: key.action_rotate(),
                    lambda key: key.action_revoke(),
                ):
                    with self.assertRaises(AccessError):
                        act(key.with_user(user))
                with self.assertRaises(AccessError):
                    self.place_a.with_user(user).action_create_keys()
        manager_key = key.with_user(self.manager_a)
        for act in (
            lambda: manager_key.write({"revoked_at": fields.Datetime.now()}),
            manager_key.unlink,
            lambda: manager_key.create({"place_id": self.place_a.id, "purpose": "log"}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_queries(self):
        self.signer._sign(self.place_a, "ticket", b"warm")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            self.signer._sign(self.place_a, "ticket", b"x")
