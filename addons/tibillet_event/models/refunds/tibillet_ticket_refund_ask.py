from odoo import api, fields, models

from .shares import to_amount


class TibilletTicketRefundAsk(models.TransientModel):
    """Staff cancel tickets; they see what comes back before they do."""

    _name = "tibillet.ticket.refund.ask"
    _description = "Cancel and pay back"

    registration_ids = fields.Many2many("event.registration", string="Tickets", readonly=True)
    how = fields.Selection(
        [
            ("rule", "What the event's rules say"),
            ("full", "Price and fees"),
            ("nothing", "Nothing"),
        ],
        string="Comes back",
        required=True,
        default="rule",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    amount = fields.Monetary(string="Amount", compute="_compute_amount")

    @api.depends("how", "registration_ids")
    def _compute_amount(self):
        refunds_sudo = self.env["tibillet.ticket.refund"].sudo()  # reckoned, nothing is read out
        for form in self:
            tickets_sudo = form.registration_ids.sudo()
            currency = tickets_sudo.sale_order_id.currency_id[:1] or self.env.company.currency_id
            lines = []
            for tickets in tickets_sudo.grouped("sale_order_id").values():
                lines += refunds_sudo._reckon(tickets, form.how or "rule")
            form.currency_id = currency
            form.amount = to_amount(sum(line["amount"] for line in lines), currency)

    def action_refund(self):
        """Cancel the tickets, order by order.

        :raises UserError: a sentence; nothing was done
        :raises AccessError: beyond the rules, for who is no manager
        """
        self.ensure_one()
        self.registration_ids.check_access("write")
        refunds = self.env["tibillet.ticket.refund"]
        if self.how == "full":
            refunds._check_manager()
        for tickets in self.registration_ids.grouped(lambda one: one.sudo().sale_order_id).values():
            refunds._cancel_tickets(tickets, self.how, "staff")
        return {"type": "ir.actions.act_window_close"}
