from odoo import models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _check_cart_is_ready_to_be_paid(self):
        """Nobody pays for an event that was cancelled while the basket was open."""
        events = self.order_line.event_id.filtered(lambda event: event.kanban_state == "cancel")
        if events:
            raise ValidationError(
                self.env._(
                    "%s is cancelled. Take its tickets out of your basket; nothing was paid.",
                    ", ".join(events.mapped("name")),
                )
            )
        return super()._check_cart_is_ready_to_be_paid()
