import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError

LONGEST_MINUTES = 7 * 24 * 60


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_gate_before = fields.Integer(
        string="Gate opens before (minutes)",
        default=120,
        help="So long before it begins tickets are let in; each list of the gate may say other"
        " hours.",
    )
    tibillet_gate_after = fields.Integer(
        string="Gate closes after (minutes)",
        default=60,
        help="So long after the end tickets are still let in.",
    )

    @api.constrains("tibillet_gate_before", "tibillet_gate_after")
    def _check_tibillet_gate(self):
        for event in self:
            for minutes in (event.tibillet_gate_before, event.tibillet_gate_after):
                if not 0 <= minutes <= LONGEST_MINUTES:
                    raise ValidationError(
                        self.env._("The gate opens and closes within a week of the event.")
                    )

    def _tibillet_gate_hours(self, slot=None):
        """When the gate lets in for this event, or for one of its slots: two UTC datetimes."""
        self.ensure_one()
        begin = (slot and slot.start_datetime) or self.date_begin
        end = (slot and slot.end_datetime) or self.date_end
        return (
            begin - datetime.timedelta(minutes=self.tibillet_gate_before),
            end + datetime.timedelta(minutes=self.tibillet_gate_after),
        )

    def _tibillet_place(self):
        """The place that signs this event's tickets, in sudo."""
        self.ensure_one()
        places_sudo = self.env["tibillet.place"].sudo()  # a number and a key, for the ticket
        return places_sudo.search([("company_id", "=", self._tibillet_organiser().id)], limit=1)
