"""One payment for everything: what of an order is money for a card, and who may pay it."""

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .tibillet_topup import CASH_SUFFIX


class PosOrder(models.Model):
    _inherit = "pos.order"

    def action_pos_order_paid(self):
        """Check and credit the top-ups of the order with what was paid in money.

        :raises UserError: with the line and why, before anything is recorded
        """
        result = super().action_pos_order_paid()
        lines = self.lines.filtered(lambda line: line._tibillet_moves_money)
        if lines:
            self._tibillet_settle_top_ups(lines)
        return result

    def _tibillet_has_moved(self):
        """Whether this order is done, and money went onto a card or off it with it."""
        self.ensure_one()
        # in somebody's hands since it was paid: see the cash drawer
        return bool(self.tibillet_shift_id and self.lines.filtered("tibillet_operation_key"))

    def _tibillet_settle_top_ups(self, lines):
        till = self.env["tibillet.till"]
        for line in lines.filtered("tibillet_operation_key"):
            if not line.tibillet_device_id:  # with it, the key stands on one order only
                line.tibillet_device_id = self.tibillet_device_id
        promised = []
        for line in lines:
            amount_minor = till._to_minor(line.price_subtotal_incl, self.currency_id)
            if amount_minor < 0:
                self._tibillet_check_refund_line(line, -amount_minor)
            elif amount_minor:
                promised.append((line, self._tibillet_promise_of(line)))
        if not promised:
            return
        bank_minor = self._tibillet_check_paid_in_money(promised)
        for line, topup_sudo in promised:
            try:
                bank_minor -= topup_sudo._credit(self.session_id, bank_minor)
            except LedgerError as refusal:
                raise LedgerError(
                    refusal.code,
                    self.env._("%(line)s: %(why)s", line=line._tibillet_label(), why=str(refusal)),
                ) from refusal

    def _tibillet_promise_of(self, line):
        device = line.tibillet_device_id or self.tibillet_device_id
        topup_sudo = self.env["tibillet.topup"]._of(device, line.tibillet_operation_key)
        if not topup_sudo or line.refunded_orderline_id:
            raise UserError(
                self.env._(
                    "%(line)s: no card was chosen for it. Take the line off and top up from the "
                    "card's page.",
                    line=line._tibillet_label(),
                )
            )
        topup_sudo._check_line(line)
        return topup_sudo

    def _tibillet_check_refund_line(self, line, amount_minor):
        """Money leaves a card by the card's page or by undoing its top-up, never by a line.

        The card's page makes an order of its own, paid out by the way that the ledger recorded:
        what leaves by bank transfer has none.
        """
        device = line.tibillet_device_id or self.tibillet_device_id
        till = self.env["tibillet.till"]
        key = line.tibillet_operation_key
        operations_sudo = till._operation(device, key) | till._operation(
            device, f"{key}{CASH_SUFFIX}"
        )
        left_sudo = operations_sudo.filtered(
            lambda op: (
                (op.code == "refund" or op.names_id.code == "topup")
                and op.state == "posted"
                and op.company_id == self.company_id
            )
        )
        by_page_sudo = left_sudo.filtered(lambda op: op.code == "refund")
        ways = {payment.payment_method_id._tibillet_means() for payment in self.payment_ids}
        if by_page_sudo and (len(self.lines) > 1 or ways != set(by_page_sudo.mapped("means"))):
            left_sudo = left_sudo.browse()
        paid_minor = sum(
            transfer.amount_minor
            * transfer.asset_id.unit_value_minor
            // 10**transfer.asset_id.scale
            for transfer in left_sudo.transfer_ids
        )
        if paid_minor != amount_minor:
            raise UserError(
                self.env._(
                    "%(line)s: money on a card is paid back from the card's page, not by "
                    "refunding an order. Nothing was paid back.",
                    line=line._tibillet_label(),
                )
            )

    def _tibillet_check_goods_pay_goods(self, promised):
        """What is given back may have been paid with a gift: it buys goods, and loads no card.

        A deposit that comes back was paid in refundable money: it is as good as cash.
        """
        goods = self.lines.filtered(
            lambda line: not line._tibillet_moves_money and not line.product_id.tibillet_deposit
        )
        left = sum(goods.mapped("price_subtotal_incl"))
        if self.currency_id.compare_amounts(left, 0) < 0:
            raise UserError(
                self.env._(
                    "%(lines)s: goods that are given back load no card. Give them back in an "
                    "order of their own, the way they were paid; nothing was loaded.",
                    lines=", ".join(line._tibillet_label() for line, _topup in promised),
                )
            )

    def _tibillet_check_paid_in_money(self, promised):
        """A top-up is paid in cash or by bank card: the rest pays goods only.

        :returns: what came by bank card, in minor units
        :raises UserError: naming the lines that something else would have paid
        """
        till = self.env["tibillet.till"]
        by_means = {}
        for payment in self.payment_ids:
            means = payment.payment_method_id._tibillet_means()
            amount_minor = till._to_minor(payment.amount, self.currency_id)
            by_means[means] = by_means.get(means, 0) + amount_minor
        promised_minor = sum(topup_sudo.price_minor for _line, topup_sudo in promised)
        other_minor = by_means.get(None, 0)
        goods_minor = till._to_minor(self.amount_total, self.currency_id) - promised_minor
        self._tibillet_check_goods_pay_goods(promised)
        if other_minor > max(0, goods_minor):
            raise UserError(
                self.env._(
                    "%(lines)s: a top-up is paid in cash or by bank card, never by a card of "
                    "the venue, a title or on account. Nothing was loaded.",
                    lines=", ".join(line._tibillet_label() for line, _topup in promised),
                )
            )
        return max(0, by_means.get("bank_card", 0))
