from odoo import api, models
from odoo.tools import SQL


class TibilletGateGuests(models.AbstractModel):
    _inherit = "tibillet.gate.guests"

    @api.model
    def _paid_back(self):
        """A place that a till took back was paid back there, too."""
        return SQL(
            "(%s OR EXISTS (SELECT FROM pos_order_line b"
            " WHERE b.refunded_orderline_id = r.pos_order_line_id))",
            super()._paid_back(),
        )
