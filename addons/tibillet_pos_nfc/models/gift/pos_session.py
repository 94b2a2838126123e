"""The closing: what the place itself had given is neither turnover, tax nor money received."""

from odoo import models
from odoo.tools import frozendict


class PosSession(models.Model):
    _inherit = "pos.session"

    def _accumulate_amounts(self, data):
        data = super()._accumulate_amounts(data)
        for order in self._get_closed_orders():
            base_lines = not order.is_invoiced and order.lines._tibillet_gift_base_lines()
            if base_lines:
                self._tibillet_lower_sales(data, order, base_lines)
                self._tibillet_lower_cards(data, order)
        return data

    def _tibillet_lower_sales(self, data, order, base_lines):
        self._tibillet_add_sales(data, order, order._tibillet_gift_taxes(base_lines))

    def _tibillet_add_sales(self, data, order, results):
        """Add what Odoo's tax engine made of some lines to what is to be booked."""
        for base_line, found in results["base_lines_to_update"]:
            key = frozendict(self._get_sale_key(base_line))
            sums = {"amount": found["amount_currency"], "amount_converted": found["balance"]}
            data["sales"][key] = self._update_amounts(data["sales"][key], sums, order.date_order)
        for tax_line in results["tax_lines_to_add"]:
            key = (
                tax_line["account_id"],
                tax_line["tax_repartition_line_id"],
                tuple(tax_line["tax_tag_ids"][0][2]),
            )
            sums = {
                "amount": tax_line["amount_currency"],
                "amount_converted": tax_line["balance"],
                "base_amount": tax_line["tax_base_amount"],
            }
            data["taxes"][key] = self._update_amounts(data["taxes"][key], sums, order.date_order)

    def _tibillet_lower_cards(self, data, order):
        cards = data["combine_receivables_pay_later"]
        for payment in order.payment_ids.filtered("tibillet_gift"):
            method = payment.payment_method_id
            cards[method] = self._update_amounts(
                cards[method],
                {"amount": -payment._tibillet_not_received()},
                payment.payment_date,
            )
            if self.currency_id.is_zero(cards[method]["amount"]):
                del cards[method]
