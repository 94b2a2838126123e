from odoo import api, models


class EventQuestion(models.Model):
    _inherit = "event.question"

    @api.model
    def _load_pos_data_search_read(self, data, config):
        """Questions of the events on the till: whoever sells asks them."""
        return super(EventQuestion, self.sudo())._load_pos_data_search_read(data, config)
