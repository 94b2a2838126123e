from odoo import api, fields, models


class TibilletSeatHold(models.Model):
    """Seats put aside for somebody who is about to register: on the website, at a till.

    Taken in a short transaction of its own; the registrations that follow name it and find their
    seats in it. What nobody came for goes back when the time is over.
    """

    _name = "tibillet.seat.hold"
    _description = "Seats on hold"
    _order = "id desc"
    _log_access = False

    key = fields.Char(required=True, readonly=True, index=True)
    event_id = fields.Many2one(
        "event.event", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="event_id.company_id")
    slot_id = fields.Many2one("event.slot", readonly=True, ondelete="cascade")
    ticket_id = fields.Many2one("event.event.ticket", readonly=True, ondelete="cascade")
    quantity = fields.Integer(required=True, readonly=True)
    remaining = fields.Integer(required=True, readonly=True)
    hold_until = fields.Datetime(required=True, readonly=True)

    _live = models.Index("(hold_until) WHERE remaining > 0")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0 AND remaining >= 0 AND remaining <= quantity)",
        "A hold is of one seat at least, and gives back no more than it took.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        raise self.env["tibillet.seats"]._by_the_door()

    def write(self, vals):
        raise self.env["tibillet.seats"]._by_the_door()

    def unlink(self):
        raise self.env["tibillet.seats"]._by_the_door()

    def _is_live(self):
        """Whether something of it can still be had."""
        self.ensure_one()
        return self.remaining > 0 and self.hold_until > self.env["tibillet.seats"]._now()

    @api.autovacuum
    def _gc_holds(self):
        """Holds of which nothing is left, a month later."""
        self.env.cr.execute(
            "DELETE FROM tibillet_seat_hold WHERE remaining = 0"
            " AND hold_until < tibillet_now() - interval '30 days'"
        )
