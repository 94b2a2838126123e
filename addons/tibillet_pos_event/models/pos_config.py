from odoo import models


class PosConfig(models.Model):
    _inherit = "pos.config"

    def _notify(self, *args, **kwargs):
        """The same figures on the tills that are open (``event.event.ticket``)."""
        if args and args[0] == "UPDATE_AVAILABLE_SEATS":
            args = (args[0], [self._tibillet_seats_said(row) for row in args[1]], *args[2:])
        return super()._notify(*args, **kwargs)

    def _tibillet_seats_said(self, row):
        rates_sudo = self.env["event.event.ticket"].sudo()  # numbers only, for every till
        rates_sudo = rates_sudo.browse(one["ticket_id"] for one in row["event_ticket_ids"])
        left = rates_sudo.exists()._tibillet_left_each(self)
        kept_sudo = self.env["tibillet.allotment"]._of_till(self)
        mine = kept_sudo.filtered(lambda hold: hold.event_id.id == row["event_id"])
        return {
            **row,
            "seats_available": row["seats_available"] + sum(mine.mapped("remaining")),
            "event_ticket_ids": [
                {
                    **one,
                    "seats_available": one["seats_available"]
                    if left.get(one["ticket_id"]) is None
                    else left[one["ticket_id"]],
                }
                for one in row["event_ticket_ids"]
            ],
        }
