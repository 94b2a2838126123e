from odoo import api, models

from odoo.addons.tibillet_wallet.models.tibillet_outbox import Handler


class TibilletOutbox(models.Model):
    _inherit = "tibillet.outbox"

    @api.model
    def _handlers(self):
        return {
            **super()._handlers(),
            "seats_back": Handler("payment.transaction", "_tibillet_pay_back", timeout_s=30),
        }
