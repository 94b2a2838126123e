from odoo import api, models

from odoo.addons.tibillet_wallet.models.tibillet_outbox import Handler


class TibilletOutbox(models.Model):
    _inherit = "tibillet.outbox"

    @api.model
    def _handlers(self):
        return {
            **super()._handlers(),
            "ticket_refund": Handler("tibillet.ticket.refund.part", "_send", timeout_s=30),
        }
