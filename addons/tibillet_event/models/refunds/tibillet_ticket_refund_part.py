from odoo import fields, models
from odoo.exceptions import UserError

STATES = [
    ("waiting", "On its way"),
    ("sent", "Sent to the provider"),
    ("by_hand", "To be paid by hand"),
    ("paid", "Paid back by hand"),
]


class TibilletTicketRefundPart(models.Model):
    """A sum that goes back the way one payment came."""

    _name = "tibillet.ticket.refund.part"
    _description = "Part of a refund"
    _order = "id"

    refund_id = fields.Many2one(
        "tibillet.ticket.refund", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="refund_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="refund_id.currency_id")
    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Payment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    back_transaction_id = fields.Many2one(
        "payment.transaction",
        string="Payment back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(STATES, required=True, default="waiting", readonly=True)

    _some = models.Constraint("CHECK (amount > 0)", "A part of a refund is more than nothing.")

    def _begin(self):
        """Have the provider asked after this transaction commits, or somebody asked by hand.

        The payment back is written now: who is killed between the provider's answer and the
        commit finds the same reference again, by which a provider knows what it has done.
        """
        for part in self:
            transaction = part.transaction_id
            if not transaction._tibillet_pays_back(part.amount):
                part._ask_by_hand()
                continue
            part.back_transaction_id = transaction._create_child_transaction(
                part.amount,
                is_refund=True,
                **(
                    {"invoice_ids": [(6, 0, part.refund_id.credit_note_id.ids)]}
                    if part.refund_id.credit_note_id
                    else {}
                ),
            )
            self.env["tibillet.outbox"]._enqueue(
                "ticket_refund", f"ticket-refund:{part.id}", {"part": part.id}, part.company_id
            )

    def _send(self, key, payload, timeout_s):
        """Ask the provider for one payment back (a row of the outbox); twice is once."""
        part = self.browse(payload["part"]).exists()
        back = part.back_transaction_id
        if part.state != "waiting" or not back:
            return
        if back.state == "draft":
            back._log_sent_message()
            try:
                back._ensure_provider_is_not_disabled()
                back._send_refund_request()
            except UserError as error:
                back._set_error(str(error))
        if part.state == "waiting":
            part.state = "sent"

    def _ask_by_hand(self):
        """What no provider pays back is asked of somebody, and not forgotten."""
        for part in self:
            part.state = "by_hand"
            order = part.refund_id.order_id
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Pay back %s", order.name),
                note=self.env._(
                    "Tickets were cancelled, and %(way)s does not pay back by itself: pay "
                    "%(amount)s back by hand, then say so on the refund.",
                    way=part.transaction_id.provider_id.name or self.env._("the payment's way"),
                    amount=part.currency_id.format(part.amount),
                ),
                user_id=(order.user_id or order.company_id.sudo().user_ids[:1]).id or None,
            )

    def action_paid(self):
        """Somebody has paid it back by hand.

        :raises UserError: when there is nothing to pay by hand
        """
        self.check_access("read")
        self.refund_id._check_manager()
        for part in self:
            if part.state != "by_hand":
                raise UserError(self.env._("Nothing of this is to be paid by hand."))
            part_sudo = part.sudo()  # written by this act alone
            part_sudo.state = "paid"
            part_sudo.refund_id.order_id.message_post(
                body=self.env._("%s paid back by hand.", part.currency_id.format(part.amount))
            )
