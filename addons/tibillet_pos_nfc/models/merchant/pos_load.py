"""What a merchant's till shows as the company that sells: its receipts bear its name."""

from odoo import api, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    @api.model
    def _load_pos_data_read(self, records, config):
        read = super()._load_pos_data_read(records, config)
        merchant = config.tibillet_merchant_id
        if read:
            read[0]["_tibillet_merchant"] = merchant._identity() if merchant else False
        if read and merchant:
            header = [merchant._receipt_header(), read[0].get("receipt_header")]
            read[0]["receipt_header"] = "\n".join(filter(None, header))
        return read


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _load_pos_data_read(self, records, config):
        read = super()._load_pos_data_read(records, config)
        if config.tibillet_merchant_id:
            who = config.tibillet_merchant_id._identity()
            for row in read:
                row |= {
                    "name": who["name"],
                    "company_registry": who["registry"],
                    "state_id": False,
                } | {
                    name: who[name] or False
                    for name in ("vat", "street", "zip", "city", "phone", "email", "website")
                }
        return read
