import hashlib
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .shares import nth_part, spread, to_amount, to_minor
from .tibillet_ticket_refund_part import STATES

WHYS = [("visitor", "Visitor"), ("staff", "Staff"), ("event", "Event cancelled")]


class TibilletTicketRefund(models.Model):
    """Tickets of one order that were cancelled together, and what came back for them.

    The one door to a cancelled ticket: the act is one transaction, its key makes it once, and the
    order's row is written so that two at the same moment take turns. The provider is asked
    afterwards, by the outbox.
    """

    _name = "tibillet.ticket.refund"
    _description = "Tickets paid back"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    key = fields.Char(required=True, readonly=True, copy=False)
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    event_id = fields.Many2one("event.event", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    currency_id = fields.Many2one("res.currency", readonly=True, required=True)
    partner_id = fields.Many2one("res.partner", string="Paid by", readonly=True)
    why = fields.Selection(WHYS, string="Cancelled by", required=True, readonly=True)
    amount = fields.Monetary(string="Comes back", readonly=True)
    line_ids = fields.One2many("tibillet.ticket.refund.line", "refund_id", string="Tickets")
    part_ids = fields.One2many("tibillet.ticket.refund.part", "refund_id", string="Ways back")
    credit_note_id = fields.Many2one("account.move", readonly=True, copy=False)
    state = fields.Selection(STATES, compute="_compute_state", string="Status")

    _once = models.UniqueIndex("(key)", "These tickets were cancelled already.")

    @api.depends("order_id.name", "event_id.name")
    def _compute_name(self):
        for refund in self:
            refund.name = " · ".join(
                text for text in (refund.order_id.name, refund.event_id.name) if text
            )

    @api.depends("part_ids.state")
    def _compute_state(self):
        """What is still to be done, first; empty when nothing was to be paid."""
        order = ["by_hand", "waiting", "sent", "paid"]
        for refund in self:
            states = refund.part_ids.mapped("state")
            refund.state = min(states, key=order.index) if states else False

    def _check_manager(self):
        if not self.env.user.has_group("tibillet_event.tibillet_event_group_manager"):
            raise AccessError(self.env._("Money is handed back by a manager of events."))

    # -- what would come back --------------------------------------------------------------------

    @api.model
    def _reckon(self, registrations, how):
        """What would come back for these tickets of one order; nothing is written.

        :param how: ``rule`` (as the event's rules say now), ``full`` (price and fees) or
            ``nothing``
        :return: list of dicts of a refund's lines, with ``price`` and ``amount`` in minor units
        """
        registrations = registrations.sudo()  # a visitor's own, or checked by who calls
        registrations = registrations.filtered(
            lambda one: one.tibillet_pass_id not in registrations  # they go with their pass
        )
        order = registrations.sale_order_id
        order.ensure_one() if order else None
        currency = order.currency_id or self.env.company.currency_id
        totals = self._totals(order)
        taken = self._taken(order)
        lines = []
        for one in registrations.sorted("id"):
            mine = self._shares(one, totals, taken)
            back = self._back(one, mine, how, currency)
            lines += [
                {
                    "registration_id": one.id,
                    "order_line_id": line.id,
                    "price": price,
                    "amount": amount,
                }
                for (line, price), amount in zip(mine, back, strict=True)
            ]
        most = self._left_minor(order) if order else 0
        wanted = [line["amount"] for line in lines]
        if sum(wanted) > most:
            for line, amount in zip(lines, spread(most, wanted), strict=True):
                line["amount"] = amount
        return lines

    def _back(self, registration, mine, how, currency):
        """What comes back of one ticket's shares, in the same order."""
        if how == "full":
            return [price for _line, price in mine]
        kept = [line.product_id.tibillet_booking_fee for line, _price in mine]
        weights = [0 if fee else price for fee, (_line, price) in zip(kept, mine, strict=True)]
        if how == "nothing" or not any(weights):
            return [0] * len(mine)
        begin = registration.event_slot_id.start_datetime
        rule = registration.event_id._tibillet_refund_rule(begin)
        return spread(rule._back_minor(sum(weights), currency), weights)

    def _totals(self, order):
        """Line of the order → what was asked for it, in minor units; what an order has off as a
        whole is taken off each line by its weight."""
        lines = order.order_line.filtered(lambda line: not line.display_type)
        asked = [to_minor(line.price_total, order.currency_id) for line in lines]
        shared = spread(sum(asked), asked) if min(asked, default=0) < 0 else asked
        return dict(zip(lines, shared, strict=True))

    def _taken(self, order):
        """How many tickets' shares of each line of the order are gone already."""
        rows = self.env["tibillet.ticket.refund.line"]._read_group(
            [
                ("order_line_id.order_id", "in", order.ids),
                ("registration_id.tibillet_pass_id", "=", False),
            ],
            ["order_line_id"],
            ["__count"],
        )
        return Counter({line.id: count for line, count in rows})

    def _shares(self, registration, totals, taken):
        """(line of the order, share) of one ticket: its place, its options, its part of fees."""
        own = registration.sale_order_line_id
        if registration.tibillet_pass_id:
            line = registration.tibillet_pass_id.sale_order_line_id
            return [
                (line, self._pass_parts(line, registration.tibillet_pass_id, totals)[registration])
            ]
        if not own:
            return [(own, 0)]
        places = int(own.product_uom_qty)
        wanted = [(own, places)]
        for line in own.linked_line_ids.filtered("tibillet_option_id"):
            option = line.tibillet_option_id
            if option.per == "order":
                wanted.append((line, places))
            elif option in registration.tibillet_option_ids:
                wanted.append((line, int(line.product_uom_qty)))
        everybody = sum(int(line.product_uom_qty) for line in totals if line.event_ticket_id)
        wanted += [(line, everybody) for line in totals if line.product_id.tibillet_booking_fee]
        shares = []
        for line, count in wanted:
            shares.append((line, nth_part(totals.get(line, 0), count, taken[line.id])))
            taken[line.id] += 1
        # Of a pass comes back what was not held yet, nor paid back with an event.
        parts = self._pass_parts(own, registration, totals)
        gone = sum(
            part
            for seat, part in parts.items()
            if seat.state == "done" or seat.sudo().tibillet_refund_line_ids
        )
        return [(own, max(0, shares[0][1] - gone)), *shares[1:]]

    def _pass_parts(self, line, holder, totals):
        """Seat → its part of a pass's price, in minor units."""
        currency = line.currency_id or self.env.company.currency_id
        price = totals.get(line, 0) // max(1, int(line.product_uom_qty))
        parts = holder._tibillet_pass_share(to_amount(price, currency))
        return {seat: to_minor(part, currency) for seat, part in parts.items()}

    def _left_minor(self, order):
        """The most that may still go back of an order: paid, and not gone back yet."""
        back = sum(to_minor(one.amount, order.currency_id) for one in self._of(order))
        left = to_minor(order.amount_total, order.currency_id) - back
        return max(0, min(left, sum(minor for _way, minor in self._ways(order))))

    def _of(self, order):
        return self.search([("order_id", "=", order.id)])

    def _ways(self, order):
        """(payment or none, minor units that may go back by it), online payments first."""
        paid = order.transaction_ids.filtered(
            lambda one: one.state in ("done", "authorized") and one.operation != "refund"
        )
        ways = [(one, one._tibillet_left_minor()) for one in paid.sorted("id")]
        invoices = order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        settled = sum(
            to_minor(move.amount_total - move.amount_residual, order.currency_id)
            for move in invoices
        )
        online = sum(to_minor(one.amount, order.currency_id) for one in paid)
        by_hand = self._of(order).part_ids.filtered(lambda part: not part.transaction_id)
        gone = sum(to_minor(part.amount, order.currency_id) for part in by_hand)
        other = max(0, settled - online - gone)
        return ways + [(self.env["payment.transaction"], other)]

    # -- the act ---------------------------------------------------------------------------------

    @api.model
    def _key(self, registrations):
        """One set of tickets, one key."""
        ids = ",".join(str(one) for one in sorted(registrations.ids))
        return f"tickets:{hashlib.sha256(ids.encode()).hexdigest()[:40]}"

    @api.model
    def _cancel_tickets(self, registrations, how, why):
        """Cancel tickets of one order and send back what comes back for them.

        The same tickets again answer the first refund. The caller checks who asks.

        :param how: see :meth:`_reckon`
        :param why: ``visitor``, ``staff`` or ``event``
        :return: the refund, in sudo
        :raises UserError: a sentence on the first ticket that cannot be; nothing was done
        """
        refunds_sudo = self.sudo()  # rows of refunds are written by this door alone
        registrations = registrations.sudo().sorted("id")
        registrations = registrations.filtered(
            lambda one: one.tibillet_pass_id not in registrations  # they go with their pass
        )
        if not registrations:
            raise UserError(self.env._("Choose one ticket at least."))
        order = registrations.sale_order_id
        if len(order) > 1 or (order and not all(one.sale_order_id for one in registrations)):
            raise UserError(self.env._("Tickets are cancelled one order at a time."))
        refunds_sudo._take_turn(order, registrations)
        key = refunds_sudo._key(registrations)
        if known := refunds_sudo.search([("key", "=", key)]):
            return known
        for one in registrations:
            if sentence := one._tibillet_not_cancellable():
                raise UserError(sentence)
        lines = refunds_sudo._reckon(registrations, how)
        refund = refunds_sudo._written(registrations, order, key, why, lines)
        registrations.write({"state": "cancel"})
        refund._credit()
        refund._send_back()
        refund._tell()
        return refund

    def _take_turn(self, order, registrations):
        """Two who cancel of one order at the same moment: the second runs again, and looks again.

        The rows are written, not only locked: a transaction that waited for a lock would go on
        with the picture it had before.
        """
        self.env.flush_all()
        if order:
            self.env.execute_query(
                SQL(
                    "UPDATE sale_order SET tibillet_refund_turn ="
                    " COALESCE(tibillet_refund_turn, 0) + 1 WHERE id = %s RETURNING id",
                    order.id,
                )
            )
        self.env.execute_query(
            SQL(
                "UPDATE event_registration SET write_date = write_date WHERE id = ANY(%s)"
                " RETURNING id",
                registrations.ids,
            )
        )
        self.env.invalidate_all()

    def _written(self, registrations, order, key, why, lines):
        event = registrations.event_id[:1]
        company = order.company_id or event.company_id or self.env.company
        currency = order.currency_id or company.currency_id
        minors = [(line.pop("price"), line.pop("amount")) for line in lines]
        return self.create(
            {
                "key": key,
                "order_id": order.id,
                "event_id": event.id,
                "company_id": company.id,
                "currency_id": currency.id,
                "partner_id": (order.partner_id or registrations[0].partner_id).id,
                "why": why,
                "amount": to_amount(sum(back for _price, back in minors), currency),
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            **line,
                            "price": to_amount(price, currency),
                            "amount": to_amount(back, currency),
                        },
                    )
                    for line, (price, back) in zip(lines, minors, strict=True)
                ],
            }
        )

    def _send_back(self):
        """Share what comes back over the payments, and begin each part."""
        self.ensure_one()
        rest = to_minor(self.amount, self.currency_id)
        parts = []
        for transaction, left in self._ways(self.order_id) if rest else ():
            take = min(rest, left)
            if take:
                rest -= take
                parts.append(
                    {
                        "refund_id": self.id,
                        "transaction_id": transaction.id,
                        "amount": to_amount(take, self.currency_id),
                    }
                )
        self.env["tibillet.ticket.refund.part"].create(parts)._begin()

    # -- told ------------------------------------------------------------------------------------

    def _people(self):
        """Tickets of this refund, each once."""
        return self.line_ids.registration_id

    def _tell(self):
        """Who paid is told what comes back; whoever else held a ticket, that it is cancelled."""
        self.ensure_one()
        people = self._people()
        said = self.env._("Cancelled; %s comes back.", self.currency_id.format(self.amount))
        people._message_log_batch(bodies={one.id: said for one in people})
        if self.order_id:
            names = ", ".join(one.name or f"#{one.id}" for one in people)
            self.order_id.message_post(
                body=self.env._(
                    "Tickets cancelled: %(names)s. %(amount)s comes back.",
                    names=names,
                    amount=self.currency_id.format(self.amount),
                )
            )
        if self.partner_id.email and (self.amount or self.why != "event"):
            self.env.ref("tibillet_event.mail_template_refunded").send_mail(self.id)
        if self.why == "event":
            return  # they are told of the cancelled event already
        known = (self.partner_id.email or "").strip().lower()
        others = people.filtered(lambda one: (one.email or "").strip().lower() not in ("", known))
        for one in others:
            self.env.ref("tibillet_event.mail_template_ticket_cancelled").send_mail(one.id)

    def _when_text(self):
        """How the money comes, for the mail."""
        self.ensure_one()
        if "by_hand" in self.part_ids.mapped("state"):
            return self.env._("The organiser pays it back by hand; this takes some days.")
        return self.env._(
            "It goes back the way it was paid; depending on your bank this takes a few days."
        )

    # -- credit notes ----------------------------------------------------------------------------

    def _credit(self):
        """A credit note of what comes back, for refunds whose tickets were invoiced."""
        for refund in self.filtered(lambda one: one.amount and not one.credit_note_id):
            invoiced = refund.line_ids.filtered("amount").order_line_id.invoice_lines.filtered(
                lambda line: (
                    line.move_id.move_type == "out_invoice" and line.move_id.state == "posted"
                )
            )
            if invoiced:
                refund.credit_note_id = refund._credit_note(invoiced)
                backs = refund.part_ids.back_transaction_id
                backs.invoice_ids = [(6, 0, refund.credit_note_id.ids)]

    def _credit_note(self, invoiced):
        """The posted credit note, to the cent what comes back."""
        self.ensure_one()
        invoice = invoiced.move_id[:1]
        lines = []
        for order_line, ours in self.line_ids.filtered("amount").grouped("order_line_id").items():
            sold = invoiced.filtered(lambda one, line=order_line: line in one.sale_line_ids)[:1]
            if sold:
                lines.append(self._credit_line(sold, sum(ours.mapped("amount")), len(ours)))
        note = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "out_refund",
                    "partner_id": invoice.partner_id.id,
                    "currency_id": self.currency_id.id,
                    "journal_id": invoice.journal_id.id,
                    "fiscal_position_id": invoice.fiscal_position_id.id,
                    "invoice_origin": self.order_id.name,
                    "ref": self.env._("Tickets cancelled: %s", invoice.name),
                    "reversed_entry_id": invoice.id,
                    "invoice_line_ids": [(0, 0, line) for line in lines],
                }
            )
        )
        off = self.currency_id.round(self.amount - note.amount_total)
        if off and lines:
            note.write(
                {
                    "invoice_line_ids": [
                        (
                            0,
                            0,
                            {
                                "name": self.env._("Rounding"),
                                "account_id": lines[0]["account_id"],
                                "quantity": 1,
                                "price_unit": off,
                                "tax_ids": [(5, 0, 0)],
                            },
                        )
                    ]
                }
            )
        note.action_post()
        return note

    def _credit_line(self, sold, amount, count):
        """A line of the credit note that comes to the amount, taxes included."""
        price = amount
        if any(not tax.price_include for tax in sold.tax_ids) and sold.price_total:
            price = self.currency_id.round(amount * sold.price_subtotal / sold.price_total)
        return {
            "product_id": sold.product_id.id,
            "name": f"{sold.name} × {count}",
            "account_id": sold.account_id.id,
            "quantity": 1,
            "price_unit": price,
            "tax_ids": [(6, 0, sold.tax_ids.ids)],
            "analytic_distribution": sold.analytic_distribution,
        }
