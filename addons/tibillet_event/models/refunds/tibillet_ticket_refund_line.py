from odoo import api, fields, models


class TibilletTicketRefundLine(models.Model):
    """What one ticket's share of one line of the order was, and what of it comes back."""

    _name = "tibillet.ticket.refund.line"
    _description = "Ticket that is paid back"
    _order = "id"

    refund_id = fields.Many2one(
        "tibillet.ticket.refund", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="refund_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="refund_id.currency_id")
    registration_id = fields.Many2one(
        "event.registration",
        string="Ticket",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    event_id = fields.Many2one(related="registration_id.event_id", store=True, index=True)
    order_line_id = fields.Many2one(
        "sale.order.line",
        string="Line of the order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    price = fields.Monetary(string="Was paid", readonly=True)
    amount = fields.Monetary(string="Comes back", readonly=True)

    # A ticket comes back once, whoever asks at the same moment.
    _once = models.UniqueIndex(
        "(registration_id, COALESCE(order_line_id, 0))", "This ticket was cancelled already."
    )
    _no_more = models.Constraint(
        "CHECK (amount >= 0 AND amount <= price)", "No more comes back than was paid."
    )

    @api.depends("registration_id", "order_line_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.registration_id.display_name
