"""The till's door to the seats: put aside, kept, given back, each in a request of its own."""

from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.tibillet_event.exceptions import SeatsError


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _tibillet_seats_key(self, config, line):
        """Under which a line's seats are put aside: each till has its own.

        Seats that ran out and were taken again are under a key of their own: the last one.
        """
        first = f"till-{config.id}-{line}"
        holds_sudo = self.env["tibillet.seat.hold"].sudo()  # a key, no more
        again = [("key", "=like", first.replace("_", "\\_").replace("%", "\\%") + "~%")]
        return holds_sudo.search(again, order="id desc", limit=1).key or first

    def tibillet_seats_hold(
        self, line, ticket, slot, quantity, partner=False, seen=None, price=None, basket=()
    ):
        """Put the seats of one line of the basket aside, before any money is taken.

        :param line: the line's identifier, made by the till
        :param slot: id of the slot, or False
        :param seen: the rate as the till knows it, see ``_tibillet_unlike``
        :param price: what one place is to cost, for a rate of free price
        :param basket: the order's other places, ``[line, ticket, slot, quantity, price]`` each
        :returns: ``{"ok", "code", "message"}``
        """
        mine = [line, ticket, slot, quantity, price]
        return self._tibillet_seats_answer(
            lambda: self._tibillet_seats_hold(mine, partner, seen, basket)
        )

    def tibillet_seats_keep(self, lines, partner=False, basket=()):
        """Let the seats of these lines wait from now on: the customer is about to pay.

        What ran out meanwhile is taken again, where it is still there and the basket says what
        it was.
        """
        return self._tibillet_seats_answer(
            lambda: self._tibillet_seats_keep(self._tibillet_lines(lines), partner, basket)
        )

    def tibillet_seats_drop(self, lines):
        """Give back the seats of lines that left the basket; none is no error."""
        seats = self.env["tibillet.seats"]
        return self._tibillet_seats_answer(
            lambda: [
                seats._drop(self._tibillet_seats_key(self.config_id, line))
                for line in self._tibillet_lines(lines)
            ]
        )

    def _tibillet_seats_answer(self, act):
        """A refusal is an answer, as for cards: the till shows it and keeps the basket."""
        self._tibillet_check_cashier()
        try:
            if self.state != "opened":
                raise SeatsError("not_allowed", self.env._("This till is not open."))
            act()
        except SeatsError as refusal:
            return {"ok": False, "code": refusal.code, "message": str(refusal)}
        return {"ok": True, "code": "", "message": ""}

    def _tibillet_check_cashier(self):
        """:raises AccessError: for whoever does not sell at this till"""
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only a cashier sells seats at a till."))
        self.check_access("read")

    def _tibillet_is_registered(self, line):
        """Whether the line was sent already, so that its seats are registrations."""
        lines_sudo = self.env["pos.order.line"].sudo()  # by its identifier, yes or no
        return bool(
            lines_sudo.search_count(
                [("uuid", "=", line), ("event_registration_ids", "!=", False)], limit=1
            )
        )

    def _tibillet_seats_hold(self, mine, partner, seen, basket):
        place = self._tibillet_place(mine, seen)
        partner_sudo = self._tibillet_buyer(partner)
        others = [self._tibillet_place(other) for other in self._tibillet_basket(basket)]
        others = [other for other in others if other.line != place.line]
        others = [other for other in others if not self._tibillet_is_registered(other.line)]
        self._tibillet_check_places([place], others, partner_sudo)
        seats, key = (
            self.env["tibillet.seats"],
            self._tibillet_seats_key(self.config_id, place.line),
        )
        rate_sudo = place.rate
        seats._hold(
            key,
            [(rate_sudo.event_id.id, place.slot or False, rate_sudo.id, place.quantity)],
            seats._minutes(self.company_id),
        )
        self._tibillet_name_holds([key], partner_sudo)

    def _tibillet_seats_keep(self, lines, partner, basket):
        said = self._tibillet_basket(basket)
        waiting = [line for line in lines if not self._tibillet_is_registered(line)]
        places = {one[0]: self._tibillet_place(one) for one in said if one[0] in waiting}
        partner_sudo = self._tibillet_buyer(partner)
        self._tibillet_check_places(list(places.values()), [], partner_sudo, kept=True)
        seats, keys = self.env["tibillet.seats"], []
        minutes = seats._minutes(self.company_id)
        for line in waiting:
            key = self._tibillet_seats_key(self.config_id, line)
            try:
                seats._renew(key, minutes)
            except SeatsError:
                if line not in places:
                    raise
                key = self._tibillet_take_again(key, places[line], minutes)
            keys.append(key)
        self._tibillet_name_holds(keys, partner_sudo)

    def _tibillet_take_again(self, former, place, minutes):
        """Seats of a line whose time was over, under a new key; one that cannot is refused."""
        first, _sign, number = former.partition("~")
        key = f"{first}~{int(number or 0) + 1}"
        wanted = (place.rate.event_id.id, place.slot or False, place.rate.id, place.quantity)
        self.env["tibillet.seats"]._hold_instead(former, key, [wanted], minutes)
        return key
