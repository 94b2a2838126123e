from odoo import api, models


class EventEventTicket(models.Model):
    """A rate bears the VAT of its event, and is not on sale when its event is cancelled."""

    _inherit = "event.event.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets.event_id._tibillet_apply_vat()
        return tickets

    @api.depends("event_id.kanban_state")
    def _compute_sale_available(self):
        cancelled = self.filtered(lambda ticket: ticket.event_id.kanban_state == "cancel")
        cancelled.sale_available = False
        return super(EventEventTicket, self - cancelled)._compute_sale_available()
