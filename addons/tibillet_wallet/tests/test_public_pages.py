import base64
import gzip
import io
import json
import os
import tarfile
import tempfile
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .. import version
from ..models.tibillet_health import TibilletHealth
from ..models.tibillet_rate_limit import RateAnswer, TibilletRateLimit
from .base import WalletRoles, use_key_file


class PublicCase(WalletRoles, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        use_key_file(cls)
        cls.env["tibillet.key"].search([]).unlink()
        cls.make_roles()
        cls.env["tibillet.key"]._ensure(cls.env["tibillet.place"].search([]), strict=True)
        cls.env.cr.execute("DELETE FROM tibillet_rate_hit")

    def refuse_rate(self):
        return patch.object(
            TibilletRateLimit, "_hit_request", lambda *args, **kwargs: RateAnswer(False, 17)
        )


@tagged("post_install", "-at_install")
class TestWellKnown(PublicCase):
    URL = "/.well-known/tibillet"

    def test_document(self):
        response = self.url_open(self.URL)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/json; charset=utf-8")
        self.assertEqual(response.headers["Cache-Control"], "public, max-age=300")
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertNotIn("Set-Cookie", response.headers)
        document = response.json()
        self.assertEqual(document["version"], 1)
        self.assertRegex(document["node"]["id"], r"^[0-9a-f-]{36}$")
        places = {place["number"]: place for place in document["places"]}
        place = self.env["tibillet.place"]._of_company(self.company_a)
        # Other addons add their part.
        self.assertEqual(
            places[place.number],
            places[place.number]
            | {
                "number": place.number,
                "slug": "cafe-de-la-greve",
                "name": "Café de la Grève",
                "url": place.url,
            },
        )
        self.assertEqual(set(places), set(self.env["tibillet.place"].search([]).mapped("number")))
        for jwk in document["keys"]:
            self.assertEqual(set(jwk), {"kty", "crv", "alg", "use", "kid", "x", "place", "purpose"})
        mine = [
            jwk
            for jwk in document["keys"]
            if (jwk["place"], jwk["purpose"]) == (place.number, "ticket")
        ]
        kid, signature = self.env["tibillet.signer"]._sign(place, "ticket", b"one seat")
        self.assertEqual([jwk["kid"] for jwk in mine], [kid])
        raw = base64.urlsafe_b64decode(mine[0]["x"] + "=")
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, b"one seat")

    def test_cached_copy_is_confirmed(self):
        etag = self.url_open(self.URL).headers["ETag"]
        again = self.url_open(self.URL, headers={"If-None-Match": etag})
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.env["tibillet.place"]._of_company(self.company_a).name = "La Grève"
        changed = self.url_open(self.URL, headers={"If-None-Match": etag})
        self.assertEqual(changed.status_code, 200)
        self.assertNotEqual(changed.headers["ETag"], etag)

    def test_same_whatever_language_or_user(self):
        first = self.url_open(self.URL)
        self.authenticate("tb-portal", "tb-portal")
        second = self.url_open(self.URL, headers={"Accept-Language": "fr"})
        self.assertEqual(first.content, second.content)

    def test_browsers_elsewhere_may_ask(self):
        response = self.url_open(
            self.URL, method="OPTIONS", headers={"Origin": "https://elsewhere.example"}
        )
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertLess(response.status_code, 300)

    def test_rate_limited(self):
        with self.refuse_rate():
            response = self.url_open(self.URL)
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.headers["Retry-After"], "17")
        for __ in range(119):
            self.assertEqual(
                self.env["tibillet.rate.limit"]._hit("wellknown", "127.0.0.1", 120, 60).allowed,
                True,
            )
        self.assertEqual(self.url_open(self.URL).status_code, 200)
        self.assertEqual(self.url_open(self.URL).status_code, 429)

    def test_writes_nothing_by_hand(self):
        self.assertEqual(self.url_open(self.URL, data={"a": "b"}).status_code, 405)

    def test_addons_add_their_part(self):
        well_known = type(self.env["tibillet.well.known"])
        with patch.object(well_known, "_place_document", lambda self, place: {"geo": place.number}):
            document = json.loads(self.env["tibillet.well.known"]._body()[0])
        self.assertIn({"geo": self.env["tibillet.place"].search([])[0].number}, document["places"])

    def test_queries_do_not_grow_with_places(self):
        well_known = self.env["tibillet.well.known"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            well_known._body()
            return self.env.cr.sql_log_count - before

        well_known._body()
        few = count()
        self.env["res.company"].create([{"name": f"Lieu {n}"} for n in range(10)])
        self.assertLessEqual(count(), few)


@tagged("post_install", "-at_install")
class TestHealth(PublicCase):
    URL = "/tibillet/health"

    def setUp(self):
        super().setUp()
        # The test server runs no cron, so all of them are late after half an hour.
        self.env.cr.execute("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC'")
        self.env["ir.cron"].invalidate_model()

    def get(self, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.url_open(self.URL, headers=headers)

    def test_public_answer_tells_nothing(self):
        response = self.get()
        self.assertEqual((response.status_code, response.json()), (200, {"status": "pass"}))
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_details_for_the_token(self):
        self.assertEqual(self.get("anything").status_code, 401)
        action = self.env["res.config.settings"].create({}).action_tibillet_health_token()
        token = action["params"]["message"].split()[-1]
        stored = self.env["ir.config_parameter"].search([]).mapped("value")
        self.assertFalse([value for value in stored if token in value], "kept in clear")
        response = self.get(token)
        self.assertEqual(response.status_code, 200)
        parts = response.json()["parts"]
        self.assertLessEqual({"database", "crons", "outbox", "disk", "signing"}, set(parts))
        self.assertTrue(parts["signing"]["possible"])
        self.assertEqual(response.json()["release"], version.release())
        self.assertEqual(self.get(token + "x").status_code, 401)
        self.env["res.config.settings"].create({}).action_tibillet_health_token()
        self.assertEqual(self.get(token).status_code, 401, "the old token still opens")

    def test_operators_token(self):
        with patch.dict(os.environ, {"TIBILLET_HEALTH_TOKEN": "from-the-operator"}):
            self.assertIn("parts", self.get("from-the-operator").json())
        self.assertEqual(self.get("from-the-operator").status_code, 401)

    def test_empty_token_opens_nothing(self):
        self.assertFalse(self.env["tibillet.health"]._token_ok(""))
        self.assertFalse(self.env["tibillet.health"]._token_ok(None))
        response = self.url_open(self.URL, headers={"Authorization": "Bearer "})
        self.assertEqual(response.status_code, 401)

    def test_not_well(self):
        cron = self.env.ref("tibillet_wallet.ir_cron_housekeeping")
        with freeze_time(fields.Datetime.now()):
            self.env.cr.execute(
                "UPDATE ir_cron SET nextcall = nextcall - interval '31 minutes' WHERE id = %s",
                [cron.id],
            )
            self.env["ir.cron"].invalidate_model()
            response = self.get()
            self.assertEqual(response.status_code, 503)
            self.assertEqual(response.json(), {"status": "fail"})
            self.assertEqual(self.env["tibillet.health"]._part_crons()["late"], [cron.cron_name])

    def test_a_broken_part_hides_no_other(self):
        def broken(self):
            self.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(TibilletHealth, "_part_disk", broken),
            mute_logger("odoo.addons.tibillet_wallet.models.tibillet_health", "odoo.sql_db"),
        ):
            report = self.env["tibillet.health"]._report()
        self.assertEqual(report["status"], "fail")
        self.assertEqual(report["parts"]["disk"], {"ok": False, "error": "DivisionByZero"})
        self.assertTrue(report["parts"]["signing"]["ok"], "evaluated after the broken one")

    def test_disk(self):
        health = self.env["tibillet.health"]
        for free, ok, warned in [(50e9, True, False), (4e9, True, True), (5e8, False, True)]:
            with patch("shutil.disk_usage") as usage:
                usage.return_value.free = free
                part = health._part_disk()
            self.assertEqual((part["ok"], "warning" in part), (ok, warned), free)

    def test_never_had_a_key_file(self):
        self.env["tibillet.key"].search([]).unlink()
        with patch.dict(os.environ, {"TIBILLET_KEY_FILE": "/nonexistent"}):
            part = self.env["tibillet.health"]._part_signing()
        self.assertEqual((part["ok"], part["possible"], part["problem"]), (True, False, "absent"))
        self.assertIn("TIBILLET_KEY_FILE", part["warning"])

    def test_rate_limited(self):
        with self.refuse_rate():
            response = self.get()
        self.assertEqual((response.status_code, response.headers["Retry-After"]), (429, "17"))


@tagged("post_install", "-at_install")
class TestSource(PublicCase):
    def test_every_page_links_to_the_source(self):
        for url in ("/", "/web/login", "/shop", "/shop/cart", "/contactus", "/tibillet/source"):
            with self.subTest(url):
                page = self.url_open(url)
                self.assertEqual(page.status_code, 200)
                self.assertIn('href="/tibillet/source"', page.text)
                self.assertIn(version.release(), page.text)
        self.authenticate("tb-portal", "tb-portal")
        for url in ("/my", "/my/account"):
            with self.subTest(url):
                self.assertIn('href="/tibillet/source"', self.url_open(url).text)

    def test_backend_knows_the_release(self):
        self.authenticate("tb-manager-a", "tb-manager-a")
        info = self.make_jsonrpc_request("/web/session/get_session_info")
        self.assertEqual(info["tibillet_release"], version.release())

    def test_own_files_are_handed_out(self):
        page = self.url_open("/tibillet/source")
        self.assertIn("AGPL", page.text)
        name = f"/tibillet/source/tibillet-{version.release()}.tar.gz"
        self.assertIn(name, page.text)
        archive = self.url_open(name)
        self.assertEqual(archive.headers["Content-Type"], "application/gzip")
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive.content))) as files:
            names = files.getnames()
            running = files.extractfile("tibillet_wallet/tests/test_public_pages.py").read()
        with open(__file__, "rb") as stream:
            self.assertEqual(running, stream.read())
        self.assertIn("tibillet_wallet/__manifest__.py", names)
        self.assertFalse([one for one in names if "__pycache__" in one or "/." in one])
        self.assertEqual(self.url_open("/tibillet/source/other.tar.gz").status_code, 404)

    def test_secrets_lying_about_stay(self):
        from .. import source_archive

        folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        paths = [os.path.join(folder, name) for name in (".env", "secret.key", "dump.bin")]
        for path in paths:
            with open(path, "w") as stream:
                stream.write("secret")
            self.addCleanup(os.unlink, path)
        with tarfile.open(
            fileobj=io.BytesIO(gzip.decompress(source_archive.build(["tibillet_wallet"])))
        ) as files:
            names = files.getnames()
        for path in paths:
            self.assertNotIn(f"tibillet_wallet/{os.path.basename(path)}", names)

    def test_operators_address(self):
        self.env["ir.config_parameter"].set_param(
            "tibillet.source_url", "https://code.example/tibillet/tree/{commit}"
        )
        with patch.dict(os.environ, {"TIBILLET_COMMIT": "a" * 40}):
            response = self.url_open("/tibillet/source", allow_redirects=False)
            if response.headers["Location"].startswith("/"):  # the visitor's language first
                response = self.url_open(response.headers["Location"], allow_redirects=False)
        self.assertIn(response.status_code, (301, 302, 303))
        self.assertEqual(
            response.headers["Location"], "https://code.example/tibillet/tree/" + "a" * 40
        )
        self.env["ir.config_parameter"].set_param("tibillet.source_url", "javascript:alert(1)")
        self.assertEqual(self.url_open("/tibillet/source").status_code, 200)

    def test_commit_of_a_checkout(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        commit = "0123456789abcdef0123456789abcdef01234567"
        git = os.path.join(folder, ".git")
        os.makedirs(os.path.join(git, "refs", "heads"))

        def write(name, text):
            with open(os.path.join(git, name), "w") as stream:
                stream.write(text)

        write("HEAD", "ref: refs/heads/main\n")
        self.assertEqual(version._head(git), "")
        write(
            "packed-refs", f"# pack-refs\n{'f' * 40} refs/heads/other\n{commit} refs/heads/main\n"
        )
        self.assertEqual(version._head(git), commit)
        write("refs/heads/main", "a" * 40 + "\n")
        self.assertEqual(version._head(git), "a" * 40)
        write("HEAD", commit)
        self.assertEqual(version._head(git), commit)
        write("HEAD", "nonsense")
        self.assertEqual(version._head(git), "")


@tagged("post_install", "-at_install")
class TestLayout(PublicCase):
    def test_no_page_has_the_browser_connect_to_a_font_server(self):
        response = self.url_open("/web/login")
        self.assertIn("<link", response.text)
        self.assertNotIn("gstatic", response.text)
