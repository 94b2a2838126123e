import datetime
import hashlib
import json

from odoo import api, models
from odoo.tools import SQL

from .tibillet_gate_door import _epoch_ms
from .tibillet_gate_list import OLD_LIST_MS


class TibilletGateConfig(models.AbstractModel):
    """What a phone needs to decide by itself; nothing of it is about a person."""

    _name = "tibillet.gate.config"
    _description = "What a gate phone knows"

    @api.model
    def _config(self, device_sudo):
        """The configuration of a phone and its version (``docs/gate.md``)."""
        list_sudo, gate_sudo = device_sudo.list_id, device_sudo.gate_id
        events = list_sudo.event_ids.with_env(self.env).sudo()  # hours and names, for the gate
        place_sudo = self.env["tibillet.place"].sudo()
        place_sudo = place_sudo.search([("company_id", "=", list_sudo.company_id.id)], limit=1)
        config = {
            "device": {
                "id": device_sudo.id,
                "name": device_sudo.name,
                "search": device_sudo.may_search,
                "until": _epoch_ms(device_sudo.until),
            },
            "place": {"number": place_sudo.number, "name": place_sudo.name},
            "list": {
                "id": list_sudo.id,
                "name": list_sudo.name,
                "mode": list_sudo.mode,
                "entries": list_sudo._most_entries(),
                "age": list_sudo.age_minimum,
                "instruction": list_sudo.instruction or "",
                "opens": _ms_or_none(list_sudo.opens_at),
                "closes": _ms_or_none(list_sudo.closes_at),
                "tz": events[:1].date_tz or "UTC",
            },
            "gate": {"id": gate_sudo.id, "name": gate_sudo.name} if gate_sudo else None,
            "events": {str(event.id): self._event(event) for event in events},
            "rates": self._rates(list_sudo, gate_sudo),
            "keys": self._keys(place_sudo),
            "allies": self.env["tibillet.gate.ally"]._trusted(
                list_sudo.company_id, list_sudo.ally_ids
            ),
            "revoked": self._revoked(list_sudo),
            "offline": {"unknown": list_sudo.offline_unknown, "old_ms": OLD_LIST_MS},
        }
        said = json.dumps(config, sort_keys=True, ensure_ascii=False)
        config["version"] = hashlib.sha256(said.encode()).hexdigest()[:16]
        return config

    @api.model
    def _event(self, event):
        opens, closes = event._tibillet_gate_hours()
        row = {"name": event.name, "opens": _epoch_ms(opens), "closes": _epoch_ms(closes)}
        row["slots"] = {}
        for slot in event.event_slot_ids:
            opens, closes = event._tibillet_gate_hours(slot)
            row["slots"][str(slot.id)] = {
                "name": slot.display_name,
                "opens": _epoch_ms(opens),
                "closes": _epoch_ms(closes),
            }
        return row

    @api.model
    def _rates(self, list_sudo, gate_sudo):
        """The rates that enter, by number; ``events``: what a pass opens of the list."""
        rates = list_sudo._rates().with_env(self.env).sudo()
        rows = {}
        for rate in rates:
            opened = rate.tibillet_pass_event_ids & list_sudo.event_ids
            rows[str(rate.id)] = {
                "name": rate.name,
                "instruction": rate.tibillet_gate_text or "",
                "age": rate.tibillet_gate_age,
                "here": not gate_sudo.ticket_ids or rate in gate_sudo.ticket_ids,
                "right": bool(list_sudo._right_codes()),
                "events": ((rate.event_id & list_sudo.event_ids) | opened).ids,
            }
        if not list_sudo.ticket_ids:  # places without a rate
            rows["0"] = {
                "name": "",
                "instruction": "",
                "age": 0,
                "here": not gate_sudo.ticket_ids,
                "right": bool(list_sudo._right_codes()),
                "events": list_sudo.event_ids.ids,
            }
        return rows

    @api.model
    def _keys(self, place_sudo):
        keys_sudo = self.env["tibillet.key"].sudo()  # public halves
        keys_sudo = keys_sudo.search(
            [
                ("place_id", "=", place_sudo.id),
                ("purpose", "=", "ticket"),
                ("revoked_at", "=", False),
            ],
            order="id",
        )
        return [key._jwk() for key in keys_sudo]

    @api.model
    def _revoked(self, list_sudo):
        """Digests of tickets that open nothing any more, whoever was let know."""
        self.env.cr.execute(
            SQL(
                """
                SELECT t.digest FROM tibillet_ticket t
                  JOIN event_registration r ON r.id = t.registration_id
                 WHERE (t.event_id = ANY(%(events)s) OR EXISTS (
                        SELECT FROM event_registration s WHERE s.tibillet_pass_id = r.id
                           AND s.event_id = ANY(%(events)s)))
                   AND (t.voided_at IS NOT NULL OR r.state NOT IN ('open', 'done')
                        OR NOT COALESCE(r.active, true))
                 ORDER BY t.digest
                """,
                events=list_sudo.event_ids.ids,
            )
        )
        return {"digests": [digest for [digest] in self.env.cr.fetchall()]}

    @api.model
    def _ms(self, moment):
        """Epoch milliseconds of a UTC datetime."""
        return _epoch_ms(moment)

    # -- the state of a list -----------------------------------------------------------------

    @api.model
    def _counts(self, device_sudo):
        """Who is in, how many entered, how many are expected; entries by this gate."""
        list_sudo = device_sudo.list_id
        entries, inside = list_sudo._counts().get(list_sudo.id, (0, 0))
        self.env.cr.execute(
            SQL(
                "SELECT (SELECT count(*) FROM event_registration WHERE event_id = ANY(%s)"
                " AND state IN ('open', 'done') AND COALESCE(active, true)),"
                " (SELECT count(*) FROM tibillet_gate_scan WHERE list_id = %s AND gate_id = %s"
                " AND code = 'entry')",
                list_sudo.event_ids.ids,
                list_sudo.id,
                device_sudo.gate_id.id or None,
            )
        )
        expected, here = self.env.cr.fetchone()
        counts = {"in": inside, "entries": entries, "expected": expected}
        return {"counts": counts, "here": {"entries": here}}


def _ms_or_none(moment):
    return _epoch_ms(moment) if moment else None


def now_ms():
    return int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)
