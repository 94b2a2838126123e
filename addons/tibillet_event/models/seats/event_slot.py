from odoo import api, fields, models


class EventSlot(models.Model):
    _inherit = "event.slot"

    tibillet_seats_held = fields.Integer(string="Held Seats", compute="_compute_seats")

    @api.depends("event_id.seats_limited")
    @api.depends_context("tibillet_hold_ids")
    def _compute_seats(self):
        """Held seats are not available."""
        result = super()._compute_seats()
        used = self.env["tibillet.seats"]._used("slot_id", self.ids)
        mine = self.env["tibillet.seats"]._mine("slot_id")
        for slot in self:
            slot.tibillet_seats_held = max(0, used.get(slot._origin.id, 0) - slot.seats_taken)
            if slot.seats_available:
                others = slot.tibillet_seats_held - mine.get(slot._origin.id, 0)
                slot.seats_available = max(0, slot.seats_available - others)
        return result
