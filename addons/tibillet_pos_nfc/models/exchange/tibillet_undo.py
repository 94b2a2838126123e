from odoo import api, models


class TibilletUndo(models.AbstractModel):
    _inherit = "tibillet.undo"

    @api.model
    def _negative_order(self, session, device, seq, key, order, reason):
        """What was declared is taken back as it was declared, whatever is decided since."""
        undo = super()._negative_order(session, device, seq, key, order, reason)
        for line in undo.lines:
            declared = line.refunded_orderline_id.tibillet_declared_price
            if declared:
                line._tibillet_declare(declared)
        return undo
