from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TibilletGate(models.Model):
    """A door of a gate list: its phones count apart, and may check some rates only."""

    _name = "tibillet.gate"
    _description = "Gate"
    _order = "list_id, id"

    name = fields.Char(required=True)
    list_id = fields.Many2one("tibillet.gate.list", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    ticket_ids = fields.Many2many(
        "event.event.ticket",
        string="Rates",
        domain="[('event_id', 'in', parent.event_ids)]",
        help="Left empty, every rate of the list; others are sent to the right gate.",
    )

    @api.constrains("ticket_ids", "list_id")
    def _check_rates(self):
        for gate in self:
            if gate.ticket_ids - gate.list_id.sudo()._rates():
                raise ValidationError(
                    self.env._("%s: a rate does not enter by this list.", gate.name)
                )
