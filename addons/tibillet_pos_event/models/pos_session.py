"""The till's door to the seats: put aside, kept, given back, each in a request of its own."""

from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.tibillet_event.exceptions import SeatsError


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _tibillet_seats_key(self, config, line):
        """Under which a line's seats are put aside: each till has its own."""
        return f"till-{config.id}-{line}"

    def tibillet_seats_hold(self, line, ticket, slot, quantity, partner=False, seen=None):
        """Put the seats of one line of the basket aside, before any money is taken.

        :param line: the line's identifier, made by the till
        :param slot: id of the slot, or False
        :param seen: the rate as the till knows it, see ``_tibillet_unlike``
        :returns: ``{"ok", "code", "message"}``
        """
        return self._tibillet_seats_answer(
            lambda: self._tibillet_seats_hold(line, ticket, slot, quantity, partner, seen)
        )

    def tibillet_seats_keep(self, lines):
        """Let the seats of these lines wait from now on: the customer is about to pay."""
        seats = self.env["tibillet.seats"]

        def keep():
            minutes = seats._minutes(self.company_id)
            for line in sorted(map(str, lines)):
                if not self._tibillet_is_registered(line):
                    seats._renew(self._tibillet_seats_key(self.config_id, line), minutes)

        return self._tibillet_seats_answer(keep)

    def tibillet_seats_drop(self, lines):
        """Give back the seats of lines that left the basket; none is no error."""
        seats = self.env["tibillet.seats"]
        return self._tibillet_seats_answer(
            lambda: [
                seats._drop(self._tibillet_seats_key(self.config_id, line))
                for line in sorted(map(str, lines))
            ]
        )

    def _tibillet_seats_answer(self, act):
        """A refusal is an answer, as for cards: the till shows it and keeps the basket."""
        self._tibillet_check_cashier()
        try:
            if self.state != "opened":
                raise SeatsError("invalid", self.env._("This till is not open."))
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

    def _tibillet_seats_hold(self, line, ticket, slot, quantity, partner, seen=None):
        if type(quantity) is not int or quantity < 1:
            raise SeatsError("invalid", self.env._("Choose one seat at least."))
        # sudo: a cashier reads no rights of others
        rates_sudo = self.env["event.event.ticket"].sudo().with_context(tibillet_at_till=True)
        rate_sudo = rates_sudo.browse(ticket).exists()
        event_sudo = rate_sudo.event_id
        if not rate_sudo or event_sudo.company_id not in (
            self.company_id,
            self.env["res.company"],
        ):
            raise SeatsError("invalid", self.env._("This till does not sell that rate."))
        if slot and slot not in event_sudo.event_slot_ids.ids:
            raise SeatsError("invalid", self.env._("That slot is none of this event."))
        partner_sudo = self.env["res.partner"].sudo().browse(partner or ()).exists()
        refusals = [
            rate_sudo._tibillet_closed(partner_sudo) or rate_sudo._tibillet_unlike(seen),
            rate_sudo._tibillet_wrong_quantity(quantity),
            *event_sudo._tibillet_over_limits([(rate_sudo, "")] * quantity, partner_sudo),
        ]
        if refusals := [sentence for sentence in refusals if sentence]:
            raise SeatsError("invalid", "\n".join(refusals))
        seats = self.env["tibillet.seats"]
        seats._hold(
            self._tibillet_seats_key(self.config_id, line),
            [(event_sudo.id, slot or False, rate_sudo.id, quantity)],
            seats._minutes(self.company_id),
        )
