from odoo import models

CHANNEL = "tibillet_live"


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Who reads the live page hears of its companies, and nobody else does."""
        if CHANNEL in channels:
            channels = [channel for channel in channels if channel != CHANNEL]
            if self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_manager"):
                channels += [(company, CHANNEL) for company in self.env.user.company_ids]
        return super()._build_bus_channel_list(channels)
