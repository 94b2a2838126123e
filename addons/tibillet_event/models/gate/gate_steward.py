"""What a steward looks at while people come in: lists, gates by the minute, phones, refusals."""

import datetime

from odoo import api, fields, models
from odoo.tools import SQL

MOST_LISTS = 50
MINUTES = 60
REFUSALS = 20
SILENT_S = 120  # a phone that was not heard of for so long is looked at


class TibilletGateList(models.Model):
    _inherit = "tibillet.gate.list"

    def action_tibillet_steward(self):
        """The steward's page of these lists."""
        return {
            "type": "ir.actions.client",
            "tag": "tibillet_event.steward",
            "name": self.env._("Gates, live"),
            "context": {"tibillet_gate_lists": self.ids},
        }

    @api.model
    def tibillet_steward(self, ids=None):
        """Gates as they are now, in a number of queries that does not grow with them.

        :param ids: of lists; those of events of today when there are none
        :return: ``{"at", "more", "lists": [...]}``; hours in UTC
        """
        now = fields.Datetime.now()
        day = datetime.timedelta(days=1)
        domain = (
            [("id", "in", ids)]
            if ids
            else [
                ("event_ids.date_begin", "<=", now + day),
                ("event_ids.date_end", ">=", now - day),
            ]
        )
        lists = self.search_fetch(domain, ["name", "mode"], order="id", limit=MOST_LISTS)
        self.env.flush_all()
        counts, expected = lists._counts(), lists._steward_expected()
        minutes, refusals = lists._steward_minutes(now), lists._steward_refusals()
        phones, gates = lists._steward_phones(now), lists._steward_gates()
        return {
            "at": fields.Datetime.to_string(now),
            "more": len(lists) == MOST_LISTS,
            "lists": [
                {
                    "id": one.id,
                    "name": one.name,
                    "inout": one.mode == "inout",
                    "entries": counts.get(one.id, (0, 0))[0],
                    "inside": counts.get(one.id, (0, 0))[1],
                    "expected": expected.get(one.id, 0),
                    "conflicts": refusals["conflicts"].get(one.id, 0),
                    "gates": [
                        {**gate, "minutes": minutes.get(gate["id"], [0] * MINUTES)}
                        for gate in gates.get(one.id, [])
                    ],
                    "phones": phones.get(one.id, []),
                    "refusals": refusals["last"].get(one.id, []),
                }
                for one in lists
            ],
        }

    def _steward_expected(self):
        self.env.cr.execute(
            SQL(
                "SELECT l.tibillet_gate_list_id, count(*) FROM event_event_tibillet_gate_list_rel l"
                " JOIN event_registration r ON r.event_id = l.event_event_id"
                " AND r.state IN ('open', 'done') AND COALESCE(r.active, true)"
                " WHERE l.tibillet_gate_list_id = ANY(%s) GROUP BY 1",
                self.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    def _steward_gates(self):
        """List id → its gates with the entries of each."""
        self.env.cr.execute(
            SQL(
                "SELECT g.list_id, g.id, g.name, count(s.id) FROM tibillet_gate g"
                " LEFT JOIN tibillet_gate_scan s ON s.gate_id = g.id AND s.code = 'entry'"
                " WHERE g.list_id = ANY(%s) GROUP BY g.list_id, g.id, g.name ORDER BY g.id",
                self.ids,
            )
        )
        found = {}
        for list_id, gate, name, entries in self.env.cr.fetchall():
            found.setdefault(list_id, []).append({"id": gate, "name": name, "entries": entries})
        return found

    def _steward_minutes(self, now):
        """Gate id → entries of each of the last sixty minutes, the oldest first."""
        first = now.replace(second=0, microsecond=0) - datetime.timedelta(minutes=MINUTES - 1)
        self.env.cr.execute(
            SQL(
                "SELECT gate_id, floor(extract(epoch FROM scanned_at - %s) / 60)::int, count(*)"
                " FROM tibillet_gate_scan WHERE list_id = ANY(%s) AND code = 'entry'"
                " AND scanned_at >= %s GROUP BY 1, 2",
                first,
                self.ids,
                first,
            )
        )
        found = {}
        for gate, minute, entries in self.env.cr.fetchall():
            found.setdefault(gate, [0] * MINUTES)[min(minute, MINUTES - 1)] = entries
        return found

    def _steward_phones(self, now):
        """List id → its phones, those that need a look first."""
        devices = self.env["tibillet.gate.device"].search_fetch(
            [("list_id", "in", self.ids)],
            [
                "name",
                "gate_id",
                "seen_at",
                "waiting",
                "battery",
                "clock_off_s",
                "until",
                "revoked_at",
                "list_id",
            ],
        )
        found = {}
        for one in devices:
            silent = (now - one.seen_at).total_seconds() if one.seen_at else None
            over = bool(one.revoked_at) or one.until <= now
            found.setdefault(one.list_id.id, []).append(
                {
                    "id": one.id,
                    "name": one.name,
                    "gate": one.gate_id.name or "",
                    "silent_s": round(silent) if silent is not None else None,
                    "look": not over and (silent is None or silent > SILENT_S),
                    "waiting": one.waiting,
                    "battery": one.battery,
                    "clock_off_s": one.clock_off_s,
                    "revoked": bool(one.revoked_at),
                    "over": over,
                }
            )
        for phones in found.values():
            phones.sort(key=lambda one: (one["over"], not one["look"], one["gate"], one["name"]))
        return found

    def _steward_refusals(self):
        """The last refusals of each list with their reasons, and conflicts to look at."""
        said = dict(self.env["tibillet.gate.scan"]._fields["code"]._description_selection(self.env))
        self.env.cr.execute(
            SQL(
                "SELECT * FROM (SELECT s.list_id, s.code, s.scanned_at, g.name AS gate,"
                " d.name AS phone, r.name AS guest, row_number() OVER (PARTITION BY s.list_id"
                " ORDER BY s.id DESC) AS rank FROM tibillet_gate_scan s"
                " LEFT JOIN tibillet_gate g ON g.id = s.gate_id"
                " LEFT JOIN tibillet_gate_device d ON d.id = s.device_id"
                " LEFT JOIN event_registration r ON r.id = s.registration_id"
                " WHERE s.list_id = ANY(%s) AND NOT s.ok) ranked WHERE rank <= %s"
                " ORDER BY list_id, rank",
                self.ids,
                REFUSALS,
            )
        )
        last = {}
        for row in self.env.cr.dictfetchall():
            last.setdefault(row["list_id"], []).append(
                {
                    "id": row["rank"],
                    "reason": said.get(row["code"], row["code"]),
                    "at": fields.Datetime.to_string(row["scanned_at"]),
                    "gate": row["gate"] or "",
                    "phone": row["phone"] or "",
                    "guest": row["guest"] or "",
                }
            )
        self.env.cr.execute(
            SQL(
                "SELECT list_id, count(*) FROM tibillet_gate_scan WHERE list_id = ANY(%s)"
                " AND conflict AND settled_at IS NULL GROUP BY 1",
                self.ids,
            )
        )
        return {"last": last, "conflicts": dict(self.env.cr.fetchall())}
