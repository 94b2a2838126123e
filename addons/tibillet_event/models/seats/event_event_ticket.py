from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

    tibillet_quota_id = fields.Many2one(
        "tibillet.quota",
        string="Shared quota",
        ondelete="set null",
        index="btree_not_null",
        domain="[('event_id', '=', event_id)]",
    )
    tibillet_seats_held = fields.Integer(string="Held Seats", compute="_compute_seats")

    @api.depends("tibillet_quota_id.seats_max")
    @api.depends_context("tibillet_hold_ids")
    def _compute_seats(self):
        """Held seats are not available, nor are those that a shared quota lacks."""
        result = super()._compute_seats()
        used = self.env["tibillet.seats"]._used("ticket_id", self.ids)
        mine = self.env["tibillet.seats"]._mine("ticket_id")
        for ticket in self:
            ticket.tibillet_seats_held = max(0, used.get(ticket._origin.id, 0) - ticket.seats_taken)
            if ticket.seats_available:
                others = ticket.tibillet_seats_held - mine.get(ticket._origin.id, 0)
                ticket.seats_available = max(0, ticket.seats_available - others)
        return result

    @api.depends("tibillet_quota_id.seats_max", "tibillet_quota_id.seats_available")
    def _compute_is_sold_out(self):
        result = super()._compute_is_sold_out()
        for ticket in self:
            quota = ticket.tibillet_quota_id
            if quota and not quota.event_id.is_multi_slots and not quota.seats_available:
                ticket.is_sold_out = True
        return result

    @api.constrains("tibillet_quota_id", "event_id")
    def _check_quota_event(self):
        for ticket in self:
            if ticket.tibillet_quota_id and ticket.tibillet_quota_id.event_id != ticket.event_id:
                raise ValidationError(
                    self.env._(
                        "The quota %s belongs to another event.", ticket.tibillet_quota_id.name
                    )
                )
