from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

    tibillet_gate_text = fields.Char(
        string="Say at the gate",
        translate=True,
        help="Shown to who checks a ticket of this rate: “Give the blue wristband”.",
    )
    tibillet_gate_age = fields.Integer(
        string="Age asked at the gate", help="Who checks it has to see that the holder is so old."
    )

    @api.constrains("tibillet_gate_age")
    def _check_tibillet_gate_age(self):
        if any(not 0 <= rate.tibillet_gate_age <= 99 for rate in self):
            raise ValidationError(self.env._("An age is between 0 and 99 years."))
