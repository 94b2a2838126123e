from odoo import api, models


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

    @api.model
    def _load_pos_data_domain(self, data, config):
        """No till sells what is by invitation."""
        return [*super()._load_pos_data_domain(data, config), ("tibillet_invitation", "=", False)]

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "tibillet_free_price",
            "tibillet_min_per_order",
            "tibillet_nominative",
        ]
