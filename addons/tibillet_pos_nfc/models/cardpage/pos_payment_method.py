from odoo import fields, models


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    tibillet_goods_only = fields.Boolean(
        string="Pays goods only",
        help="A meal voucher, a cheque for the holidays, a culture pass: by law it pays goods, "
        "never a top-up of a card.",
    )

    def _tibillet_means(self):
        """How money came by this method: ``cash``, ``bank_card``, or None when it was none."""
        self.ensure_one()
        if self._tibillet_is_wallet or self.tibillet_goods_only:
            return None
        return {"cash": "cash", "bank": "bank_card"}.get(self.type)

    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "tibillet_goods_only"]
