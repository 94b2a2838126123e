from odoo import fields, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _check_cart_is_ready_to_be_paid(self):
        """Nobody pays for an event that was cancelled or withdrawn, or ended, meanwhile."""
        cancelled = self.order_line.event_id.filtered(lambda one: one.kanban_state == "cancel")
        if cancelled:
            raise ValidationError(
                self.env._(
                    "%s is cancelled. Take its tickets out of your basket; nothing was paid.",
                    ", ".join(cancelled.mapped("name")),
                )
            )
        now = fields.Datetime.now()
        over = self.order_line.event_id.filtered(lambda one: not one.active or one.date_end < now)
        if over:
            raise ValidationError(
                self.env._(
                    "%s is not sold any more. Take its tickets out of your basket; nothing was "
                    "paid.",
                    ", ".join(over.mapped("name")),
                )
            )
        return super()._check_cart_is_ready_to_be_paid()
