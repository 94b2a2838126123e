"""Phones at two gates that scan the same ticket at the same moment, over HTTP."""

import datetime
import json
import urllib.request
import uuid

from .rush import TIMEOUT_S, patiently

PHONES = 8


def gate_evening(env, tickets):
    """An event of now with a list, two gates, phones at both, and tickets that enter once."""
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
    event = env["event.event"].create(
        {
            "name": "Two gates",
            "date_begin": now,
            "date_end": now + datetime.timedelta(hours=3),
        }
    )
    one = env["tibillet.gate.list"].create(
        {
            "name": "Entrance",
            "event_ids": [(6, 0, event.ids)],
            "gate_ids": [(0, 0, {"name": "North"}), (0, 0, {"name": "South"})],
        }
    )
    phones = []
    for rank in range(PHONES):
        gate = one.gate_ids[rank % 2]
        link = env["tibillet.gate.pairing"].create({"list_id": one.id, "gate_id": gate.id})
        device, secret = env["tibillet.gate.device"]._pair(link, f"Volunteer {rank}")
        phones.append(f"TiBillet-Gate {device.id}.{secret}")
    people = env["event.registration"].create(
        [{"event_id": event.id, "name": f"Guest {rank}"} for rank in range(tickets)]
    )
    people._tibillet_tickets_ensure()
    return {
        "list": one.id,
        "phones": phones,
        "people": people.ids,
        "texts": people.mapped("tibillet_ticket_text"),
    }


def seat_gate_evening(stage, tickets):
    """The evening, committed."""
    return stage.alone(lambda env: gate_evening(env, tickets))


def redeem(url, phone, text, nonce=None):
    """What the gate answers to one scan."""
    body = {"nonce": nonce or uuid.uuid4().hex, "text": text, "direction": "in"}
    request = urllib.request.Request(
        f"{url}/tibillet/gate/redeem",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": phone},
    )

    def ask():
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.loads(answer.read())

    return patiently(ask)
