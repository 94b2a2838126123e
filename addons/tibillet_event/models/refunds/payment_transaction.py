from odoo import models

from .shares import to_minor

DEAD = ("cancel", "error")


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _tibillet_pays_back(self, amount):
        """Whether the way of this payment pays that much back by itself."""
        if not self or self.state != "done" or self.provider_id.state == "disabled":
            return False
        method = self.payment_method_id.primary_payment_method_id or self.payment_method_id
        ways = (self.provider_id.support_refund, method.support_refund)
        if "none" in ways or False in ways:
            return False
        return "full_only" not in ways or not self.currency_id.compare_amounts(amount, self.amount)

    def _tibillet_left_minor(self):
        """What of a payment has not gone back yet, in minor units: ours, and what an accountant
        paid back on the payment itself."""
        self.ensure_one()
        gone = sum(
            to_minor(-child.amount, self.currency_id)
            for child in self.child_transaction_ids
            if child.operation == "refund" and child.state not in DEAD
        )
        parts = self.env["tibillet.ticket.refund.part"].search([("transaction_id", "=", self.id)])
        gone += sum(
            to_minor(part.amount, self.currency_id)
            for part in parts
            if not part.back_transaction_id or part.back_transaction_id.state in DEAD
        )
        return max(0, to_minor(self.amount, self.currency_id) - gone)

    def _set_error(self, *args, **kwargs):
        """A payment back that the provider refuses, at once or days later, is asked of somebody."""
        result = super()._set_error(*args, **kwargs)
        self._tibillet_not_paid_back()
        return result

    def _set_canceled(self, *args, **kwargs):
        result = super()._set_canceled(*args, **kwargs)
        self._tibillet_not_paid_back()
        return result

    def _tibillet_not_paid_back(self):
        backs = self.filtered(lambda one: one.operation == "refund" and one.state in DEAD)
        if backs:
            self.env["tibillet.ticket.refund.part"].search(
                [
                    ("back_transaction_id", "in", backs.ids),
                    ("state", "in", ("waiting", "sent")),
                ]
            )._ask_by_hand()
