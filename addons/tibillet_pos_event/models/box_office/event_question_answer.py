from odoo import api, models


class EventQuestionAnswer(models.Model):
    _inherit = "event.question.answer"

    @api.model
    def _load_pos_data_search_read(self, data, config):
        """What may be answered to the questions of the till's events."""
        return super(EventQuestionAnswer, self.sudo())._load_pos_data_search_read(data, config)
