"""Places sold at the office: an order of an open till, so that books, drawer and Z have it."""

import uuid

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round


class TibilletBoxOffice(models.TransientModel):
    """Who is at the desk, which rate, how many, paid how: sold by one more click.

    Nothing is written but an order as a till writes it, in an open session: the money is in that
    till's drawer, in its closing and in the books, and the seats pass the same door.
    """

    _name = "tibillet.box.office"
    _description = "Places sold at the office"

    event_id = fields.Many2one("event.event", required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    is_multi_slots = fields.Boolean(related="event_id.is_multi_slots")
    slot_id = fields.Many2one("event.slot", domain="[('event_id', '=', event_id)]")
    ticket_id = fields.Many2one(
        "event.event.ticket",
        string="Rate",
        required=True,
        domain="[('event_id', '=', event_id), ('product_id', '!=', False)]",
    )
    is_invitation = fields.Boolean(related="ticket_id.tibillet_invitation")
    is_free_price = fields.Boolean(related="ticket_id.tibillet_free_price")
    quantity = fields.Integer(string="Places", default=1, required=True)
    price = fields.Float(
        string="Price of one", compute="_compute_price", store=True, readonly=False, digits=(16, 2)
    )
    partner_id = fields.Many2one("res.partner", string="Customer")
    session_id = fields.Many2one(
        "pos.session",
        string="Till",
        compute="_compute_session_id",
        store=True,
        readonly=False,
        domain="[('state', '=', 'opened'), ('company_id', '=', company_id)]",
        help="The open till whose drawer takes the money.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    total = fields.Monetary(compute="_compute_total")

    @api.depends("event_id")
    def _compute_company_id(self):
        for sale in self:
            sale.company_id = sale.event_id.company_id or self.env.company

    @api.depends("ticket_id")
    def _compute_price(self):
        for sale in self:
            sale.price = sale.ticket_id.price

    @api.depends("event_id")
    def _compute_session_id(self):
        """One's own open till, or the only one that is open."""
        for sale in self:
            opened = self.env["pos.session"].search(
                [("state", "=", "opened"), ("company_id", "=", sale.company_id.id)]
            )
            mine = opened.filtered(lambda one: one.user_id == self.env.user)
            sale.session_id = mine[:1] or (opened if len(opened) == 1 else False)

    @api.depends("ticket_id", "quantity", "price", "session_id", "partner_id")
    def _compute_total(self):
        for sale in self:
            sale.total = sale._amounts()[0] if sale.ticket_id else 0

    # -- selling -------------------------------------------------------------------------------

    def action_cash(self):
        """Sell these places for cash, into the drawer of the till."""
        return self._sell(lambda method: method.is_cash_count)

    def action_card(self):
        """Sell these places for a bank card."""
        return self._sell(lambda method: method.type == "bank")

    def action_invite(self):
        """Give these places: an invitation costs nothing, and has its number as well.

        :raises UserError: when the rate is no invitation
        """
        self.ensure_one()
        self.event_id.check_access("write")
        if not self.ticket_id.tibillet_invitation:
            raise UserError(self.env._("“%s” is no invitation.", self.ticket_id.name))
        self._check_quantity()
        places = self.env["event.registration"].create(
            [
                {
                    "event_id": self.event_id.id,
                    "event_slot_id": self.slot_id.id,
                    "event_ticket_id": self.ticket_id.id,
                    "partner_id": self.partner_id.id,
                    "state": "open",
                }
                for _place in range(self.quantity)
            ]
        )
        return self._told(places)

    def action_open_till(self):
        """The till itself, or the list of tills where none is open."""
        self.ensure_one()
        if self.session_id:
            return self.session_id.config_id.open_ui()
        return self.env["ir.actions.actions"]._for_xml_id("point_of_sale.action_pos_config_kanban")

    def _sell(self, wanted):
        """An order that is paid, as a till sends it: all of it, or nothing and a sentence.

        :raises UserError: no till, no such payment method, rules of the rate, no seat
        """
        self.ensure_one()
        session = self.session_id
        if not session or session.state != "opened":
            raise UserError(
                self.env._("No till is open: open one first, so that the money is counted.")
            )
        session._tibillet_check_cashier()
        self._check_quantity()
        place = session._tibillet_place(
            [str(uuid.uuid4()), self.ticket_id.id, self.slot_id.id, self.quantity, self.price]
        )
        session._tibillet_check_places([place], [], self.partner_id.sudo())
        if closed := self.ticket_id.sudo()._tibillet_closed(self.partner_id.sudo()):
            raise UserError(closed)  # what only a card pays is sold where it is tapped
        total, tax, subtotal = self._amounts()
        method = session.config_id.payment_method_ids.filtered(wanted)[:1]
        if total and not method:
            raise UserError(self.env._("The till “%s” does not take that.", session.config_id.name))
        orders = self.env["pos.order"]
        read = orders.sync_from_ui([self._till_order(place.line, method, total, tax, subtotal)])
        order = orders.browse(read["pos.order"][0]["id"])
        places_sudo = order.sudo().lines.event_registration_ids  # one's own order
        if places_sudo.filtered("tibillet_no_seat"):
            raise UserError(
                self.env._("%s: not enough seats are left. Nothing was sold.", self.event_id.name)
            )
        return self._told(places_sudo)

    def _check_quantity(self):
        if self.quantity < 1:
            raise UserError(self.env._("Choose one seat at least."))
        if self.is_multi_slots and not self.slot_id:
            raise UserError(self.env._("Choose the slot."))

    def _unit_price(self):
        """A price is typed for a rate of free price only."""
        rate = self.ticket_id
        price = self.price if rate.tibillet_free_price else rate.price
        return float_round(price, precision_digits=2)

    def _taxes(self):
        product_taxes = self.ticket_id.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        position = self.session_id.config_id.default_fiscal_position_id
        return product_taxes, position.map_tax(product_taxes)

    def _amounts(self):
        """What it costs: total, tax in it, without tax."""
        _product_taxes, taxes = self._taxes()
        found = taxes.compute_all(
            self._unit_price(),
            self.company_id.currency_id,
            max(self.quantity, 0),
            product=self.ticket_id.product_id,
            partner=self.partner_id,
        )
        total, without = found["total_included"], found["total_excluded"]
        return total, total - without, without

    def _till_order(self, line, method, total, tax, subtotal):
        """The order as a till's browser would send it."""
        session, rate = self.session_id, self.ticket_id
        product_taxes, _taxes = self._taxes()
        place = {
            "event_id": self.event_id.id,
            "event_slot_id": self.slot_id.id,
            "event_ticket_id": rate.id,
            "partner_id": self.partner_id.id,
        }
        return {
            "uuid": str(uuid.uuid4()),
            "name": "/",
            "session_id": session.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "partner_id": self.partner_id.id,
            "pricelist_id": session.config_id.pricelist_id.id,
            "fiscal_position_id": session.config_id.default_fiscal_position_id.id,
            "sequence_number": 1,
            "state": "paid",
            "to_invoice": False,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": total,
            "amount_tax": tax,
            "amount_paid": total,
            "amount_return": 0,
            "last_order_preparation_change": "{}",
            "lines": [
                Command.create(
                    {
                        "uuid": line,
                        "product_id": rate.product_id.id,
                        "qty": self.quantity,
                        "price_unit": self._unit_price(),
                        "discount": 0,
                        "tax_ids": [Command.set(product_taxes.ids)],
                        "price_subtotal": subtotal,
                        "price_subtotal_incl": total,
                        "event_ticket_id": rate.id,
                        "event_registration_ids": [
                            Command.create(dict(place)) for _place in range(self.quantity)
                        ],
                    }
                )
            ],
            "payment_ids": [
                Command.create(
                    {
                        "uuid": str(uuid.uuid4()),
                        "payment_method_id": method.id,
                        "amount": total,
                    }
                )
            ]
            if total
            else [],
        }

    def _told(self, places):
        """The numbers of what was sold; the form is closed."""
        numbers = places._tibillet_numbered().mapped("tibillet_number")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.event_id.name,
                "message": self.env._(
                    "Sold: %(number)s places. Tickets %(numbers)s.",
                    number=len(places),
                    numbers=", ".join(filter(None, numbers)),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
