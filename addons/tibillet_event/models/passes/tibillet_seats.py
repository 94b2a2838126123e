from odoo import api, models
from odoo.tools import SQL


class TibilletSeats(models.AbstractModel):
    """Who holds a pass holds a seat of each event that it opens, by the same door."""

    _inherit = "tibillet.seats"

    @api.model
    def _hold_here(self, key, lines, minutes, anyway=False):
        """The pass and a seat of each of its events, or nothing.

        :returns: ids of the holds of what was asked; those of the pass's events bear the same
            key, and the registrations of these events find them by it
        """
        more = self._pass_lines(lines)
        answer = super()._hold_here(key, lines + more, minutes, anyway=anyway)
        if not more or not answer or not answer[0]:
            return answer
        ids, live = answer
        holds = self.env.execute_query(
            SQL(
                "SELECT id, event_id, slot_id, ticket_id FROM tibillet_seat_hold"
                " WHERE id = ANY(%s) ORDER BY id",
                ids,
            )
        )
        asked = {(line["event_id"], line["slot_id"], line["ticket_id"]) for line in lines}
        return [hold for hold, *what in holds if tuple(what) in asked], live

    @api.model
    def _pass_lines(self, lines):
        """What the passes among the wanted seats take beside themselves.

        Read here, in the hold's own transaction: the same events as
        ``event.event.ticket._tibillet_pass_events``.
        """
        rates = [line["ticket_id"] for line in lines if line["ticket_id"]]
        if not rates:
            return []
        opens = self.env.execute_query(
            SQL(
                "SELECT r.ticket_id, e.id FROM tibillet_pass_event_rel r"
                " JOIN event_event e ON e.id = r.event_id"
                " WHERE r.ticket_id = ANY(%s) AND e.active"
                " AND e.kanban_state IS DISTINCT FROM 'cancel' AND e.date_end > tibillet_now()"
                " ORDER BY r.ticket_id, e.id",
                rates,
            )
        )
        return [
            {"event_id": event, "slot_id": None, "ticket_id": None, "n": line["n"]}
            for line in lines
            for rate, event in opens
            if rate == line["ticket_id"]
        ]

    @api.model
    def _left(self, event, combinations):
        """Of a pass there is what the fullest of its events has left."""
        left = super()._left(event, combinations)
        rates_sudo = self.env["event.event.ticket"].sudo()  # numbers only
        rates_sudo = rates_sudo.browse([rate for _slot, rate in combinations if rate]).exists()
        of_passes = rates_sudo._tibillet_pass_left()
        if not of_passes:
            return left
        return [
            min((one for one in (own, of_passes.get(rate)) if one is not None), default=None)
            for own, (_slot, rate) in zip(left, combinations, strict=True)
        ]
