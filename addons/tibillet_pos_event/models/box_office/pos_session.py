"""What binds a till before it takes seats: rates, prices typed, limits per order and person."""

import re
from typing import Any, NamedTuple

from odoo import models
from odoo.tools import SQL

from odoo.addons.tibillet_event.exceptions import SeatsError


class Place(NamedTuple):
    """Places of one line of a till's basket."""

    line: str
    rate: Any
    slot: int
    quantity: int
    price: float | None
    seen: dict | None = None


class TillBasket(NamedTuple):
    """Stands where limits ask for a sale order: what these keys hold is what is asked for."""

    keys: tuple
    id: int = 0


MOST_LINES = 500
LINE = re.compile(r"^[\x21-\x7e]{1,40}$")


def is_number(value):
    """Whether that may be an id or a number of places: a whole number that the database knows."""
    return type(value) is int and 0 <= value < 2**31


class PosSession(models.Model):
    _inherit = "pos.session"

    def _tibillet_said(self, said):
        """A line's five words, or a sentence: whoever calls may say anything."""
        if not isinstance(said, list | tuple) or len(said) != 5:
            raise SeatsError("invalid", self.env._("A line of the basket is not understood."))
        line, ticket, slot, quantity, price = said
        if not is_number(quantity) or quantity < 1:
            raise SeatsError("invalid", self.env._("Choose one seat at least."))
        if price is not None and (isinstance(price, bool) or not isinstance(price, int | float)):
            raise SeatsError("invalid", self.env._("A line of the basket is not understood."))
        [line] = self._tibillet_lines([line])
        return line, ticket, slot, quantity, price

    def _tibillet_lines(self, lines):
        """Identifiers of lines, as a till makes them, in order and once each."""
        if not isinstance(lines, list | tuple) or len(lines) > MOST_LINES:
            raise SeatsError("invalid", self.env._("A line of the basket is not understood."))
        if not all(isinstance(one, str) and LINE.match(one) for one in lines):
            raise SeatsError("invalid", self.env._("A line of the basket is not understood."))
        return sorted(set(lines))

    def _tibillet_basket(self, basket):
        if basket and (not isinstance(basket, list | tuple) or len(basket) > MOST_LINES):
            raise SeatsError("invalid", self.env._("A line of the basket is not understood."))
        return [self._tibillet_said(one) for one in basket or ()]

    def _tibillet_buyer(self, partner):
        partners_sudo = self.env["res.partner"].sudo()  # who has a right, and how many places
        return partners_sudo.browse(partner if is_number(partner) else ()).exists()

    def _tibillet_place(self, said, seen=None):
        """A line as the till says it.

        :raises SeatsError: ``invalid``
        """
        line, ticket, slot, quantity, price = self._tibillet_said(said)
        # sudo: a cashier reads no rights of others
        rates_sudo = self.env["event.event.ticket"].sudo().with_context(tibillet_at_till=True)
        rate_sudo = rates_sudo.browse(ticket if is_number(ticket) else ()).exists()
        event_sudo = rate_sudo.event_id
        if not rate_sudo or event_sudo.company_id not in (
            self.company_id,
            self.env["res.company"],
        ):
            raise SeatsError("invalid", self.env._("This till does not sell that rate."))
        if slot and slot not in event_sudo.event_slot_ids.ids:
            raise SeatsError("invalid", self.env._("That slot is none of this event."))
        return Place(line, rate_sudo, slot, quantity, price, seen)

    def _tibillet_check_places(self, places, others, partner_sudo, kept=False):
        """The rates' rules for places that are asked for, beside others of the same basket.

        :param kept: they are in the basket already, and about to be paid
        :raises SeatsError: ``invalid``, with every sentence
        """
        said = []
        together = [*places, *others]
        for place in places:
            rate_sudo = place.rate
            number = sum(one.quantity for one in together if one.rate == rate_sudo)
            said.append(
                rate_sudo._tibillet_closed(partner_sudo, in_basket=kept)
                or rate_sudo._tibillet_unlike(place.seen)
            )
            said.append(rate_sudo._tibillet_wrong_quantity(number))
            if rate_sudo.tibillet_free_price and place.price is not None:
                said.append(rate_sudo._tibillet_read_price(str(place.price))[1])
        keys = tuple(self._tibillet_seats_key(self.config_id, one.line) for one in together)
        for event_sudo in {place.rate.event_id for place in places}:
            mine = [one for one in together if one.rate.event_id == event_sudo]
            asked = [(one.rate, "") for one in mine for _place in range(one.quantity)]
            said += self._tibillet_over_limits(event_sudo, asked, partner_sudo, keys)
        if refusals := list(dict.fromkeys(sentence for sentence in said if sentence)):
            raise SeatsError("invalid", "\n".join(refusals))

    def _tibillet_over_limits(self, event_sudo, asked, partner_sudo, keys):
        """As ``event.event``; two tills that serve the same customer at once collide here."""
        if partner_sudo and event_sudo._tibillet_has_limits():
            people = self.env["tibillet.rate.person"]
            people._touch(event_sudo, {f"partner {partner_sudo.id}"})
        basket = TillBasket(keys)
        return event_sudo._tibillet_over_limits(asked, partner_sudo, basket, touch=True)

    def _tibillet_name_holds(self, keys, partner_sudo):
        """Write down for whom seats are put aside: other tills count them."""
        if not keys:
            return
        self.env["tibillet.ledger"]._short(
            lambda env: env.cr.execute(
                SQL(
                    "UPDATE tibillet_seat_hold SET tibillet_partner_id = %s"
                    " WHERE key = ANY(%s) AND tibillet_partner_id IS DISTINCT FROM %s",
                    partner_sudo.id or None,
                    list(keys),
                    partner_sudo.id or None,
                )
            )
        )
        self.env["tibillet.seat.hold"].invalidate_model(["tibillet_partner_id"], flush=False)
