from odoo import fields, models
from odoo.exceptions import AccessError


class TibilletFestivalMember(models.Model):
    _inherit = "tibillet.festival.member"

    role = fields.Selection(
        selection_add=[("cashier", "Till")], ondelete={"cashier": lambda rows: rows.unlink()}
    )

    def _group(self):
        if self.role == "cashier":
            return self.env.ref("point_of_sale.group_pos_user")
        return super()._group()

    def _check_giver(self):
        """Who opens tills is decided by a manager of the tills.

        :raises AccessError: for others
        """
        super()._check_giver()
        if self.env.su or "cashier" not in self.mapped("role"):
            return
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(self.env._("A manager of the tills says who sells at them."))
