from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_transfer_until = fields.Datetime(
        string="Names may change until",
        help="Until then a holder may give a ticket to somebody else. Empty: until it begins.",
    )

    tibillet_nominative = fields.Boolean(
        string="A name on each place",
        help="Every place asks its own name. Otherwise one name is enough for an order.",
    )

    @api.constrains("tibillet_nominative", "question_ids", "event_ticket_ids")
    def _check_tibillet_names(self):
        for event in self:
            asked = event.question_ids.filtered(
                lambda one: one.question_type == "name" and not one.once_per_order
            )
            if event._tibillet_asks_names() and not asked:
                raise ValidationError(
                    self.env._(
                        "“%s” puts a name on places: keep the question “Name” among its questions, "
                        "asked of each place.",
                        event.name,
                    )
                )

    def _tibillet_asks_names(self):
        """Whether one of these events has places that need a name each."""
        return any(
            event.tibillet_nominative or any(event.event_ticket_ids.mapped("tibillet_nominative"))
            for event in self.sudo()  # a visitor's form asks too
        )

    def _tibillet_is_nominative(self, rate_id):
        """Whether each place at this rate needs its own name."""
        self.ensure_one()
        event_sudo = self.sudo()  # a visitor's form asks too
        rate = event_sudo.event_ticket_ids.filtered(lambda one: one.id == rate_id)
        return event_sudo.tibillet_nominative or rate.tibillet_nominative

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
