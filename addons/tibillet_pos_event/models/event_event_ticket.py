from odoo import api, models


class EventEventTicket(models.Model):
    """What a till shows as left of a rate: the least of the rate, its quota and its event."""

    _inherit = "event.event.ticket"

    @api.model
    def _load_pos_data_read(self, records, config):
        """Odoo says 0 of a rate without a maximum in a limited event: nothing would be sold."""
        read = super()._load_pos_data_read(records, config)
        left = records._tibillet_left_each(config)
        for row in read:
            if left.get(row["id"]) is not None:
                row["seats_available"] = left[row["id"]]
        return read

    def _tibillet_left_each(self, config):
        """Rate id → what is left of it at this till, None without limit; one question per event.

        What the till's own devices keep is free for them.
        """
        kept = self.env["tibillet.allotment"]._of_till(config)
        seats, found = self.env["tibillet.seats"].with_context(tibillet_hold_ids=kept.ids), {}
        for event, rates in self.grouped("event_id").items():
            wanted = [(False, rate.id) for rate in rates]
            found.update(zip(rates.ids, seats._left(event, wanted), strict=True))
        return found
