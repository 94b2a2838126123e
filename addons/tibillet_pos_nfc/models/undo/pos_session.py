"""The till's door to the undo of a sale."""

from odoo import models


class PosSession(models.Model):
    _inherit = "pos.session"

    def tibillet_undo(self, device, seq, key, order_uuid, reason=None):
        """Undo a paid order, whole: cards, drawer, stock, and a negative order that names it.

        :param device: the till's credential
        :param seq: the act's number in the till's own count, without gap
        :param key: the till's key of this act, repeated in retries
        :param order_uuid: the order's own number, as the till gave it
        :param reason: why; asked of a manager who undoes another than the till's last sale
        :returns: ``{"ok", "code": "undone", "message", "order_id", "amount_minor", "split",
            "todo": [sentence…]}``: what went back to cards, and what is left to do by hand
        """
        return self._tibillet_answer(
            lambda: self.env["tibillet.undo"]._ask(
                self, self._tibillet_device(device), seq, key, order_uuid, reason
            ),
            numbered=True,
        )
