from odoo import api, models


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _load_pos_data_models(self, config):
        return [
            *super()._load_pos_data_models(config),
            "tibillet.offer.reason",
            "tibillet.happy.hour",
        ]

    def tibillet_time(self):
        """The server's time, asked when a till starts.

        :returns: ``{"ok", "code", "message", "now_ms"}``
        """
        return self._tibillet_answer(self.env["tibillet.till"]._time)
