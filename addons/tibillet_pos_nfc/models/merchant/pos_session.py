from odoo import api, fields, models


class PosSession(models.Model):
    _inherit = "pos.session"

    tibillet_merchant_id = fields.Many2one(
        related="config_id.tibillet_merchant_id", string="Merchant", store=True, index=True
    )
    tibillet_statement_id = fields.Many2one(
        "tibillet.merchant.statement",
        string="Statement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="tibillet_wallet.tibillet_wallet_group_accountant",
    )

    @api.model_create_multi
    def create(self, vals_list):
        configs = self.env["pos.config"].browse(
            vals.get("config_id") or self.env.context.get("default_config_id") for vals in vals_list
        )
        configs.exists()._tibillet_check_opened_by()
        return super().create(vals_list)
