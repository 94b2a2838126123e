from odoo import fields, models


class TibilletSettlementBounce(models.TransientModel):
    """Note that the bank gave a payment back."""

    _name = "tibillet.settlement.bounce"
    _description = "A payment of a settlement came back"

    payment_id = fields.Many2one("tibillet.settlement.payment", required=True)
    settlement_id = fields.Many2one(related="payment_id.settlement_id")
    currency_id = fields.Many2one(related="payment_id.currency_id")
    amount = fields.Monetary(related="payment_id.amount")
    date = fields.Date(string="Came back on", required=True, default=fields.Date.context_today)
    reason = fields.Char(string="What the bank said", required=True)

    def action_bounce(self):
        """It is owed again, in the ledger and in both companies' books.

        :raises AccessError: for anyone but an accountant of one of the two
        :raises UserError: with what stands in the way; nothing is written then
        """
        self.ensure_one()
        self.settlement_id._come_back(self.payment_id, self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
