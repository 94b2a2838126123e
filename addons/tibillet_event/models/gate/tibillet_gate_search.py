import hmac

from odoo import api, models
from odoo.tools.misc import hmac as signed

from .tibillet_gate_device import one_line

SCOPE = "tibillet-gate-pick"
LONGEST = 64
MOST = 20
SHORTEST = 3


class TibilletGateSearch(models.AbstractModel):
    """Finds a guest by name where the phone with the ticket is lost or empty."""

    _name = "tibillet.gate.search"
    _description = "Search at the gate"

    @api.model
    def _search_guests(self, device_sudo, text):
        """Guests of the phone's list whose name, mail, order or number begins or holds this.

        No row bears a ticket's text or a mail: what it is picked by works for this phone only.
        """
        text = one_line(text, LONGEST)
        if len(text) < SHORTEST:
            return []
        list_sudo = device_sudo.list_id
        like = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        registrations_sudo = self.env["event.registration"].sudo()  # the phone has the right
        found = registrations_sudo.search(
            [
                ("event_id", "in", list_sudo.event_ids.ids),
                ("event_ticket_id", "in", [False, *list_sudo._rates().ids]),
                "|",
                "|",
                "|",
                ("name", "ilike", like),
                ("email", "=ilike", like),
                ("sale_order_id.name", "=ilike", like),
                ("tibillet_number", "=ilike", like),
            ],
            order="name, id",
            limit=MOST,
        )
        door = self.env["tibillet.gate.door"]
        shown = [one.tibillet_pass_id or one for one in found]
        used = door._presences(list_sudo, [f"registration:{one.id}" for one in shown])
        rows = []
        for one in shown:
            before = used.get(f"registration:{one.id}")
            in_already = before and not door._may_enter(list_sudo, before)
            rows.append(
                {
                    "pick": self._pick(device_sudo, one),
                    "name": one.name or "",
                    "rate": one.event_ticket_id.name or "",
                    "order": door._order_of(one),
                    "number": one.tibillet_number or "",
                    "code": one._tibillet_gate_state() or ("already_used" if in_already else ""),
                    "used_at": door._used_at(before),
                }
            )
        return rows

    @api.model
    def _pick(self, device_sudo, registration_sudo):
        return f"{registration_sudo.id}.{self._mark(device_sudo, registration_sudo.id)}"

    @api.model
    def _mark(self, device_sudo, number):
        return signed(self.env(su=True), SCOPE, (device_sudo.id, number))[:24]

    @api.model
    def _picked(self, device_sudo, pick):
        """The registration that this phone was shown, in sudo, or None."""
        number, __, mark = pick.partition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        good = self._mark(device_sudo, int(number)).encode()
        if not device_sudo.may_search or not hmac.compare_digest(
            good, mark.encode("utf-8", "replace")
        ):
            return None
        return self.env["event.registration"].sudo().browse(int(number)).exists() or None
