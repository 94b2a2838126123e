from odoo import fields, models
from odoo.tools import format_datetime


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_transfer_until = fields.Datetime(
        string="Names may change until",
        help="Until then a holder may give a ticket to somebody else. Empty: until it begins.",
    )

    def _tibillet_transfer_closed(self, begin=None):
        """Why no ticket of the event changes hands now, or an empty text."""
        self.ensure_one()
        now = fields.Datetime.now()
        if not self.active:
            return self.env._("This event is put away. Write to the organiser.")
        if self.kanban_state == "cancel":
            return self.env._("The event is cancelled.")
        if (begin or self.date_begin) <= now:
            return self.env._("It has begun: names are not changed any more.")
        if self.tibillet_transfer_until and self.tibillet_transfer_until <= now:
            return self.env._(
                "Names could be changed until %s.",
                format_datetime(self.env, self.tibillet_transfer_until, tz=self.date_tz),
            )
        return ""
