from odoo import models


class PosPayment(models.Model):
    """Cash that was counted is neither more nor less afterwards."""

    _inherit = "pos.payment"

    def write(self, vals):
        """A payment that becomes cash is as counted as one that was."""
        result = super().write(vals)
        if "payment_method_id" in vals:
            self._tibillet_check_added()
        return result

    def _tibillet_seal(self):
        seal = super()._tibillet_seal()
        if seal or self.payment_method_id.type != "cash":
            return seal
        shift_sudo = self.pos_order_id.tibillet_shift_id.sudo()  # closed to cashiers
        if not shift_sudo or shift_sudo.state == "open":
            return ""
        return self.env._(
            "The drawer was counted since: cash of before the count never changes. Undo the sale "
            "and take it anew."
        )
