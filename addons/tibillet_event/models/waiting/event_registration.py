from odoo import models

MOVING = {"event_id", "event_slot_id", "event_ticket_id"}


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def write(self, vals):
        """A seat that goes back is offered by the database; who is offered it is told at once."""
        result = super().write(vals)
        gone = vals.get("state") == "cancel" or vals.get("active") is False
        if gone or MOVING & vals.keys():
            self.env["tibillet.waiting"]._wake(self.event_id)
        return result

    def unlink(self):
        events = self.event_id
        result = super().unlink()
        self.env["tibillet.waiting"]._wake(events)
        return result
