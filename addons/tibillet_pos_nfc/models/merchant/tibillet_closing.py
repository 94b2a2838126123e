from odoo import api, fields, models


class TibilletClosing(models.Model):
    _inherit = "tibillet.closing"

    merchant_id = fields.Many2one(
        related="config_id.tibillet_merchant_id", string="Merchant", store=False
    )

    @api.model
    def _content(self, session):
        """A merchant's Z is the merchant's: its name and number, its own perpetual total."""
        content = super()._content(session)
        merchant = session.config_id.tibillet_merchant_id
        if not merchant:
            return content
        who = merchant._identity()
        return content | {
            "organiser": content["company"],
            "company": who["name"],
            "registry": who["registry"],
            "vat_number": who["vat"],
            "merchant": who["stand"],
        }
