from odoo import api, models
from odoo.exceptions import ValidationError


class PosPayment(models.Model):
    _inherit = "pos.payment"

    @property
    def _tibillet_is_credit(self):
        """Whether this payment is a promise to pay later: Odoo's customer account."""
        method = self.payment_method_id
        return self.amount > 0 and method.type == "pay_later" and not self._tibillet_is_wallet

    @api.constrains("payment_method_id", "amount", "pos_order_id")
    def _check_tibillet_credit(self):
        law = self.env["tibillet.law"]
        for payment in self:
            if not payment._tibillet_is_credit:
                continue
            lines = payment.pos_order_id.lines.filtered(lambda line: line.qty > 0)
            refusal = law._refusal_of_credit(lines.product_id.ids)
            if refusal:
                raise ValidationError(str(refusal))

    def _tibillet_holders(self):
        """Who holds the cards that paid, as superuser: a cashier reads no card."""
        holders_sudo = self.env["res.partner"].sudo()
        for payment in self._tibillet_wallet_lines():
            holders_sudo |= payment._tibillet_operations().card_id.partner_id
        return holders_sudo
