"""A promise to give a whole card payment back without the card: it is the till's own sale."""

from odoo import api, models
from odoo.tools import SQL


class TibilletRefund(models.Model):
    _inherit = "tibillet.refund"

    @api.model
    def _promise_whole(self, device, key, payment, amount_minor):
        """Promise all that a payment took to the card that paid it, wherever that card is.

        :param payment: the ``pos.payment`` of the sale that is undone, in sudo
        :returns: the promise, in sudo
        """
        sale_sudo = payment._tibillet_operations().filtered(
            lambda op: op.state == "posted" and op.code == "sale"
        )
        self.env.execute_query(
            SQL(
                """INSERT INTO tibillet_refund (device_id, key, company_id, card_id, payment_id,
                                                amount_minor, promised_at)
                   VALUES (%s, %s, %s, %s, %s, %s, tibillet_now())""",
                device.id,
                key,
                payment.company_id.id,
                sale_sudo.card_id.id,
                payment.id,
                amount_minor,
            )
        )
        self.invalidate_model()
        return self._of(device, key)
