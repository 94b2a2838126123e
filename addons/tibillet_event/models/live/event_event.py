"""How an event sells, as it is now: by rate and by way, money, held, waiting."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

MOST = 1000


class EventEvent(models.Model):
    _inherit = "event.event"

    def action_tibillet_live(self):
        """The live page of these events."""
        return {
            "type": "ir.actions.client",
            "tag": "tibillet_event.live",
            "name": self.env._("Sales, live"),
            "context": {"tibillet_events": self.ids},
        }

    @api.model
    def tibillet_live(self, ids=None):
        """The sales of events, in a number of queries that does not grow with them.

        :param ids: of events; those of today and to come when there are none
        :return: ``{"at", "currency", "events": [...]}``; money with VAT, in units of the currency
        """
        domain = (
            [("id", "in", ids)]
            if ids
            else [("date_end", ">=", fields.Datetime.now() - timedelta(hours=12))]
        )
        events = self.search_fetch(
            domain,
            ["name", "date_begin", "seats_max", "seats_limited", "company_id", "kanban_state"],
            order="date_begin, id",
            limit=MOST,
        )
        self.env.flush_all()
        held = self.env["tibillet.seats"]._used("event_id", events.ids)
        rates = events._tibillet_live_rates()
        waiting = events._tibillet_live_waiting()
        channels = dict(
            self.env["event.registration"]
            ._fields["tibillet_channel"]
            ._description_selection(self.env)
        )
        return {
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "more": len(events) == MOST,
            "channels": channels,
            "events": [
                event._tibillet_live_row(rates, held.get(event.id, 0), waiting.get(event.id, 0))
                for event in events
            ],
        }

    def _tibillet_live_row(self, rates, used, waiting):
        mine = rates.get(self.id, [])
        currency = (self.company_id or self.env.company).sudo().currency_id
        for rate in mine:
            rate["money"] = rate.pop("minor") / 10**currency.decimal_places
        sold = sum(rate["sold"] for rate in mine)
        channels = {}
        for rate in mine:
            for way, number in rate["channels"].items():
                channels[way] = channels.get(way, 0) + number
        return {
            "id": self.id,
            "name": self.name,
            "begin": fields.Datetime.to_string(self.date_begin),
            "cancelled": self.kanban_state == "cancel",
            "currency": currency.id,
            "capacity": self.seats_max if self.seats_limited else 0,
            "sold": sold,
            "held": max(0, used - sold),
            "waiting": waiting,
            "money": sum(rate["money"] for rate in mine),
            "channels": channels,
            "rates": mine,
        }

    def _tibillet_live_rates(self):
        """Event id → its rates with what is sold, held, by which way and for how much."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id, t.id, t.name, COALESCE(t.seats_max, 0),
                       COALESCE(s.way, '') AS way, COALESCE(s.sold, 0), COALESCE(s.minor, 0),
                       COALESCE(c.used, 0)
                  FROM event_event e
                  LEFT JOIN event_event_ticket t ON t.event_id = e.id AND t.active IS NOT FALSE
                  LEFT JOIN LATERAL (
                       SELECT COALESCE(r.tibillet_channel, 'desk') AS way, count(*) AS sold,
                              sum(n.price_minor)::bigint AS minor
                         FROM event_registration r
                         LEFT JOIN tibillet_ticket_number n
                           ON n.registration_id = r.id AND n.cancelled_at IS NULL
                        WHERE r.event_id = e.id AND r.event_ticket_id IS NOT DISTINCT FROM t.id
                          AND r.state IN ('open', 'done') AND r.active IS NOT FALSE
                        GROUP BY 1) s ON true
                  LEFT JOIN tibillet_seat_counter c
                    ON c.ticket_id = t.id AND c.slot_id IS NULL AND c.quota_id IS NULL
                 WHERE e.id = ANY(%s)
                 ORDER BY e.id, t.sequence, t.id, way
                """,
                self.ids,
            )
        )
        found = {}
        language = self.env.lang or "en_US"
        for event, rate, name, capacity, way, sold, minor, used in rows:
            mine = found.setdefault(event, {})
            name = (name or {}).get(language) or (name or {}).get("en_US") or ""
            row = mine.setdefault(
                rate,
                {
                    "id": rate or 0,
                    "name": name,
                    "capacity": capacity,
                    "sold": 0,
                    "minor": 0,
                    "channels": {},
                    "used": used,
                },
            )
            row["sold"] += sold
            row["minor"] += minor
            if way:
                row["channels"][way] = sold
        for mine in found.values():
            for row in mine.values():
                row["held"] = max(0, row.pop("used") - row["sold"])
        return {
            event: [row for row in mine.values() if row["id"] or row["sold"]]
            for event, mine in found.items()
        }

    def _tibillet_live_waiting(self):
        """Event id → how many places are waited for; a seam of the waiting list."""
        return {}

    # -- files -----------------------------------------------------------------------------------

    @api.model
    def _tibillet_live_table(self, ids=None):
        """(heads, rows) of the same, one row per event, rate and way."""
        live = self.tibillet_live(ids)
        heads = [
            self.env._("Event"),
            self.env._("Begins"),
            self.env._("Rate"),
            self.env._("Capacity"),
            self.env._("Sold"),
            self.env._("Held"),
            *live["channels"].values(),
            self.env._("Money"),
        ]
        rows = []
        for event in live["events"]:
            begin = fields.Datetime.to_datetime(event["begin"])
            begin = fields.Datetime.context_timestamp(self, begin).replace(tzinfo=None)
            for rate in event["rates"]:
                rows.append(
                    [
                        event["name"],
                        begin,
                        rate["name"],
                        rate["capacity"] or event["capacity"],
                        rate["sold"],
                        rate["held"],
                        *(rate["channels"].get(way, 0) for way in live["channels"]),
                        float(rate["money"]),
                    ]
                )
        return heads, rows
