from datetime import timedelta

from odoo import fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    def _tibillet_festivals_now(self):
        """The festivals of which this is a till these days, a week before and a day after."""
        self.ensure_one()
        festivals_sudo = self.env["tibillet.festival"].sudo()  # of the till, whoever opens it
        today = fields.Date.context_today(
            self.with_context(tz=self.company_id.partner_id.tz or self.env.user.tz or "UTC")
        )
        return festivals_sudo.search(
            [
                ("till_ids", "in", self.ids),
                ("date_from", "<=", today + timedelta(days=7)),
                ("date_to", ">=", today - timedelta(days=1)),
            ]
        )
