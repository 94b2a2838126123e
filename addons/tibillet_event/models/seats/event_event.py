from odoo import api, fields, models


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_seats_held = fields.Integer(
        string="Held Seats",
        compute="_compute_seats",
        help="Put aside for people who are buying, or registered and not confirmed yet.",
    )
    tibillet_quota_ids = fields.One2many("tibillet.quota", "event_id", string="Quotas")

    @api.depends("tibillet_quota_ids.seats_max")
    @api.depends_context("tibillet_hold_ids")
    def _compute_seats(self):
        """Held seats are not available; Odoo's reserved, used and taken keep their meaning."""
        result = super()._compute_seats()
        used = self.env["tibillet.seats"]._used("event_id", self.ids)
        mine = self.env["tibillet.seats"]._mine("event_id")
        for event in self:
            event.tibillet_seats_held = max(0, used.get(event._origin.id, 0) - event.seats_taken)
            if event.seats_available:
                others = event.tibillet_seats_held - mine.get(event._origin.id, 0)
                event.seats_available = max(0, event.seats_available - others)
        return result

    def _get_seats_availability(self, slot_tickets):
        """What is left for each slot and rate, held seats and shared quotas counted."""
        self.ensure_one()
        combinations = [(slot and slot.id, ticket and ticket.id) for slot, ticket in slot_tickets]
        return self.env["tibillet.seats"]._left(self._origin, combinations)
