from odoo import fields, models


class PosPayment(models.Model):
    _inherit = "pos.payment"

    tibillet_earned = fields.Json(
        string="Points",
        readonly=True,
        copy=False,
        help="Points that this payment gave its card, or that its refund took back.",
    )

    def _tibillet_points(self, refund):
        """What is written beside the split: the points, where there are any."""
        self.ensure_one()
        if refund:
            told = refund._describe_points()
        else:
            till = self.env["tibillet.till"]
            operations_sudo = self._tibillet_operations()
            earned = till._lines_of(operations_sudo).filtered("earned")
            if not earned:
                return {}
            amounts = [(line.asset_id.id, line.amount_minor) for line in earned]
            told = till._describe_earned(amounts, operations_sudo[:1].wallet_id._surviving())
        return {"tibillet_earned": told} if told else {}
