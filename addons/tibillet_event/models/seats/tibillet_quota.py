from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TibilletQuota(models.Model):
    """Seats that several rates of an event share: 40 reduced ones, whatever the reduction.

    Of an event with slots the quota is that of each slot, as Odoo's own limits are.
    """

    _name = "tibillet.quota"
    _description = "Quota of seats"
    _order = "event_id, id"

    name = fields.Char(required=True, translate=True)
    event_id = fields.Many2one("event.event", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    seats_max = fields.Integer(string="Seats", required=True)
    ticket_ids = fields.One2many("event.event.ticket", "tibillet_quota_id", string="Rates")
    seats_taken = fields.Integer(string="Taken", compute="_compute_seats_taken")
    seats_available = fields.Integer(string="Left", compute="_compute_seats_taken")

    _seats_positive = models.Constraint(
        "CHECK (seats_max > 0)", "A quota is of one seat at least; to stop a sale, end its dates."
    )

    @api.depends("seats_max", "ticket_ids.registration_ids.state")
    def _compute_seats_taken(self):
        used = self.env["tibillet.seats"]._used("quota_id", self.ids)
        for quota in self:
            quota.seats_taken = used.get(quota.id, 0)
            quota.seats_available = max(0, quota.seats_max - quota.seats_taken)

    @api.constrains("event_id", "ticket_ids")
    def _check_event(self):
        for quota in self:
            if quota.ticket_ids.event_id - quota.event_id:
                raise ValidationError(
                    self.env._(
                        "The quota %s is shared by rates of one event; another event has its own.",
                        quota.name,
                    )
                )
