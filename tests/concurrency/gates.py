"""Phones at two gates that scan the same ticket at the same moment, over HTTP."""

import datetime
import json
import urllib.request
import uuid

from .rush import TIMEOUT_S, patiently

PHONES = 8


def gate_evening(env, tickets, kind="own"):
    """An event of now with a list, two gates, phones at both, and tickets that enter once.

    :param kind: ``own``, ``ally`` (signed by another place) or ``pass`` (sold for another event)
    """
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
    hours = {"date_begin": now, "date_end": now + datetime.timedelta(hours=3)}
    event = env["event.event"].create({"name": "Two gates", **hours})
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
    people = {"own": _own, "ally": _allied, "pass": _passes}[kind](env, event, one, hours, tickets)
    people._tibillet_tickets_ensure()
    return {
        "list": one.id,
        "phones": phones,
        "people": people.ids,
        "texts": people.mapped("tibillet_ticket_text"),
    }


def _register(env, event, tickets, **values):
    return env["event.registration"].create(
        [{"event_id": event.id, "name": f"Guest {rank}", **values} for rank in range(tickets)]
    )


def _own(env, event, one, hours, tickets):
    return _register(env, event, tickets)


def _allied(env, event, one, hours, tickets):
    """Tickets that another place of this server signed, whom the list names as allied."""
    other = env["res.company"].create({"name": f"Allied {uuid.uuid4().hex[:8]}"})
    env.user.company_ids |= other
    there = env(context={**env.context, "allowed_company_ids": other.ids})
    theirs = there["event.event"].create({"name": "Theirs", "company_id": other.id, **hours})
    people = _register(there, theirs, tickets)
    people._tibillet_tickets_ensure()
    ally = env["tibillet.gate.ally"].create(
        {
            "name": other.name,
            "place_number": theirs._tibillet_place().number,
            "company_id": one.company_id.id,
        }
    )
    ally.sudo()._fetch()
    one.ally_ids = ally
    return people


def _passes(env, event, one, hours, tickets):
    """Passes that are sold for another event and open this one."""
    sold = env["event.event"].create({"name": "Sold here", **hours})
    rate = env["event.event.ticket"].create(
        {"name": "Both", "event_id": sold.id, "tibillet_pass_event_ids": [(6, 0, event.ids)]}
    )
    return _register(env, sold, tickets, event_ticket_id=rate.id)


def seat_gate_evening(stage, tickets, kind="own"):
    """The evening, committed."""
    return stage.alone(lambda env: gate_evening(env, tickets, kind))


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
