from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    tibillet_merchant_id = fields.Many2one(
        "tibillet.merchant",
        string="Own money of the merchant",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="What comes by this method the merchant keeps: it is noted, and in no books here.",
    )

    @api.constrains("tibillet_merchant_id", "journal_id", "split_transactions")
    def _check_tibillet_merchant(self):
        for method in self.filtered("tibillet_merchant_id"):
            if method.journal_id or method.split_transactions or method._tibillet_is_wallet:
                raise ValidationError(
                    self.env._(
                        "“%s” is the merchant's own money: it has no journal here.", method.name
                    )
                )
