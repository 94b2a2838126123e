from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    tibillet_birth_date = fields.Date(
        string="Birth date",
        groups="tibillet_wallet.tibillet_wallet_group_user",
        help="Kept only if the person wishes it: the till then knows by itself what is sold to "
        "them. Cashiers are told yes or no, never the date.",
    )

    def _tibillet_export(self):
        partner_sudo = self.sudo()  # the caller was checked; the field has a group of its own
        return super()._tibillet_export() | {
            "birth_date": str(partner_sudo.tibillet_birth_date or "")
        }

    def _tibillet_erase(self):
        """The date goes with everything else that we hold of the person."""
        result = super()._tibillet_erase()
        partner_sudo = self.sudo()  # the caller was checked
        partner_sudo.tibillet_birth_date = False
        return result
