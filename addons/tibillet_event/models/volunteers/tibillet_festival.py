from odoo import fields, models


class TibilletFestival(models.Model):
    _inherit = "tibillet.festival"

    tibillet_shift_ids = fields.One2many(
        "tibillet.shift",
        "festival_id",
        string="Shifts",
        groups="event.group_event_registration_desk",
    )

    def action_tibillet_shifts(self):
        """The planning of the festival's volunteers."""
        self.ensure_one()
        return self.env["tibillet.shift"]._planning(self)

    def _tibillet_open_shifts(self):
        """Shifts that anybody may sign up for, of the festival and its events, in sudo."""
        self.ensure_one()
        return self.env["tibillet.shift"]._open(
            [
                "|",
                ("festival_id", "=", self.id),
                "&",
                ("event_id.tibillet_festival_id", "=", self.id),
                ("event_id.is_published", "=", True),
            ]
        )
