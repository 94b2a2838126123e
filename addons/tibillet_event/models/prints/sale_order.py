from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _tibillet_buyers_tickets(self):
        """The tickets of these orders that are the buyer's to print: none that is somebody else's
        by now."""
        return self._tibillet_tickets().filtered(lambda one: not one.tibillet_transferred_at)

    def action_tibillet_print(self):
        """The form that prints the tickets of these orders.

        :raises UserError: without tickets
        """
        return self._tibillet_tickets().action_tibillet_print()
