"""Tickets for the till's own printer: asked for once the order is paid, counted when printed."""

from odoo import models

from ..event_registration import PAID


class PosSession(models.Model):
    _inherit = "pos.session"

    def tibillet_tickets(self, order):
        """The tickets of a paid order of this company's tills, for its printer.

        :param order: the order's identifier, made by the till
        :returns: ``{"ok", "code", "message", "tickets"}``; a message beside tickets is to be told
        """
        self._tibillet_check_cashier()
        if self.state != "opened":
            return self._tibillet_no_tickets("not_allowed", self.env._("This till is not open."))
        order_sudo = self._tibillet_order_of_tickets(order)
        if not order_sudo:
            return self._tibillet_no_tickets(
                "unknown",
                self.env._(
                    "The server has not received this order yet: its tickets have no number. "
                    "Print them in a moment."
                ),
            )
        if order_sudo.state not in PAID:
            return self._tibillet_no_tickets(
                "unpaid", self.env._("Tickets are printed once the order is paid.")
            )
        places_sudo = order_sudo.lines.event_registration_ids
        late = len(places_sudo.filtered("tibillet_no_seat"))
        return {
            "ok": True,
            "code": "no_seat" if late else "",
            "message": self.env._(
                "%s places were paid after the last seat was gone: hand their money back.", late
            )
            if late
            else "",
            "tickets": places_sudo._tibillet_to_print()._tibillet_till_tickets(),
        }

    def tibillet_tickets_printed(self, order, places):
        """These places of the order were printed: the next print is a duplicate.

        :returns: ``{"ok", "code", "message"}``
        """
        self._tibillet_check_cashier()
        if self.state != "opened":
            return self._tibillet_no_tickets("not_allowed", self.env._("This till is not open."))
        order_sudo = self._tibillet_order_of_tickets(order)
        mine_sudo = order_sudo.lines.event_registration_ids
        said = places if isinstance(places, list | tuple) else []
        mine_sudo.filtered(lambda one: one.id in said)._tibillet_count_printed()
        return {"ok": True, "code": "", "message": ""}

    def _tibillet_order_of_tickets(self, order):
        """The order with that identifier, if a till of this company sold it."""
        self._tibillet_check_cashier()
        orders_sudo = self.env["pos.order"].sudo()  # numbers, prices, places: for its printer
        if not isinstance(order, str) or "\0" in order:
            return orders_sudo
        return orders_sudo.search(
            [("uuid", "=", order), ("company_id", "=", self.company_id.id)], limit=1
        )

    def _tibillet_no_tickets(self, code, message):
        return {"ok": False, "code": code, "message": message, "tickets": []}
