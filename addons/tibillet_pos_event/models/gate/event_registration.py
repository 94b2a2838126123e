from odoo import models


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def _tibillet_paid_back(self):
        """A place that a till took back was paid back there, too."""
        return super()._tibillet_paid_back() or bool(
            self.sudo().pos_order_line_id.refund_orderline_ids  # who scans reads no sales
        )
