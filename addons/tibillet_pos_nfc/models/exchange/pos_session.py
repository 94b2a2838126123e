"""The closing: what was sold for time is turnover and tax at its usual price, where the seller
declares it; nobody paid it, so its other side is an expense and no clearing."""

from odoo import models


class PosSession(models.Model):
    _inherit = "pos.session"

    def _accumulate_amounts(self, data):
        data = super()._accumulate_amounts(data)
        total = 0.0
        for order in self._get_closed_orders():
            base_lines = order.lines._tibillet_declared_base_lines()
            if base_lines:
                results = order._tibillet_gift_taxes(base_lines)
                self._tibillet_add_sales(data, order, results)
                found = [one for _line, one in results["base_lines_to_update"]]
                found += results["tax_lines_to_add"]
                total -= sum(one["amount_currency"] for one in found)
        data["tibillet_exchanged"] = self.currency_id.round(total)
        return data

    def _create_non_reconciliable_move_lines(self, data):
        data = super()._create_non_reconciliable_move_lines(data)
        amount = data.get("tibillet_exchanged", 0)
        if self.currency_id.is_zero(amount):
            return data
        account = self.env["tibillet.book.account"]._account(self.company_id, "exchange")
        values = {
            "name": self.env._("Sold for time, %(session)s", session=self.name),
            "account_id": account.id,
            "move_id": self.move_id.id,
        }
        converted = self._amount_converter(amount, self.start_at, True)
        if amount > 0:
            line = self._debit_amounts(values, amount, converted)
        else:
            line = self._credit_amounts(values, -amount, -converted)
        data["MoveLine"].create(line)
        return data
