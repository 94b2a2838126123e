from odoo import models
from odoo.exceptions import UserError


class PosOrder(models.Model):
    _inherit = "pos.order"

    def action_pos_order_paid(self):
        """Cups that money pays go by the rules of those that a card pays.

        :raises UserError: for another rate than theirs, and for more at once than a cashier takes
        """
        for order in self:
            order._tibillet_check_cups()
        return super().action_pos_order_paid()

    def _tibillet_check_cups(self):
        """What a card has paid was looked at when it was tapped, and has taken place."""
        cups = self.lines.filtered(
            lambda line: line.product_id.tibillet_deposit and not line.refunded_orderline_id
        )
        if not cups or self.payment_ids._tibillet_wallet_lines():
            return
        for line in cups:
            whole = line.qty * line.product_id.list_price
            if self.currency_id.compare_amounts(line.price_subtotal_incl, whole):
                raise UserError(
                    self.env._(
                        "“%(cup)s” has one rate, without discount: %(rate)s.",
                        cup=line.product_id.display_name,
                        rate=self.currency_id.format(line.product_id.list_price),
                    )
                )
        count = -sum(line.qty for line in cups if line.qty < 0)
        most = self.config_id.tibillet_deposit_max
        if count > most and not self._tibillet_is_by_manager():
            raise UserError(
                self.env._(
                    "%(count)s cups at once: a cashier takes back %(most)s. Call a manager, "
                    "nothing was given back.",
                    count=f"{count:g}",
                    most=most,
                )
            )

    def _tibillet_is_by_manager(self):
        """A manager who is signed in, or one whose badge the till has read."""
        if self.env["tibillet.undo"]._is_manager():
            return True
        order_sudo = self.sudo()  # a cashier reads no employee
        config_sudo, badge_sudo = order_sudo.config_id, order_sudo.employee_id
        user_sudo = badge_sudo.user_id
        return config_sudo.module_pos_hr and (
            badge_sudo in config_sudo.advanced_employee_ids
            or bool(user_sudo and user_sudo.has_group("point_of_sale.group_pos_manager"))
        )
