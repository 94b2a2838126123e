from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import SeatsError

CALLED_OFF_AT_ONCE = 100


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    tibillet_called_off = fields.Boolean(
        string="Called off with its seats",
        readonly=True,
        help="The seats' time ran out; a success that comes later is seated or paid back.",
    )
    tibillet_too_late = fields.Boolean(
        string="Paid too late",
        readonly=True,
        help="Paid when the seats were gone: what was paid goes back.",
    )

    # -- time ran out -------------------------------------------------------------------

    @api.model
    def _tibillet_cron_call_off(self):
        """Cancel payments under way whose seats' time is over, before the seats go back.

        A job of its own, whose end is committed before the one that gives seats back begins.
        A transfer that is announced and on its way (provider *custom*) is not a payment that a
        visitor is typing: it stays, and is seated or paid back when it comes.
        """
        self.env["event.registration"].flush_model(["state"])
        self.flush_model(["state", "tibillet_called_off"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT t.id FROM payment_transaction t
                  JOIN payment_provider p ON p.id = t.provider_id AND p.code <> 'custom'
                  JOIN sale_order_transaction_rel l ON l.transaction_id = t.id
                  JOIN event_registration r ON r.sale_order_id = l.sale_order_id
                 WHERE t.state IN ('draft', 'pending')
                   AND NOT COALESCE(t.tibillet_called_off, false)
                   AND r.state = 'draft' AND r.tibillet_hold_until <= tibillet_now()
                 LIMIT %s
                """,
                CALLED_OFF_AT_ONCE,
            )
        )
        for transaction in self.browse([row[0] for row in rows]):
            transaction.tibillet_called_off = True
            transaction._set_canceled(state_message=self.env._("The time for these seats ran out."))

    def _set_done(self, *, state_message=None, extra_allowed_states=()):
        """A success that comes after we called the payment off is money: it is not ignored."""
        called_off = self.filtered("tibillet_called_off")
        result = super(PaymentTransaction, self - called_off)._set_done(
            state_message=state_message, extra_allowed_states=extra_allowed_states
        )
        if called_off:
            result |= super(PaymentTransaction, called_off)._set_done(
                state_message=state_message,
                extra_allowed_states=(*extra_allowed_states, "cancel"),
            )
        return result

    def _set_authorized(self, *, state_message=None, extra_allowed_states=()):
        """As for a success: an authorisation that comes late is voided, not forgotten."""
        called_off = self.filtered("tibillet_called_off")
        result = super(PaymentTransaction, self - called_off)._set_authorized(
            state_message=state_message, extra_allowed_states=extra_allowed_states
        )
        if called_off:
            result |= super(PaymentTransaction, called_off)._set_authorized(
                state_message=state_message,
                extra_allowed_states=(*extra_allowed_states, "cancel"),
            )
        return result

    # -- it was paid --------------------------------------------------------------------

    def _check_amount_and_confirm_order(self):
        """Nothing raises after payment: who finds no seat any more is paid back and told."""
        confirmed = self.env["sale.order"]
        for transaction in self:
            if transaction._tibillet_seats_are_there():
                confirmed |= super(
                    PaymentTransaction, transaction
                )._check_amount_and_confirm_order()
            elif not transaction.tibillet_too_late:
                transaction._tibillet_came_too_late()
        return confirmed

    def _tibillet_seats_are_there(self):
        """Take again the seats of an order that is about to be confirmed."""
        self.ensure_one()
        orders = self.sale_order_ids.filtered(lambda order: order.state in ("draft", "sent"))
        waiting = orders.tibillet_registration_ids.filtered(
            lambda one: one.state == "draft" and not one.tibillet_seated
        )
        if not waiting:
            return True
        try:
            waiting.write({"tibillet_hold_until": self.env["tibillet.seats"]._deadline(5)})
        except SeatsError:
            return False
        return True

    def _tibillet_came_too_late(self):
        """The seats are gone: cancel the order, pay back, tell the buyer in their language."""
        self.ensure_one()
        self.tibillet_too_late = True
        orders = self.sale_order_ids
        orders._action_cancel()
        self.env["tibillet.outbox"]._enqueue(
            "seats_back", f"seats-back:{self.id}", {"transaction": self.id}, self.company_id
        )
        template = self.env.ref("tibillet_event.mail_template_too_late")
        for order in orders:
            template.send_mail(order.id)

    def _tibillet_pay_back(self, key, payload, timeout_s):
        """Pay back a payment that came too late (a row of the outbox)."""
        transaction = self.browse(payload["transaction"]).exists()
        if not transaction or not transaction.tibillet_too_late:
            return
        back = transaction.child_transaction_ids.filtered(
            lambda child: child.operation == "refund" and child.state not in ("cancel", "error")
        )
        if back or transaction.state == "cancel":
            return
        if transaction.state == "authorized":
            transaction._void()
        elif transaction.provider_id.support_refund in (False, "none"):
            transaction._tibillet_ask_to_pay_back()
        else:
            transaction._refund()

    def _tibillet_ask_to_pay_back(self):
        """The provider cannot: somebody does it by hand, and it is not forgotten."""
        for order in self.sale_order_ids:
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Pay back %s", self.reference),
                note=self.env._(
                    "The payment came when the seats were gone, and %(provider)s pays nothing back "
                    "by itself: pay %(amount)s back by hand.",
                    provider=self.provider_id.name,
                    amount=self.currency_id.format(self.amount),
                ),
                user_id=(order.user_id or order.company_id.sudo().user_ids[:1]).id or None,
            )
