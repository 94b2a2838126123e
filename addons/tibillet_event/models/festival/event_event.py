from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EventEvent(models.Model):
    """A day or a concert of a festival."""

    _inherit = "event.event"

    tibillet_festival_id = fields.Many2one(
        "tibillet.festival",
        string="Festival",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.constrains("tibillet_festival_id", "company_id")
    def _check_tibillet_festival(self):
        for event in self:
            festival = event.tibillet_festival_id
            if festival and festival.company_id != event.company_id:
                raise ValidationError(
                    self.env._(
                        "%(event)s is another place's: it cannot be of %(festival)s.",
                        event=event.name,
                        festival=festival.name,
                    )
                )

    def _tibillet_festival_day(self):
        """The day it belongs to, by the clock of its place; a late one is the day before's."""
        self.ensure_one()
        local = self.with_context(tz=self.date_tz or "UTC")
        begin = fields.Datetime.context_timestamp(local, self.date_begin)
        return fields.Date.subtract(begin.date(), days=1 if begin.hour < 5 else 0)
