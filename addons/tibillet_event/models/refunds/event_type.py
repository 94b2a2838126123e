from odoo import fields, models


class EventType(models.Model):
    _inherit = "event.type"

    tibillet_refund_rule_ids = fields.One2many(
        "tibillet.ticket.refund.rule", "event_type_id", string="Cancelled by visitors"
    )
