from odoo import fields, models
from odoo.exceptions import UserError


class TibilletEventNewRate(models.TransientModel):
    """One more rate of a new event; everything else of a rate is set on the event itself."""

    _name = "tibillet.event.new.rate"
    _description = "Rate of a new event"
    _order = "id"

    new_id = fields.Many2one("tibillet.event.new", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="new_id.currency_id")
    name = fields.Char(string="Rate", required=True)
    price = fields.Monetary(help="0: free.")
    seats_max = fields.Integer(string="Seats at most", help="0: as many as the event has.")

    def _check(self):
        """:raises UserError: on a rate that cannot be"""
        for rate in self:
            if not (rate.name or "").strip():
                raise UserError(self.env._("Give every rate a name."))
            if rate.price < 0:
                raise UserError(self.env._("The price of “%s” is 0 for free, or more.", rate.name))
            if rate.seats_max < 0:
                raise UserError(
                    self.env._(
                        "The seats of “%s” are a number, or 0 for as many as the event has.",
                        rate.name,
                    )
                )

    def _ticket_values(self):
        return [
            {
                "name": rate.name.strip(),
                "price": rate.price,
                "seats_max": rate.seats_max,
                "sequence": sequence,
            }
            for sequence, rate in enumerate(self, start=2)
        ]
