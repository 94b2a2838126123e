from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class PosConfig(models.Model):
    _inherit = "pos.config"

    tibillet_merchant_id = fields.Many2one(
        "tibillet.merchant",
        string="Merchant",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="This till is a stand of its own company: what it sells is none of our turnover.",
    )

    def write(self, vals):
        if "tibillet_merchant_id" in vals:
            self._tibillet_check_merchant_change(vals["tibillet_merchant_id"])
            if vals["tibillet_merchant_id"]:  # its people read no article of ours
                vals = {**vals, "iface_tipproduct": False, "tip_product_id": False}
        return super().write(vals)

    def _tibillet_check_merchant_change(self, merchant_id):
        """What a till has sold stays whose it was.

        :raises AccessError: for who is no manager of tills and of merchants
        :raises UserError: for a till that sold already
        """
        changed = self.filtered(lambda one: one.tibillet_merchant_id.id != (merchant_id or False))
        if not changed:
            return
        if not self.env.su and not self.env["tibillet.merchant"]._may_set_up():
            raise AccessError(self.env._("Only a manager says whose till it is."))
        for config in changed:
            if config.sudo().session_ids:
                raise UserError(
                    self.env._(
                        "%s has sold already: make a new till for the merchant, so that what was "
                        "sold stays whose it was.",
                        config.name,
                    )
                )

    @api.constrains("tibillet_merchant_id", "company_id", "payment_method_ids")
    def _check_tibillet_merchant(self):
        for config in self:
            merchant = config.tibillet_merchant_id
            if merchant and merchant.company_id != config.company_id:
                raise ValidationError(
                    self.env._(
                        "%(till)s and %(merchant)s are of two places.",
                        till=config.name,
                        merchant=merchant.name,
                    )
                )
            own = config.payment_method_ids.filtered("tibillet_merchant_id")
            if own.tibillet_merchant_id - merchant:
                raise ValidationError(
                    self.env._("%s would take the money of another merchant.", config.name)
                )

    def _check_before_creating_new_session(self):
        self._tibillet_check_opened_by()
        return super()._check_before_creating_new_session()

    def _tibillet_check_opened_by(self):
        """A merchant's till is opened by its own people, or by a manager, while it sells; its
        people open no other till.

        :raises UserError: with what to do
        """
        for config in self:
            merchant, user = config.tibillet_merchant_id, self.env.user
            if user.tibillet_merchant_id and user.tibillet_merchant_id != merchant:
                raise AccessError(
                    self.env._(
                        "You are a cashier of %s: open its till.", user.tibillet_merchant_id.name
                    )
                )
            if not merchant:
                continue
            if not user.tibillet_merchant_id and not self.env["tibillet.undo"]._is_manager():
                raise UserError(
                    self.env._(
                        "%(till)s is the till of %(merchant)s: its own people open it, or a "
                        "manager.",
                        till=config.name,
                        merchant=merchant.sudo().name,
                    )
                )
            merchant._check_sells()

    def _get_special_products(self):
        """A merchant's people read its articles only: no tip, no top-up, no discount of ours."""
        if self.env.user.tibillet_merchant_id:
            return self.env["product.product"]
        return super()._get_special_products()
