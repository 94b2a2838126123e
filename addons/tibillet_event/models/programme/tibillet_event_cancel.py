from odoo import api, fields, models
from odoo.exceptions import UserError


class TibilletEventCancel(models.TransientModel):
    """Why an event is cancelled; visitors read it, so it is asked for."""

    _name = "tibillet.event.cancel"
    _description = "Cancel an event"

    event_id = fields.Many2one("event.event", required=True, readonly=True, ondelete="cascade")
    reason = fields.Text(
        string="Why", help="Shown on the event's page and in the mail to who is registered."
    )
    registered = fields.Integer(string="Registered", compute="_compute_registered")
    without_address = fields.Integer(string="Without an address", compute="_compute_registered")

    @api.depends("event_id")
    def _compute_registered(self):
        for form in self:
            people = form.event_id._tibillet_registered()
            form.registered = len(people)
            form.without_address = len(people.filtered(lambda one: not one._tibillet_address()))

    def action_cancel(self):
        """Cancel the event: nothing is sold any more, and people are told.

        :raises UserError: without a reason, or when it is cancelled already
        """
        self.ensure_one()
        self.event_id.check_access("write")
        if not (self.reason or "").strip():
            raise UserError(
                self.env._("Say why it is cancelled: visitors read it on the event's page.")
            )
        if self.event_id.kanban_state == "cancel":
            raise UserError(self.env._("%s is cancelled already.", self.event_id.name))
        self.event_id.write(
            {"kanban_state": "cancel", "tibillet_cancel_reason": self.reason.strip()}
        )
        return {"type": "ir.actions.act_window_close"}
