from odoo import fields, models

from ...fields import BigInteger


class TibilletSettlementPayment(models.Model):
    """One posting of a settlement: what was set off when both had agreed, or a payment.

    The ledger's operations say by how much less the two owe each other; the moves say, in each
    company's bank journal, that money left and arrived. They meet on wallet clearing.
    """

    _name = "tibillet.settlement.payment"
    _description = "Payment of a settlement"
    _order = "id"
    _rec_name = "settlement_id"

    settlement_id = fields.Many2one(
        "tibillet.settlement", required=True, readonly=True, index=True, ondelete="restrict"
    )
    set_off = fields.Boolean(readonly=True, help="No money moved: each owed the other that much.")
    date = fields.Date(string="Paid on", required=True, readonly=True)
    amount_minor = BigInteger(required=True, readonly=True, aggregator=None)
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount")
    settle_operation_id = fields.Many2one(
        "tibillet.operation", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    remit_operation_id = fields.Many2one(
        "tibillet.operation", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    first_move_id = fields.Many2one("account.move", readonly=True, ondelete="restrict")
    second_move_id = fields.Many2one("account.move", readonly=True, ondelete="restrict")
    recorded_by_id = fields.Many2one("res.users", string="Noted by", readonly=True)
    recorded_at = fields.Datetime(string="Noted on", readonly=True)

    def _compute_amount(self):
        for payment in self:
            payment.amount = payment.amount_minor / 10**payment.currency_id.decimal_places

    def _moves(self):
        """The entries in the books of the companies that the user works for; none for who reads no
        entries: settling needs no right in accounting."""
        self.check_access("read")
        payments_sudo = self.sudo()  # narrowed on the next lines
        moves_sudo = payments_sudo.first_move_id | payments_sudo.second_move_id
        moves_sudo = moves_sudo.filtered(lambda move: move.company_id in self.env.companies)
        return moves_sudo.with_env(self.env)._filtered_access("read")

    def action_view_moves(self):
        """Open the entries of this payment in one's own books."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.settlement_id.reference,
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self._moves().ids)],
        }
