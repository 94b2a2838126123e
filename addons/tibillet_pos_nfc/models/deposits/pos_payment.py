from odoo import models


class PosPayment(models.Model):
    _inherit = "pos.payment"

    def _tibillet_proof(self):
        """A deposit that came back is proved by its promise, as an undo is."""
        refund_sudo = self._tibillet_refund()
        if refund_sudo.is_deposit:
            return refund_sudo.company_id, -refund_sudo.amount_minor
        return super()._tibillet_proof()
