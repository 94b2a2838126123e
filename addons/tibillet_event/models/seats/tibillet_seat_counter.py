import json

from odoo import api, fields, models


def _not_oversold(env, diag):
    """The sentence for who asked for seats that are not there, from what the database says."""
    try:
        detail = json.loads(diag.message_detail or "")
    except ValueError:
        return env._(
            "More seats are sold or held than would be left. Keep the room as large as that, or "
            "cancel or move registrations first."
        )
    return env["tibillet.seats"]._sold_out_sentence(detail)


class TibilletSeatCounter(models.Model):
    """How many seats are taken: of an event, a slot, a rate, a rate in a slot, a quota.

    Written by the guard on registrations (``sql/seats.sql``) and by nobody else. What is held
    counts as taken here; Odoo's own *taken* (attendees registered) keeps its meaning.
    """

    _name = "tibillet.seat.counter"
    _description = "Counter of seats"
    _rec_name = "event_id"
    _log_access = False

    event_id = fields.Many2one("event.event", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="event_id.company_id")
    slot_id = fields.Many2one("event.slot", readonly=True, ondelete="cascade", index=True)
    ticket_id = fields.Many2one("event.event.ticket", readonly=True, ondelete="cascade", index=True)
    quota_id = fields.Many2one("tibillet.quota", readonly=True, ondelete="cascade", index=True)
    capacity = fields.Integer(readonly=True)
    used = fields.Integer(readonly=True, required=True)
    overdrawn = fields.Integer(string="Sold beyond, before us", readonly=True, required=True)

    _one_each = models.UniqueIndex("(event_id, slot_id, ticket_id, quota_id) NULLS NOT DISTINCT")
    _not_oversold = models.Constraint("CHECK (used <= capacity + overdrawn)", _not_oversold)
    _not_negative = models.Constraint(
        "CHECK (used >= 0)", "More seats were given back than had been taken."
    )

    def init(self):
        """Functions and triggers, once the tables that they read and guard exist."""
        self.pool.post_init(self.env["tibillet.seats"]._install_sql)

    @api.model_create_multi
    def create(self, vals_list):
        raise self.env["tibillet.seats"]._by_the_door()

    def write(self, vals):
        raise self.env["tibillet.seats"]._by_the_door()

    def unlink(self):
        raise self.env["tibillet.seats"]._by_the_door()
