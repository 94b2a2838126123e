import datetime
import json
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase

from .test_tickets import TicketsCase

OFFLINE = Path(__file__).parent / "offline.js"


class GatePhones:
    """Phones of a gate that ask the real endpoints; for a case that is an ``HttpCase``."""

    phone = None
    list = None

    @classmethod
    def pair_phone(cls, gate, name, **values):
        link = cls.env["tibillet.gate.pairing"].create(
            {"list_id": gate.list_id.id, "gate_id": gate.id, **values}
        )
        device_sudo, secret = cls.env["tibillet.gate.device"]._pair(link, name)
        return f"TiBillet-Gate {device_sudo.id}.{secret}"

    def ask(self, path, body, phone=None, status=200):
        self.env.flush_all()
        headers = {"Content-Type": "application/json"}
        if phone is not False:
            headers["Authorization"] = phone or self.phone
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        answer = self.url_open(f"/tibillet/gate/{path}", data=data, headers=headers)
        self.assertEqual(answer.status_code, status, answer.text[:300])
        self.env.invalidate_all()
        return answer.json()

    def scan(self, ticket, phone=None, **more):
        text = ticket if isinstance(ticket, str) else ticket.tibillet_ticket_text
        body = {"nonce": uuid.uuid4().hex, "text": text, "direction": "in", **more}
        return self.ask("redeem", body, phone)

    def code(self, ticket, phone=None, **more):
        return self.scan(ticket, phone, **more)["code"]

    def fetched(self, phone=None):
        """What a phone knows after a contact: rules, guests, the hour."""
        state = self.ask("state", {}, phone)
        guests = self.ask("guests", {}, phone)["rows"]
        return {"config": state["config"], "guests": guests, "now": state["now"]}

    def alone(self, scans, phone=None, native=True, known=None):
        """What the phone's page decides without network, by the rules and guests it fetched.

        :param scans: name → scan, as the page hands it to its decision core
        :param native: by the browser's own Ed25519, or by the vendored one
        :param known: what :meth:`fetched` answered before; by default fetched now
        :return: ``{"answers": {name: …}, "waiting": rows for ``sync``, "inside": persons}``
        """
        node = shutil.which("node")
        if not node:
            self.fail("what the page decides is asked of Node.js: apt-get install --yes nodejs")
        known = {**(known or self.fetched(phone)), "native": native, "scans": scans}
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(json.dumps(known))
            file.flush()
            done = subprocess.run(
                [node, str(OFFLINE), file.name],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return json.loads(done.stdout)

    def alone_code(self, ticket, phone=None, **more):
        text = ticket if isinstance(ticket, str) else ticket.tibillet_ticket_text
        return self.alone({"one": {"text": text, **more}}, phone)["answers"]["one"]["code"]

    def scans(self):
        return self.env["tibillet.gate.scan"].search([("list_id", "=", self.list.id)], order="id")


class GateCase(GatePhones, TicketsCase, HttpCase):
    """A list of an event that begins in an hour, two gates, a phone at each."""

    @classmethod
    def pair(cls, gate, name, **values):
        return cls.pair_phone(gate, name, **values)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = fields.Datetime.now()
        cls.event.write(
            {
                "date_begin": now + datetime.timedelta(hours=1),
                "date_end": now + datetime.timedelta(hours=4),
            }
        )
        cls.list = cls.env["tibillet.gate.list"].create(
            {
                "name": "Entrance",
                "company_id": cls.company.id,
                "event_ids": [(6, 0, cls.event.ids)],
                "gate_ids": [(0, 0, {"name": "North"}), (0, 0, {"name": "South"})],
            }
        )
        cls.north, cls.south = cls.list.gate_ids
        cls.phone = cls.pair(cls.north, "Anna")
        cls.other_phone = cls.pair(cls.south, "Yann")
