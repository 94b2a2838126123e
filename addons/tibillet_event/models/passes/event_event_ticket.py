from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class EventEventTicket(models.Model):
    """A pass is a rate that opens other events: it takes a seat in the door of each."""

    _inherit = "event.event.ticket"

    tibillet_pass_event_ids = fields.Many2many(
        "event.event",
        "tibillet_pass_event_rel",
        "ticket_id",
        "event_id",
        string="Pass for",
        domain="[('id', '!=', event_id), ('is_multi_slots', '=', False)]",
        help="Events that this rate opens: whoever buys it has a seat in each, or in none.",
    )

    @api.constrains("tibillet_pass_event_ids", "event_id")
    def _check_tibillet_pass(self):
        for rate in self.filtered("tibillet_pass_event_ids"):
            for event in rate.tibillet_pass_event_ids:
                if reason := rate._tibillet_no_pass_for(event):
                    raise ValidationError(reason)

    def _tibillet_no_pass_for(self, event):
        """Why this rate cannot be a pass for the event, or an empty text."""
        self.ensure_one()
        if event == self.event_id:
            return self.env._("“%s”: a pass opens other events than its own.", self.name)
        if event.company_id != self.event_id.company_id:
            return self.env._("“%(rate)s”: %(event)s is another place's.", **self._named(event))
        if event.is_multi_slots:
            return self.env._(
                "“%(rate)s”: %(event)s has slots, and a pass does not choose one.",
                **self._named(event),
            )
        # sudo: whether it opens events is asked of all its rates, archived ones too
        rates_sudo = event.sudo().with_context(active_test=False).event_ticket_ids
        if rates_sudo.tibillet_pass_event_ids:
            return self.env._(
                "“%(rate)s”: %(event)s sells passes itself, and a pass opens no pass.",
                **self._named(event),
            )
        return ""

    def _named(self, event):
        return {"rate": self.name, "event": event.name}

    def write(self, vals):
        """What somebody bought stays what it was: only cancelled events leave a sold pass.

        :raises UserError: for another change of a pass that is sold or in a basket
        """
        if "tibillet_pass_event_ids" not in vals:
            return super().write(vals)
        used = self._tibillet_in_use()
        before = {rate: rate.tibillet_pass_event_ids for rate in used}
        result = super().write(vals)
        for rate, events in before.items():
            gone = events - rate.tibillet_pass_event_ids
            added = rate.tibillet_pass_event_ids - events
            if added or gone.filtered(lambda event: event.kanban_state != "cancel"):
                raise UserError(
                    self.env._(
                        "“%s” is sold already, with the events that it had. Make another pass "
                        "for other events.",
                        rate.name,
                    )
                )
        return result

    # -- what it opens, and how many are left ----------------------------------------------------

    def _tibillet_pass_events(self):
        """Events in which a pass sold now takes a seat: neither cancelled nor over.

        Empty for a rate that is no pass.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        events_sudo = self.sudo().tibillet_pass_event_ids  # one that is not published counts too
        return events_sudo.filtered(
            lambda event: event.active and event.kanban_state != "cancel" and event.date_end > now
        ).sorted("id")

    def _tibillet_pass_left(self):
        """Rate id → seats of the fullest event that it opens; without those that are no passes
        or open events without limit only."""
        left = {}
        passes_sudo = self.sudo().filtered("tibillet_pass_event_ids")  # numbers only
        passes_sudo.tibillet_pass_event_ids.mapped("seats_available")  # of all of them at once
        for rate in passes_sudo:
            limited = rate._tibillet_pass_events().filtered(
                lambda event: event.seats_limited and event.seats_max
            )
            if limited:
                left[rate._origin.id] = min(limited.mapped("seats_available"))
        return left

    @api.depends("tibillet_pass_event_ids.seats_available")
    @api.depends_context("tibillet_hold_ids")
    def _compute_seats(self):
        result = super()._compute_seats()
        left = self._tibillet_pass_left()
        for rate in self.filtered(lambda one: one._origin.id in left):
            if rate.seats_limited:
                rate.seats_available = min(rate.seats_available, left[rate._origin.id])
        return result

    @api.depends("tibillet_pass_event_ids.seats_available")
    def _compute_is_sold_out(self):
        result = super()._compute_is_sold_out()
        left = self._tibillet_pass_left()
        for rate in self:
            if left.get(rate._origin.id) == 0:
                rate.is_sold_out = True
        return result

    # -- said to the buyer -----------------------------------------------------------------------

    def _tibillet_closed(self, partner, in_basket=False):
        """A pass of which nothing is left to come is not sold."""
        is_pass = bool(self.sudo().tibillet_pass_event_ids)  # whether it is one, nothing more
        if is_pass and not self._tibillet_pass_events():
            return self.env._("“%s”: the events that it opens are over or cancelled.", self.name)
        return super()._tibillet_closed(partner, in_basket=in_basket)

    def _tibillet_notes(self):
        notes = super()._tibillet_notes()
        events = self._tibillet_pass_events()
        if events:
            names = ", ".join(events.sorted("date_begin").mapped("name"))
            notes.insert(0, self.env._("A seat in each: %s.", names))
        return notes
