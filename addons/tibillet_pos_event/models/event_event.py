from odoo import api, models


class EventEvent(models.Model):
    _inherit = "event.event"

    @api.model
    def _load_pos_data_read(self, records, config):
        """What the till's own devices keep is free for this till."""
        kept = self.env["tibillet.allotment"]._of_till(config)
        return super()._load_pos_data_read(records.with_context(tibillet_hold_ids=kept.ids), config)
