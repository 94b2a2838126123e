from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class EventRegistration(models.Model):
    _inherit = "event.registration"

    tibillet_refund_line_ids = fields.One2many(
        "tibillet.ticket.refund.line",
        "registration_id",
        string="Paid back",
        groups="event.group_event_user",
    )

    def write(self, vals):
        """A ticket that was paid back lets nobody in any more, whoever scans or confirms it."""
        if vals.get("state", "cancel") != "cancel" and self._tibillet_is_refunded():
            raise UserError(
                self.env._("This ticket was cancelled and paid back: it is not valid any more.")
            )
        return super().write(vals)

    def _tibillet_is_refunded(self):
        cancelled = self.filtered(lambda one: one.state == "cancel")
        lines_sudo = self.env["tibillet.ticket.refund.line"].sudo()  # the gate reads no refunds
        mine = [("registration_id", "in", cancelled.ids)]
        return bool(cancelled and lines_sudo.search_count(mine, limit=1))

    # -- whether it can be cancelled ---------------------------------------------------------------

    def _tibillet_not_cancellable(self):
        """Why nobody can cancel this ticket and pay it back, or an empty text.

        One that was cancelled by hand, without its money, can still be paid back.
        """
        self.ensure_one()
        order = self.sale_order_id
        if not self.active or (
            self.state == "cancel" and (not order or self._tibillet_is_refunded())
        ):
            return self.env._("This ticket was cancelled already.")
        if self.state == "done":
            return self.env._("This ticket was scanned at the entrance: it is not paid back.")
        if self.sale_status == "sold" and not order:
            return self.env._("This ticket was sold at a till: it is paid back there.")
        if order and order.state != "sale":
            return self.env._("This order is not paid yet: take the ticket out of the basket.")
        return ""

    def _tibillet_visitor_cannot(self):
        """Why its holder cannot cancel this ticket now, or an empty text."""
        self.ensure_one()
        if sentence := self._tibillet_visitor_stopped():
            return sentence
        return self._tibillet_too_late() if self._tibillet_nothing_back() else ""

    def _tibillet_nothing_back(self):
        """Those of these tickets of one order that were paid and of which nothing would come back
        now."""
        refunds_sudo = self.env["tibillet.ticket.refund"].sudo()  # one's own tickets
        price, back = Counter(), Counter()
        for line in refunds_sudo._reckon(self, "rule") if self else ():
            price[line["registration_id"]] += line["price"]
            back[line["registration_id"]] += line["amount"]
        return self.filtered(lambda one: price[one.id] and not back[one.id])

    def _tibillet_too_late(self):
        return self.env._("This ticket can no longer be cancelled: nothing would come back.")

    def _tibillet_visitor_stopped(self):
        """Why its holder cannot cancel this ticket, whatever would come back, or an empty text."""
        self.ensure_one()
        event = self.event_id
        if self.state == "cancel":
            return self.env._("This ticket was cancelled already.")
        if sentence := self._tibillet_not_cancellable():
            return sentence
        if self.tibillet_pass_id:
            return self.env._("This seat comes with a pass: cancel the pass.")
        if not event.active:
            return self.env._("This event is put away. Write to the organiser.")
        if event.kanban_state == "cancel":
            return self.env._(
                "The event is cancelled: what you paid comes back by itself, "
                "there is nothing to do."
            )
        begin = self.event_slot_id.start_datetime or event.date_begin
        if begin <= fields.Datetime.now():
            return self.env._("It has begun: tickets are not cancelled any more.")
        return ""

    def _tibillet_buyers_order(self):
        """The order that the holder of this ticket bought, when it has other tickets; else none.

        A friend who was given a ticket, or named on one, decides on that one alone.
        """
        self.ensure_one()
        order_sudo = self.sudo().sale_order_id  # one's own ticket
        mine = email_normalize(self._tibillet_address() or "")
        if (
            self.tibillet_transferred_at
            or not mine
            or mine != email_normalize(order_sudo.partner_id.email or "")
            or len(order_sudo._tibillet_tickets()) < 2
        ):
            return order_sudo.browse()
        return order_sudo

    # -- by staff ----------------------------------------------------------------------------------

    def action_tibillet_refund(self):
        """The form that cancels these tickets and says what comes back.

        :raises UserError: a sentence when none can be
        """
        return self._tibillet_ask_refund()

    def _tibillet_ask_refund(self):
        if not self:
            raise UserError(
                self.env._("No ticket is left to cancel: scanned or cancelled, all of them.")
            )
        for one in self:
            if sentence := one.sudo()._tibillet_not_cancellable():  # the order's state is read
                raise UserError(sentence)
        form = self.env["tibillet.ticket.refund.ask"].create(
            {"registration_ids": [(6, 0, self.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel and pay back"),
            "res_model": form._name,
            "res_id": form.id,
            "view_mode": "form",
            "target": "new",
        }
