from odoo import fields, models

from ...fields import BigInteger


class TibilletSepaLine(models.Model):
    """One transfer of an order, as it stands in the file."""

    _name = "tibillet.sepa.line"
    _description = "Transfer of a SEPA order"
    _order = "order_id, id"
    _rec_name = "reference"

    order_id = fields.Many2one(
        "tibillet.sepa.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="To", required=True, readonly=True)
    iban = fields.Char(string="Account", required=True, readonly=True)
    reference = fields.Char(required=True, readonly=True)
    amount_minor = BigInteger(required=True, readonly=True, aggregator=None)
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount")
    res_model = fields.Char(readonly=True, required=True)
    res_id = fields.Integer(readonly=True, required=True, aggregator=None)
    live = fields.Boolean(
        default=True, readonly=True, help="In a file that the bank may still carry out."
    )

    _once = models.UniqueIndex(
        "(res_model, res_id) WHERE live", "This is in another SEPA order already."
    )
    _positive = models.Constraint("CHECK (amount_minor > 0)", "A transfer is of something.")

    def _compute_amount(self):
        for line in self:
            line.amount = line.amount_minor / 10**line.currency_id.decimal_places
