from odoo import fields, models

ROOM = {"seats_max", "seats_limited", "event_ticket_ids", "tibillet_quota_ids"}


class EventEvent(models.Model):
    _inherit = "event.event"

    tibillet_waiting_count = fields.Integer(
        string="Waiting",
        compute="_compute_tibillet_waiting_count",
        groups="event.group_event_user",
        help="People on the waiting list, those who have an offer left out.",
    )

    def _compute_tibillet_waiting_count(self):
        rows = self.env["tibillet.waiting"]._read_group(
            [("event_id", "in", self.ids), ("state", "=", "waiting")], ["event_id"], ["__count"]
        )
        counts = {event.id: count for event, count in rows}
        for event in self:
            event.tibillet_waiting_count = counts.get(event._origin.id, 0)

    def write(self, vals):
        """More room is offered to who waits; a cancelled event lets them go and tells them."""
        result = super().write(vals)
        if vals.get("kanban_state") == "cancel" or vals.get("active") is False:
            self.env["tibillet.waiting"]._end(self, "cancelled")
        elif ROOM & vals.keys():
            self.flush_model()
            self.env["tibillet.waiting"]._wake(self)
        return result

    def _tibillet_move(self, begin, end, tell=True):
        """Who waits is told of the new date as who is registered is, and stays in line."""
        result = super()._tibillet_move(begin, end, tell=tell)
        if tell:
            self.env["tibillet.waiting"]._tell_moved(self)
        return result

    def _tibillet_live_waiting(self):
        """Places that are waited for, those on offer left out: they are held already."""
        waiting_sudo = self.env["tibillet.waiting"].sudo()  # a number, for who reads the sales
        rows = waiting_sudo._read_group(
            [("event_id", "in", self.ids), ("state", "=", "waiting")], ["event_id"], ["seats:sum"]
        )
        return {event.id: seats for event, seats in rows}

    # -- the website -----------------------------------------------------------------------------

    def _tibillet_may_wait(self):
        """Whether the page offers the waiting list: something that is still sold is full."""
        self.ensure_one()
        event_sudo = self.sudo()  # a visitor reads no counter
        if event_sudo.kanban_state == "cancel" or event_sudo.is_finished or not self.id:
            return False
        if not event_sudo.event_registrations_started:
            return False
        return any(not room for room in event_sudo._tibillet_waiting_room().values())

    def _tibillet_waiting_choices(self):
        """(slots, rates) that somebody may wait for; ``sudo`` records."""
        self.ensure_one()
        event_sudo = self.sudo()  # a visitor reads what is sold
        now = fields.Datetime.now()
        slots = event_sudo.event_slot_ids.filtered(lambda slot: slot.end_datetime > now)
        rates = event_sudo.event_ticket_ids.filtered(
            lambda rate: (
                rate.active
                and not rate.tibillet_invitation
                and not rate.tibillet_pass_event_ids
                and rate.is_launched
                and not rate.is_expired
            )
        )
        return (slots if event_sudo.is_multi_slots else slots.browse()), rates

    def _tibillet_waiting_room(self):
        """(slot id, rate id) → whether one seat at least is left, of all that is sold."""
        slots, rates = self._tibillet_waiting_choices()
        if (self.is_multi_slots and not slots) or (self.event_ticket_ids and not rates):
            return {}
        pairs = [(slot, rate) for slot in (slots.ids or [False]) for rate in (rates.ids or [False])]
        left = self.env["tibillet.seats"]._left(self, pairs)
        return {pair: free is None or free > 0 for pair, free in zip(pairs, left, strict=True)}

    def action_tibillet_waiting(self):
        """The waiting list of the event."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "tibillet_event.tibillet_waiting_action"
        )
        return {
            **action,
            "domain": [("event_id", "=", self.id)],
            "context": {"search_default_in_line": 1},
        }
