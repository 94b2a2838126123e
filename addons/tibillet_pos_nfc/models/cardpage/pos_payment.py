from odoo import api, models
from odoo.exceptions import UserError


class PosPayment(models.Model):
    """Money that went onto a card or off it keeps its way: it says how the rest may leave."""

    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._tibillet_check_added()
        return payments

    def _tibillet_check_added(self):
        """:raises UserError: for a payment put beside those that were settled"""
        for payment in self.filtered(lambda payment: not payment._tibillet_is_wallet):
            seal = payment._tibillet_seal()
            if seal:
                raise UserError(seal)

    def _tibillet_seal(self):
        seal = super()._tibillet_seal()
        if seal or not self.pos_order_id._tibillet_has_moved():
            return seal
        return self.env._(
            "This order moved money of a card: how it was paid never changes. Undo the sale and "
            "take it anew."
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tibillet_sealed(self):
        for payment in self.filtered(lambda payment: not payment._tibillet_is_wallet):
            seal = payment._tibillet_seal()
            if seal:
                raise UserError(seal)
