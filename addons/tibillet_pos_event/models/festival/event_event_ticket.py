from odoo import api, models


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

    @api.model
    def _load_pos_data_domain(self, data, config):
        """A till of a festival shows that festival, while it lasts."""
        domain = super()._load_pos_data_domain(data, config)
        festivals_sudo = config._tibillet_festivals_now()
        if not festivals_sudo:
            return domain
        shown = festivals_sudo.event_ids | festivals_sudo.pass_event_id
        return [*domain, ("event_id", "in", shown.ids)]
