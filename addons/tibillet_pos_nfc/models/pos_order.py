from odoo import fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    tibillet_device_id = fields.Many2one(
        "tibillet.device", string="Paired till", index="btree_not_null", ondelete="restrict"
    )
    tibillet_device_seq = fields.Integer(string="Act number", copy=False)

    def action_pos_order_paid(self):
        """Record the sale in the ledger: every way to a paid order ends here.

        The goods have left: an expired hold is captured late, and what the card no longer
        holds is recorded as owed. The order is never refused for it.
        """
        result = super().action_pos_order_paid()
        till = self.env["tibillet.till"]
        for payment in self.payment_ids._tibillet_wallet_lines():
            till._record_payment(payment)
        till._record_order(self)
        return result

    def action_pos_order_cancel(self):
        """Give back what the cards of a cancelled order had set aside."""
        drafts = self.filtered(lambda order: order.state == "draft")
        result = super().action_pos_order_cancel()
        till = self.env["tibillet.till"]
        for order in drafts.filtered(lambda order: order.state == "cancel"):
            for payment in order.payment_ids._tibillet_wallet_lines():
                till._release(payment._tibillet_operations())
        return result
