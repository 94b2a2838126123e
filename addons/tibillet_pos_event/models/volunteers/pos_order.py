from odoo import api, models

from ..event_registration import PAID


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _process_order(self, order, existing_order):
        """Goods of day rights that are handed out stay taken; what comes back is free again."""
        result = super()._process_order(order, existing_order)
        if order.get("state") in PAID:
            self.browse(result)._tibillet_day_rights()
        return result

    def _tibillet_day_rights(self):
        rights = self.env["tibillet.day.right"]
        lines_sudo = self.sudo().lines  # of the cashier's own order
        back_sudo = lines_sudo.refunded_orderline_id.filtered("tibillet_day_right")
        if back_sudo:
            for use in rights._uses_of(back_sudo).values():
                use._undo()
        said_sudo = lines_sudo.filtered(lambda line: line.tibillet_day_right and line.qty > 0)
        if not said_sudo:
            return
        for line_sudo, use in rights._uses_of(said_sudo).items():
            if use.undone:  # given back while the till had no network: it was handed out
                use.right_id._take(
                    use.partner_id or use.card_id,
                    f"{use.key}~late",
                    line_sudo.product_id,
                    use.at,
                    late=True,
                )
