from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    tibillet_refund_ids = fields.One2many(
        "tibillet.ticket.refund",
        "order_id",
        string="Tickets paid back",
        groups="event.group_event_user",
    )
    tibillet_refund_turn = fields.Integer(string="Turn of refunds", readonly=True, copy=False)

    def _tibillet_cancellable(self):
        """Tickets of the order that can still be cancelled, by the order's staff."""
        self.ensure_one()
        order_sudo = self.sudo()  # registrations of one's own order
        return order_sudo.tibillet_registration_ids.filtered(
            lambda one: (
                one.state != "cancel"
                and not one.tibillet_pass_id
                and not one._tibillet_not_cancellable()
            )
        )

    def action_tibillet_refund(self):
        """The form that cancels the tickets of an order.

        :raises AccessError: for who prepares no events
        """
        self.ensure_one()
        self.check_access("read")
        return self._tibillet_cancellable()._tibillet_ask_refund()

    # -- by who bought it ------------------------------------------------------------------------

    def _tibillet_tickets(self):
        """Tickets of these orders; the seats of a pass are no tickets of their own."""
        return self.tibillet_registration_ids.filtered(
            lambda one: one.active and not one.tibillet_pass_id and not one.tibillet_replaced_by_id
        ).sorted("id")

    def _tibillet_visitor_choice(self):
        """What the buyer can cancel of the whole order now, and what comes back for it.

        Nothing is written. What was cancelled before is in none of it. In sudo: the buyer's own.

        :return: ``tickets`` that can be cancelled, ``key`` of exactly these, the sums ``price``,
            ``back``, ``kept`` and ``fees`` (kept too) in minor units, and ``cannot``, a list of
            (sentence, tickets)
        """
        self.ensure_one()
        refunds_sudo = self.env["tibillet.ticket.refund"].sudo()  # of the buyer's own order
        stopped, tickets = {}, self.env["event.registration"].sudo()
        for one in self.sudo()._tibillet_tickets().filtered(lambda one: one.state != "cancel"):
            sentence = one._tibillet_visitor_stopped()
            if not sentence and one.tibillet_transferred_at:
                sentence = self.env._("Given to somebody else: only they can cancel it.")
            if sentence:
                stopped[sentence] = stopped.get(sentence, tickets.browse()) | one
            else:
                tickets |= one
        if late := tickets._tibillet_nothing_back():
            stopped[late[0]._tibillet_too_late()] = late
            tickets -= late
        lines = refunds_sudo._reckon(tickets, "rule") if tickets else []
        fee_lines = self.sudo().order_line.filtered("product_id.tibillet_booking_fee").ids
        fees = [line for line in lines if line["order_line_id"] in fee_lines]
        price = sum(line["price"] for line in lines)
        back = sum(line["amount"] for line in lines)
        kept_fees = sum(line["price"] - line["amount"] for line in fees)
        return {
            "tickets": tickets,
            "key": refunds_sudo._key(tickets) if tickets else "",
            "price": price,
            "back": back,
            "fees": kept_fees,
            "kept": price - back - kept_fees,
            "cannot": list(stopped.items()),
        }
