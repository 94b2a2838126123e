from odoo import api, fields, models
from odoo.exceptions import UserError


class PosOrder(models.Model):
    _inherit = "pos.order"

    tibillet_merchant_id = fields.Many2one(
        related="session_id.config_id.tibillet_merchant_id", string="Merchant"
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._tibillet_without_invoice()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("to_invoice"):
            self._tibillet_without_invoice()
        return result

    def _tibillet_without_invoice(self):
        """The sale is recorded; the invoice is the merchant's to make, never ours."""
        orders = self.filtered("to_invoice")
        orders = orders.filtered(lambda order: order.sudo().tibillet_merchant_id)
        if orders:
            orders.to_invoice = False

    def _generate_pos_order_invoice(self):
        merchant_sudo = self.sudo().tibillet_merchant_id[:1]  # its name
        if merchant_sudo:
            raise UserError(
                self.env._(
                    "%s sold this: the invoice is its own, and no sale of ours.",
                    merchant_sudo.partner_id.name,
                )
            )
        return super()._generate_pos_order_invoice()
