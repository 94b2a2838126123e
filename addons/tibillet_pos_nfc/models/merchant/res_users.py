from odoo import fields, models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = "res.users"

    tibillet_merchant_id = fields.Many2one(
        "tibillet.merchant",
        string="Cashier of a merchant",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="Sees the tills, orders and articles of this merchant, and no others.",
    )

    def write(self, vals):
        if "tibillet_merchant_id" not in vals:
            return super().write(vals)
        if not self.env.su and not self.env.user.has_group("base.group_erp_manager"):
            raise AccessError(self.env._("Whose cashier somebody is, an administrator says."))
        result = super().write(vals)
        self.env.registry.clear_cache()  # what its rules let through
        return result
