from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    tibillet_refund_ids = fields.One2many(
        "tibillet.ticket.refund",
        "order_id",
        string="Tickets paid back",
        groups="event.group_event_user",
    )
    tibillet_refund_turn = fields.Integer(string="Turn of refunds", readonly=True, copy=False)

    def _tibillet_cancellable(self):
        """Tickets of the order that can still be cancelled, by the order's staff."""
        self.ensure_one()
        order_sudo = self.sudo()  # registrations of one's own order
        return order_sudo.tibillet_registration_ids.filtered(
            lambda one: (
                one.state != "cancel"
                and not one.tibillet_pass_id
                and not one._tibillet_not_cancellable()
            )
        )

    def action_tibillet_refund(self):
        """The form that cancels the tickets of an order.

        :raises AccessError: for who prepares no events
        """
        self.ensure_one()
        self.check_access("read")
        return self._tibillet_cancellable()._tibillet_ask_refund()
