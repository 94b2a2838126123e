from odoo import fields, models


class TibilletSettlementDispute(models.TransientModel):
    _name = "tibillet.settlement.dispute"
    _description = "Dispute a settlement"

    settlement_id = fields.Many2one("tibillet.settlement", required=True)
    reason = fields.Char(string="What is wrong", required=True)

    def action_dispute(self):
        """Say what is wrong with it; the other side reads it."""
        self.ensure_one()
        self.settlement_id._dispute(self.reason)
        return {"type": "ir.actions.act_window_close"}
