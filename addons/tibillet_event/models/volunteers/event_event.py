from odoo import fields, models


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_shift_ids = fields.One2many(
        "tibillet.shift", "event_id", string="Shifts", groups="event.group_event_registration_desk"
    )

    def action_tibillet_shifts(self):
        """The planning of the event's volunteers."""
        self.ensure_one()
        return self.env["tibillet.shift"]._planning(self)

    def _tibillet_open_shifts(self):
        """Shifts that anybody may sign up for, of the event and its festival, in sudo."""
        self.ensure_one()
        event_sudo = self.sudo()  # a visitor reads what is offered to everybody
        if event_sudo.kanban_state == "cancel":
            return self.env["tibillet.shift"].sudo()  # an empty one
        occasion = [("event_id", "=", self.id)]
        if event_sudo.tibillet_festival_id:
            occasion = ["|", *occasion, ("festival_id", "=", event_sudo.tibillet_festival_id.id)]
        return self.env["tibillet.shift"]._open(occasion)
