"""Bad input at the gate: what is shown twice, of another day, read badly, or asked by two."""

import datetime
import json
import uuid
from unittest.mock import patch

import qrcode
import zxingcpp
from dateutil.relativedelta import SU, relativedelta
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from odoo.tests import tagged

from ..controllers import revoked
from .gate_common import GateCase

HOUR = datetime.timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestGateBadInput(GateCase):
    def test_a_screenshot_shown_twice(self):
        """The second hears when and where the first came in, at each gate, without network too."""
        one = self.ticket()
        self.assertEqual(self.code(one), "entry")
        for phone in (self.phone, self.other_phone):
            said = self.scan(one, phone)
            self.assertEqual((said["code"], said["used_gate"]), ("already_used", "North"))
            self.assertTrue(said["used_at"])
            self.assertEqual(self.alone_code(one, phone), "already_used")
        self.assertEqual(self.list._counts()[self.list.id], (1, 1))

    def test_a_list_that_is_older_than_a_day(self):
        """Signatures go on; what changed since is looked at again when the network is back."""
        known_one, gone = self.ticket(), self.ticket()
        texts = [known_one.tibillet_ticket_text, gone.tibillet_ticket_text]
        known = self.fetched()
        self.assertEqual(known["config"]["offline"]["old_ms"], 24 * 3600 * 1000)
        gone.action_cancel()
        sold = self.ticket().tibillet_ticket_text
        scans = dict(zip("abc", ({"text": text} for text in (*texts, sold)), strict=True))
        alone = self.alone(scans, known=known)
        said = {name: (one["code"], one["warn"]) for name, one in alone["answers"].items()}
        self.assertEqual(said, {"a": ("entry", False), "b": ("entry", False), "c": ("entry", True)})
        taken = self.ask("sync", {"scans": alone["waiting"]})["taken"]
        self.assertEqual(sorted(row["conflict"] for row in taken), [False, False, True])
        conflict = self.scans().filtered("conflict")
        self.assertEqual(conflict.conflict_code, "cancelled")
        known["config"]["offline"]["unknown"] = "refuse"
        refused = self.alone({"c": {"text": sold}}, known=known)["answers"]["c"]
        self.assertEqual((refused["code"], refused["detail"]), ("not_on_list", "guest"))

    def test_two_browsers_paired_as_one_phone(self):
        """One secret in two browsers: one entry, and a queue sent by both is taken in once."""
        one, two = self.ticket(), self.ticket()
        self.assertEqual([self.code(one) for _browser in range(2)], ["entry", "already_used"])
        alone = self.alone({"two": {"text": two.tibillet_ticket_text}})
        taken = [self.ask("sync", {"scans": alone["waiting"]})["taken"] for _browser in range(2)]
        self.assertEqual(taken[0], taken[1])
        self.assertFalse(taken[0][0]["conflict"])
        self.assertEqual(self.list._counts()[self.list.id], (2, 2))
        # Each decided by itself before they met: both are kept, the second is looked at.
        three = self.ticket()
        queues = [self.alone({"x": {"text": three.tibillet_ticket_text}})["waiting"] for _b in "12"]
        conflicts = [self.ask("sync", {"scans": q})["taken"][0]["conflict"] for q in queues]
        self.assertEqual(conflicts, [False, True])

    def test_a_volunteers_link_opened_on_a_desk(self):
        """No login, no cookie, nothing told before the link is read, no phone made by looking."""
        link = self.env["tibillet.gate.pairing"].create(
            {"list_id": self.list.id, "gate_id": self.north.id, "most": 1}
        )
        self.env.flush_all()
        self.authenticate(None, None)
        address, _mark, token = link.link.partition("#p=")
        desk = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0"}
        page = self.url_open("/" + address.split("/", 3)[3], headers=desk)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("set-cookie", {name.lower() for name in page.headers})
        for secret in (token, self.event.name, "North"):
            self.assertNotIn(secret, page.text)
        for _twice in range(2):
            looked = self.ask("pair", {"token": token, "mode": "look"}, phone=False)
            self.assertEqual((looked["ok"], looked["gate"]), (True, "North"))
        self.assertFalse(link.device_ids)
        paired = self.ask("pair", {"token": token, "mode": "pair", "name": "Desk"}, phone=False)
        phone = f"TiBillet-Gate {paired['device']['id']}.{paired['device']['secret']}"
        self.assertEqual(self.code(self.ticket(), phone), "entry")  # a scanner types there
        again = self.ask("pair", {"token": token, "mode": "pair", "name": "Other"}, phone=False)
        self.assertEqual(again["code"], "full")

    def test_rubbish_at_every_door(self):
        """What no page sends: an answer each time, never an error of the server."""
        steward = self.pair(self.north, "Chief", may_search=True)
        link = self.env["tibillet.gate.pairing"].create(
            {"list_id": self.list.id, "gate_id": self.north.id}
        )
        odd = ("\0", "a\0bc", "\ud800", "ab\ud800c", [], {}, True, None, -1, 1e400, "x" * 10_000)
        odd += ("%", "\\", "'\"; --", "\u202e", "é" * 300, 10**30, [["in"]], {"a": {}})
        number = self.ticket().id
        with self.assertNoLogs(None, "WARNING"):
            for value in odd:
                with self.subTest(value=str(value)[:20].encode("utf-8", "replace")):
                    self.ask("search", {"q": value, "lang": value}, steward)
                    said = dict.fromkeys(("queue", "battery", "config", "guests"), value)
                    self.ask("state", {**said, "clock_off_s": value, "lang": value})
                    self.ask("guests", {"since": value})
                    for shown in ("text", "uid", "pick"):
                        body = {"nonce": uuid.uuid4().hex, shown: value}
                        self.assertFalse(self.ask("redeem", body, steward)["ok"])
                    for pick in (f"{number}.{value}", f"{value}.x"):
                        body = {"nonce": uuid.uuid4().hex, "pick": pick}
                        self.assertFalse(self.ask("redeem", body, steward)["ok"])
                    scan = {"nonce": uuid.uuid4().hex, "text": "x", "at": value, "list": value}
                    scan |= {"decided": value, "clock_offset": value, "age_seen": value}
                    self.assertEqual(len(self.ask("sync", {"scans": [scan]})["taken"]), 1)
                    look = {"token": value, "mode": value, "name": value}
                    self.assertFalse(self.ask("pair", look, phone=False)["ok"])
                    join = {"token": link._token(), "mode": "pair", "name": value}
                    self.ask("pair", join, phone=False)
        self.assertEqual(self.list._counts(), {})
        for device in link.device_ids:
            self.assertTrue(device.name.isprintable())
            self.assertLessEqual(len(device.name), 40)

    def test_the_list_of_void_tickets_asked_too_often(self):
        self.authenticate(None, None)
        path = f"/tibillet/revoked/{self.place.number}.json"
        self.env.flush_all()
        bucket = f"revoked-{uuid.uuid4().hex}"
        with patch.object(revoked, "LIMIT", (bucket, 2)), self.assertNoLogs(None, "WARNING"):
            answers = [self.url_open(path) for _ask in range(3)]
        self.assertEqual([one.status_code for one in answers], [200, 200, 429])
        late = answers[-1]
        self.assertEqual(late.json(), {"error": "rate_limited"})
        self.assertGreater(int(late.headers["Retry-After"]), 0)
        self.assertEqual(late.headers["Cache-Control"], "no-store")

    def test_ten_thousand_guests(self):
        """As many as a festival: 3 MB at most, as many queries as for ten, in a few seconds."""
        self.event.seats_max = 10_000
        self.ticket(name="Marie-Françoise de Kerguelen-Trémarec")
        few = self.queries()
        self.env.cr.execute(
            """
            WITH made AS (
                INSERT INTO event_registration (event_id, event_ticket_id, name, state, active,
                       company_id, barcode, create_date, write_date)
                SELECT event_id, event_ticket_id, name || ' ' || n, 'open', true, company_id,
                       barcode || n, create_date, write_date
                  FROM event_registration, generate_series(2, 10000) n WHERE event_id = %(event)s
                RETURNING id)
            INSERT INTO tibillet_ticket (registration_id, event_id, company_id, text, digest, kid,
                   not_before, not_after, issued_at)
            SELECT m.id, t.event_id, t.company_id, t.text || m.id, 'x' || m.id, t.kid,
                   t.not_before, t.not_after, t.issued_at
              FROM made m, tibillet_ticket t WHERE t.event_id = %(event)s
            """,
            {"event": self.event.id},
        )
        self.env.invalidate_all()
        self.assertEqual(self.queries(), few)
        headers = {"Authorization": self.phone, "Content-Type": "application/json"}
        answer = self.url_open("/tibillet/gate/guests", data="{}", headers=headers, timeout=60)
        self.assertEqual(len(answer.json()["rows"]), 10_000)
        self.assertLess(len(answer.content), 3 * 2**20)

    def queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["tibillet.gate.guests"]._rows(self.list)
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestGateClockChange(GateCase):
    """A night over midnight in which the clocks change, in Paris."""

    def test_forward(self):
        """23:00 to 05:00 is five hours, 02:30 does not exist."""
        sunday = datetime.datetime(2027, 3, 31) + relativedelta(weekday=SU(-1))
        self.night(sunday, begin_utc=-2, hours=5)

    def test_back(self):
        """23:00 to 05:00 is seven hours, 02:30 comes twice."""
        sunday = datetime.datetime(2027, 10, 31) + relativedelta(weekday=SU(-1))
        self.night(sunday, begin_utc=-3, hours=7)

    def night(self, sunday, begin_utc, hours):
        """:param begin_utc: hours from Sunday 00:00 UTC to Saturday 23:00 in Paris"""
        self.event.write({"date_tz": "Europe/Paris", "seats_max": 100})
        begin = sunday + begin_utc * HOUR
        end = begin + hours * HOUR
        self.event.write({"date_begin": begin, "date_end": end})
        local = [self.event._tibillet_when(moment, "yyyy-MM-dd HH:mm") for moment in (begin, end)]
        saturday = sunday - datetime.timedelta(days=1)
        self.assertEqual(local, [f"{saturday:%Y-%m-%d} 23:00", f"{sunday:%Y-%m-%d} 05:00"])
        minute = HOUR / 60
        opens, closes = begin - 2 * HOUR, end + HOUR
        moments = {
            opens - minute: "too_early",
            opens + minute: "entry",
            closes + minute: "too_late",
        }
        moments |= {closes - minute: "entry", sunday - minute: "entry", sunday + minute: "entry"}
        for half in range(7):  # each half hour round the change, at 01:00 UTC
            moments[sunday + half * HOUR / 2] = "entry"
        for moment, code in moments.items():
            with self.subTest(moment=moment):
                one = self.ticket()
                known = {**self.fetched(), "now": self.ms(moment)}
                text = one.tibillet_ticket_text
                alone = self.alone({"one": {"text": text}}, known=known)["answers"]["one"]
                self.assertEqual(alone["code"], code)
                self.clock_at(moment)
                self.assertEqual(self.code(one), code)
                self.env.cr.execute("SELECT set_config('tibillet.clock_offset', '', true)")

    def ms(self, moment):
        return int(moment.replace(tzinfo=datetime.UTC).timestamp() * 1000)

    def clock_at(self, moment):
        self.env.cr.execute(
            "SELECT set_config('tibillet.clock_offset',"
            " (%s - clock_timestamp() AT TIME ZONE 'UTC')::text, true)",
            [moment],
        )


@tagged("post_install", "-at_install")
class TestGatePictures(GateCase):
    """The QR as cameras see it, read by zxing-cpp: the very text, or nothing."""

    def setUp(self):
        super().setUp()
        self.text = self.ticket().tibillet_ticket_text
        code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, box_size=8, border=4)
        code.add_data(self.text, optimize=0)
        code.make(fit=True)
        self.picture = code.make_image().get_image().convert("L")

    def read(self, picture):
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        return [one.text for one in found]

    def test_turned_dark_inverted_blurred(self):
        dark = ImageEnhance.Contrast(ImageEnhance.Brightness(self.picture).enhance(0.25))
        seen = {
            "as it is": self.picture,
            "upside down": self.picture.rotate(180),
            "on its side": self.picture.rotate(90),
            "askew": self.picture.rotate(17, expand=True, fillcolor=255),
            "inverted, as dark screens show it": ImageOps.invert(self.picture),
            "inverted and upside down": ImageOps.invert(self.picture).rotate(180),
            "mirrored, by the front camera": ImageOps.mirror(self.picture),
            "dark": dark.enhance(0.6),
            "pale": self.picture.point(lambda grey: 150 + grey // 4),
            "blurred": self.picture.filter(ImageFilter.GaussianBlur(2.5)),
            "small": self.picture.resize([side * 3 // 8 for side in self.picture.size]),
        }
        for name, picture in seen.items():
            with self.subTest(seen=name):
                self.assertEqual(self.read(picture), [self.text])
        [text] = self.read(seen["upside down"])
        self.assertEqual(self.code(text), "entry")

    def test_cut(self):
        """Torn at an edge it still reads; cut in two it is nothing, never another ticket."""
        wide, high = self.picture.size
        torn = self.picture.copy()
        torn.paste(255, (wide - wide // 4, high // 2, wide, high // 2 + high // 12))
        self.assertEqual(self.read(torn), [self.text])
        for name, box in {
            "half": (0, 0, wide // 2, high),
            "three quarters": (0, 0, wide, high * 3 // 4),
            "a corner": (wide // 3, high // 3, wide, high),
        }.items():
            with self.subTest(cut=name):
                cut = Image.new("L", self.picture.size, 255)
                cut.paste(self.picture.crop(box))
                self.assertEqual(self.read(cut), [])

    def test_black_empty_and_another_code(self):
        self.assertEqual(self.read(Image.new("L", (400, 400), 0)), [])
        self.assertEqual(self.read(Image.new("L", (400, 400), 255)), [])
        other = qrcode.make("https://example.org/").get_image().convert("L")
        [text] = self.read(other)
        self.assertEqual(self.code(text), "unknown")
        self.assertNotIn("TBT1", json.dumps(self.scan(text)))
