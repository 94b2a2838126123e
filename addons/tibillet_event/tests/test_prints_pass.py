"""Pass files for phones: signed so that others check them, and no word of them without a key."""

import datetime
import io
import json
import os
import subprocess
import tempfile
import zipfile
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import tagged

from .prints_common import PICTURE, PrintsCase

PASS_TYPE, TEAM = "pass.example.tickets", "9QX2J7K4TT"


def _name(common, **more):
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    parts += [x509.NameAttribute(getattr(NameOID, name), value) for name, value in more.items()]
    return x509.Name(parts)


def _certificate(subject, key, issuer, issuer_key, days, ca):
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=400))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _pem(*certificates):
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


class Authority:
    """A root, an intermediate and a pass certificate, as a venue gets them."""

    def __init__(self, days=300, **subject):
        keys = [rsa.generate_private_key(65537, 2048) for _rank in range(3)]
        names = [_name("Root"), _name("Intermediate"), _name("Pass", **subject)]
        self.root = _certificate(names[0], keys[0], names[0], keys[0], 900, True)
        self.middle = _certificate(names[1], keys[1], names[0], keys[0], 900, True)
        self.mine = _certificate(names[2], keys[2], names[1], keys[1], days, False)
        self.key = keys[2].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def file(self):
        """What is put on the server."""
        return self.key + _pem(self.middle, self.mine)


@tagged("post_install", "-at_install")
class TestPrintsPass(PrintsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority(USER_ID=PASS_TYPE, ORGANIZATIONAL_UNIT_NAME=TEAM)

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "pass.pem"
        self.enterContext(patch.dict(os.environ, {"TIBILLET_PASS_FILE": str(self.path)}))
        self.put(self.authority.file)
        self.one, self.two = self.tickets(self.order(2))
        self.authenticate(None, None)

    def put(self, data, mode=0o600):
        self.path.unlink(missing_ok=True)
        self.path.write_bytes(data)
        self.path.chmod(mode)

    def files(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return {name: packed.read(name) for name in packed.namelist()}

    def get(self, path):
        self.env.flush_all()
        return self.url_open(path)

    def test_openssl_verifies_the_signature(self):
        files = self.files(self.one._tibillet_pass_file())
        with tempfile.TemporaryDirectory() as folder:
            for name in ("manifest.json", "signature"):
                (Path(folder) / name).write_bytes(files[name])
            (Path(folder) / "root.pem").write_bytes(_pem(self.authority.root))

            def verify():
                line = "openssl smime -verify -inform DER -in signature -content manifest.json"
                line += " -CAfile root.pem -purpose any -binary"
                done = subprocess.run(line.split(), cwd=folder, capture_output=True, timeout=60)
                return done.returncode

            self.assertEqual(verify(), 0)
            (Path(folder) / "manifest.json").write_bytes(files["manifest.json"] + b" ")
            self.assertNotEqual(verify(), 0)

    def test_the_manifest_names_every_file(self):
        self.concert.tibillet_picture = PICTURE
        files = self.files(self.one._tibillet_pass_file())
        sums = json.loads(files["manifest.json"])
        self.assertEqual(set(sums), set(files) - {"manifest.json", "signature"})
        for name, digest in sums.items():
            told = subprocess.run(["sha1sum"], input=files[name], capture_output=True, timeout=60)
            self.assertEqual(told.stdout.split()[0].decode(), digest, name)
        for name, size in (("icon.png", (29, 29)), ("icon@3x.png", (87, 87))):
            self.assertEqual(Image.open(io.BytesIO(files[name])).size, size)
        self.assertEqual(Image.open(io.BytesIO(files["strip@2x.png"])).size, (750, 196))

    def test_what_it_says(self):
        one = self.one.with_context(lang="fr_FR")
        said = json.loads(self.files(one._tibillet_pass_file())["pass.json"])
        self.assertEqual((said["passTypeIdentifier"], said["teamIdentifier"]), (PASS_TYPE, TEAM))
        self.assertEqual(said["organizationName"], "Association Le Phare")
        [code] = said["barcodes"]
        self.assertEqual(code["message"], self.one.tibillet_ticket_text)
        self.assertEqual(code["altText"], self.one.tibillet_number)
        self.assertEqual(said["relevantDate"], f"{self.concert.date_begin:%Y-%m-%dT%H:%M:%S}Z")
        shown = {
            field["key"]: field["value"] for part in said["eventTicket"].values() for field in part
        }
        self.assertEqual(shown["event"], "Fest-noz d'été")
        self.assertEqual(shown["number"], self.one.tibillet_number)
        self.assertIn("Ni repris ni échangé.", shown["terms"])
        self.assertIn("PLATESV-D-2024-001234", shown["organiser"])
        self.assertNotIn("holder", shown, "no name unless the event asks for it")
        self.rate.tibillet_nominative = True
        named = json.loads(self.files(one._tibillet_pass_file())["pass.json"])
        self.assertIn(self.one.name, json.dumps(named, ensure_ascii=False))
        other = json.loads(self.files(self.two._tibillet_pass_file())["pass.json"])
        self.assertNotEqual(other["serialNumber"], said["serialNumber"])

    def test_by_the_ticket_s_own_page(self):
        page = self.one._tibillet_page_url()
        self.assertIn(f"{page}/pass", self.get(page).text)
        answer = self.get(f"{page}/pass")
        self.assertEqual(answer.headers["Content-Type"], "application/vnd.apple.pkpass")
        self.assertIn(".pkpass", answer.headers["Content-Disposition"])
        self.assertIn("pass.json", self.files(answer.content))
        for wrong in (self.two._tibillet_token(), "x" * 40):
            self.assertEqual(self.get(f"/my/ticket/{self.one.id}/{wrong}/pass").status_code, 404)
        self.cancel(self.two)
        answer = self.get(f"{self.two._tibillet_page_url()}/pass")
        self.assertEqual(answer.status_code, 409)
        self.assertIn("cancelled", answer.text)

    def test_without_a_certificate_nobody_hears_of_it(self):
        page = self.one._tibillet_page_url()
        foreign = Authority(USER_ID=PASS_TYPE, ORGANIZATIONAL_UNIT_NAME=TEAM)
        over = Authority(days=-1, USER_ID=PASS_TYPE, ORGANIZATIONAL_UNIT_NAME=TEAM)
        bare = Authority()
        for data, mode, problem in (
            (None, None, "absent"),
            (b"", 0o600, "malformed"),
            (b"no PEM at all", 0o600, "malformed"),
            (self.authority.key, 0o600, "malformed"),
            (self.authority.key + _pem(foreign.mine), 0o600, "malformed"),
            (bare.file, 0o600, "malformed"),
            (over.file, 0o600, "expired"),
            (self.authority.file, 0o644, "too_open"),
        ):
            with self.subTest(problem=problem, data=(data or b"")[:20]):
                self.path.unlink(missing_ok=True)
                if data is not None:
                    self.put(data, mode)
                health = self.env["tibillet.health"]._part_passes()
                self.assertEqual((health["possible"], health["problem"]), (False, problem))
                self.assertIn(problem, health["warning"])
                self.assertNotIn(f"{page}/pass", self.get(page).text)
                self.assertEqual(self.get(f"{page}/pass").status_code, 409)
                with self.assertRaises(UserError):
                    self.one._tibillet_pass_file()
        with patch.dict(os.environ, {"TIBILLET_PASS_FILE": ""}):
            self.assertNotIn("warning", self.env["tibillet.health"]._part_passes())

    def test_health_warns_in_time(self):
        health = self.env["tibillet.health"]
        self.assertNotIn("warning", health._part_passes())
        soon = Authority(days=20, USER_ID=PASS_TYPE, ORGANIZATIONAL_UNIT_NAME=TEAM)
        self.put(soon.file)
        self.assertEqual(health._part_passes()["days_left"], 19)
        self.assertIn("within a month", health._part_passes()["warning"])
