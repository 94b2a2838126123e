from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What the show is, as the quarterly declaration asks (SIBIL; practice-france 17).
DOMAINS = [
    ("music", "Music"),
    ("variety", "Variety"),
    ("theatre", "Theatre"),
    ("dance", "Dance"),
    ("circus", "Circus, street arts"),
    ("humour", "Humour, one-person show"),
    ("opera", "Opera, musical theatre"),
    ("young", "For children"),
    ("other", "Another kind of show"),
]


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_series_numbers_id = fields.Many2one(
        "tibillet.ticket.series",
        string="Series of numbers",
        domain="[('company_id', '=', company_id)]",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the organiser's series A.",
    )
    tibillet_show_domain = fields.Selection(
        DOMAINS, string="Kind of show", help="Empty: not a show; it is in no declaration of shows."
    )

    @api.constrains("tibillet_series_numbers_id", "company_id")
    def _check_tibillet_series(self):
        for event in self.sudo():  # a series that the writer may not read is refused all the same
            series = event.tibillet_series_numbers_id
            if series and series.company_id != event._tibillet_organiser():
                raise ValidationError(
                    self.env._("The series %s belongs to another organiser.", series.name)
                )

    def _tibillet_organiser(self):
        """Whose tickets these are."""
        self.ensure_one()
        return self.company_id or self.env.company

    def _tibillet_series(self):
        """The series that numbers this event's tickets, in sudo."""
        self.ensure_one()
        chosen_sudo = self.sudo().tibillet_series_numbers_id  # whoever's act gives a number
        return chosen_sudo or self.env["tibillet.ticket.series"]._first_of(
            self._tibillet_organiser()
        )
