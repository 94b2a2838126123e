"""Points go back with the money that earned them."""

from odoo import models


class TibilletRefund(models.Model):
    _inherit = "tibillet.refund"

    def _earned_back(self):
        """Lines of points that this refund takes back, to post with it (none for a deposit)."""
        return self._points_back()[0]

    def _points_back(self):
        """``(lines, forgiven)`` of the ledger; nothing for a refund that names no sale."""
        self.ensure_one()
        if not self.payment_id:
            return [], {}
        sales_sudo = self.payment_id._tibillet_operations().filtered(
            lambda op: op.state == "posted" and op.code == "sale"
        )
        ledger_sudo = self.env["tibillet.ledger"].sudo()  # cashiers read no accounts
        return ledger_sudo._earned_back(sales_sudo, self._given_before(), self.amount_minor)

    def _describe_points(self):
        """What the receipt of the refund says of points, before it is posted or after."""
        till = self.env["tibillet.till"]
        operation_sudo = self._operation()
        if operation_sudo:
            taken_sudo = operation_sudo.transfer_ids.filtered("earned")
            amounts = [(line.asset_id.id, -line.amount_minor) for line in taken_sudo]
            return till._describe_earned(amounts, operation_sudo.wallet_id) if amounts else []
        lines, forgiven = self._points_back()
        accounts_sudo = self.env["tibillet.account"].sudo()  # of the card that paid
        amounts = dict.fromkeys(forgiven, 0)
        for debit, _credit, minor in lines:
            amounts[accounts_sudo.browse(debit).asset_id.id] = -minor
        if not amounts:
            return []
        told = till._describe_earned(list(amounts.items()), self.card_id.wallet_id._surviving())
        for row, (asset_id, minor) in zip(told, amounts.items(), strict=True):
            row["total_minor"] += minor
            row["forgiven_minor"] = forgiven.get(asset_id, 0)
        return told
