"""What a device keeps: holds under its own name, filled up again when it is heard of."""

import secrets
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.tibillet_event.exceptions import SeatsError

HOURS = 12


class TibilletAllotment(models.AbstractModel):
    """Seats of a paired device for sales without network.

    An allotment is holds like any other (``tibillet.seat.hold``): no second way to count. They
    last twelve hours from when the device was last heard of, and go back when its session is
    closed. A sale that finds no hold of its own line finds its seats here.
    """

    _name = "tibillet.allotment"
    _description = "Seats for sales without network"

    @api.model
    def _prefix(self, device, rate=None):
        """Under which keys a device keeps seats, of one rate or of all."""
        return f"allot-{device.id}-" + (f"{rate.id}-" if rate else "")

    @api.model
    def _refresh(self, device):
        """Fill up what the device keeps, let go of what it does not sell any more.

        :returns: list of ``{"ticket", "left", "least", "most"}``; ``most`` 0 is without limit
        """
        wanted = device.config_id.tibillet_offline_seats
        rates_sudo = self._rates(device.config_id) if wanted else self.env["event.event.ticket"]
        kept = self._kept(device)
        self._let_go(key for key, (rate, _left) in kept.items() if rate not in rates_sudo.ids)
        left = {rate.id: 0 for rate in rates_sudo}
        for rate, number in kept.values():
            if rate in left:
                left[rate] += number
        for rate_sudo in rates_sudo:
            left[rate_sudo.id] += self._take(device, rate_sudo, wanted - left[rate_sudo.id])
        self._last_longer(device)
        return [
            {
                "ticket": rate_sudo.id,
                "left": left[rate_sudo.id],
                "least": rate_sudo.tibillet_min_per_order,
                "most": rate_sudo.limit_max_per_order,
            }
            for rate_sudo in rates_sudo
        ]

    @api.model
    def _rates(self, config):
        """The rates of a day's events that a till sells without asking anybody.

        Who may have a rate, and how many a person has already, only the server knows: such rates
        wait for the network, and so do the slots of an event.
        """
        now = self.env["tibillet.seats"]._now()
        rates_sudo = self.env["event.event.ticket"].sudo()  # a cashier reads no rights of others
        found = rates_sudo.search(
            [
                ("event_id.company_id", "=", config.company_id.id),
                ("event_id.date_begin", "<=", now + timedelta(hours=HOURS)),
                ("event_id.date_end", ">=", now),
                ("event_id.is_multi_slots", "=", False),
                ("product_id.available_in_pos", "=", True),
            ],
            order="id",
        )
        nobody = self.env["res.partner"]
        return found.filtered(
            lambda rate: (
                not rate._tibillet_closed(nobody)
                and not rate._tibillet_right_codes()
                and not rate.tibillet_limit_per_person
                and not rate.event_id.tibillet_limit_per_person
            )
        )

    def _kept(self, device):
        """Live holds of a device: key → (rate id, seats left), oldest first."""
        rows = self.env.execute_query(
            SQL(
                "SELECT key, ticket_id, remaining FROM tibillet_seat_hold"
                " WHERE key LIKE %s AND remaining > 0 AND hold_until > tibillet_now() ORDER BY id",
                self._prefix(device) + "%",
            )
        )
        return {key: (rate, left) for key, rate, left in rows}

    def _take(self, device, rate, number):
        """Put further seats of a rate aside, as many as are left; how many that were."""
        seats = self.env["tibillet.seats"]
        left = seats._left(rate.event_id, [(False, rate.id)])[0]
        number = number if left is None else min(number, left)
        if number < 1:
            return 0
        key = self._prefix(device, rate) + secrets.token_hex(6)
        try:
            seats._hold(key, [(rate.event_id.id, False, rate.id, number)], HOURS * 60)
        except SeatsError:
            return 0  # somebody was quicker: asked again in two minutes
        return number

    def _last_longer(self, device):
        self.env["tibillet.ledger"]._short(
            lambda env: env.execute_query(
                SQL(
                    "UPDATE tibillet_seat_hold"
                    " SET hold_until = tibillet_now() + make_interval(hours => %s)"
                    " WHERE key LIKE %s AND remaining > 0 AND hold_until > tibillet_now()"
                    " RETURNING id",
                    HOURS,
                    self._prefix(device) + "%",
                )
            )
        )
        self.env["tibillet.seat.hold"].invalidate_model()

    def _let_go(self, keys):
        for key in keys:
            self.env["tibillet.seats"]._drop(key)

    @api.model
    def _close(self, devices):
        """Give back all that these devices keep."""
        for device in devices:
            self._let_go(self._kept(device))

    @api.model
    def _for_places(self, places):
        """Which hold each of these places finds its seat in: one per place, or False.

        :param places: list of (device, rate id, slot id or False)
        """
        left, found = {}, []
        for device, rate, slot in places:
            if not device or slot:
                found.append(False)
                continue
            if (device.id, rate) not in left:
                holds_sudo = self._holds(device).filtered(
                    lambda hold, rate=rate: hold.ticket_id.id == rate
                )
                left[device.id, rate] = [
                    hold_sudo.id for hold_sudo in holds_sudo for _seat in range(hold_sudo.remaining)
                ]
            kept = left[device.id, rate]
            found.append(kept.pop(0) if kept else False)
        return found

    @api.model
    def _of_till(self, config):
        """What the devices of a till keep."""
        return self._holds(config.sudo().tibillet_device_ids)

    @api.model
    def _holds(self, devices):
        """What these devices keep, of all rates: free for them, for nobody else."""
        holds_sudo = self.env["tibillet.seat.hold"].sudo()  # found by the devices' own keys
        if not devices:
            return holds_sudo
        domain = [("remaining", ">", 0), ("hold_until", ">", self.env["tibillet.seats"]._now())]
        keys = [("key", "=like", self._prefix(device) + "%") for device in devices]
        return holds_sudo.search([*domain, *["|"] * (len(keys) - 1), *keys], order="id")
