"""An event in two minutes: four answers, and its page is on the website."""

import pytz

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .event_vat import REASONS

MAX_PRICE = 999_999.99


class TibilletEventNew(models.TransientModel):
    _name = "tibillet.event.new"
    _description = "New event"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind_id = fields.Many2one(
        "event.type",
        string="Kind",
        default=lambda self: self.env.ref(
            "tibillet_event.event_type_concert", raise_if_not_found=False
        ),
        help="Sets the capacity, the rates and the mails that are usual for it.",
    )
    name = fields.Char(string="Name of the event", required=True)
    date_begin = fields.Datetime(string="Begins", required=True)
    date_end = fields.Datetime(
        string="Ends",
        required=True,
        compute="_compute_date_end",
        store=True,
        precompute=True,
        readonly=False,
        help="Three hours after the beginning, unless you say otherwise.",
    )
    address_id = fields.Many2one(
        "res.partner",
        string="Venue",
        required=True,
        compute="_compute_address_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    free = fields.Boolean(
        string="Free", compute="_compute_kind", store=True, precompute=True, readonly=False
    )
    price = fields.Monetary(string="Price", help="What the first rate costs.")
    rate_name = fields.Char(
        string="Rate", compute="_compute_kind", store=True, precompute=True, readonly=False
    )
    rate_ids = fields.One2many("tibillet.event.new.rate", "new_id", string="More rates")
    seats_max = fields.Integer(
        string="Capacity",
        compute="_compute_kind",
        store=True,
        precompute=True,
        readonly=False,
        help="0: no limit.",
    )
    description = fields.Text(string="In a few words", help="Read on the event's page.")
    picture = fields.Image(max_width=1920, max_height=1920)
    publish = fields.Boolean(string="On the website at once", default=True)
    vat_id = fields.Many2one(
        "account.tax",
        string="VAT",
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent'),"
        " ('company_id', '=', company_id)]",
        help="Of every rate of this event. Empty: the one of Odoo's ticket article.",
    )
    vat_reason = fields.Selection(REASONS, string="Why this VAT")
    vat_note = fields.Char(string="The reason in words")
    paid_text = fields.Char(compute="_compute_paid_text")
    event_id = fields.Many2one("event.event", string="Event", readonly=True)

    # -- what follows from the answers ----------------------------------------------------------

    @api.depends("date_begin")
    def _compute_date_end(self):
        for form in self:
            form.date_end = form.date_begin and form.env["event.event"]._tibillet_default_end(
                form.date_begin
            )

    @api.depends("company_id")
    def _compute_address_id(self):
        for form in self:
            form.address_id = form.company_id.partner_id

    @api.depends("kind_id")
    def _compute_kind(self):
        """Name of the rate, free or not, and capacity that are usual for the kind."""
        for form in self:
            rates = form.kind_id.event_type_ticket_ids
            form.rate_name = rates[:1].name or form.env._("Full rate")
            form.free = bool(rates) and not rates[0].price
            form.seats_max = form.kind_id.seats_max if form.kind_id.has_seats_limitation else 0

    @api.depends("price", "free", "vat_id", "company_id", "vat_reason")
    def _compute_paid_text(self):
        """What a visitor pays, where VAT comes on top of the price."""
        for form in self:
            taxes = form._taxes()
            paid = taxes.compute_all(form.price, form.currency_id)["total_included"]
            on_top = not form.free and not form.currency_id.is_zero(paid - form.price)
            form.paid_text = on_top and form.env._(
                "Visitors pay %(paid)s, with %(taxes)s on top.",
                paid=form.currency_id.format(paid),
                taxes=", ".join(taxes.mapped("name")),
            )

    def _taxes(self):
        self.ensure_one()
        if self.vat_reason:
            return self.vat_id
        product = self.env["event.event.ticket"]._default_product_id()
        taxes = product.taxes_id if product else self.vat_id
        return taxes.filtered(lambda tax: tax.company_id == self.company_id)

    @api.onchange("price")
    def _onchange_price(self):
        """Who writes a price means it."""
        if self.price:
            self.free = False

    # -- checks ------------------------------------------------------------------------------

    def _check(self):
        """:raises UserError: on what no event can be made of"""
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("You do not work for this place."))
        if not (self.name or "").strip():
            raise UserError(self.env._("Give the event a name."))
        if self.date_end <= self.date_begin:
            raise UserError(self.env._("The end must come after the beginning."))
        if self.date_end <= fields.Datetime.now():
            raise UserError(self.env._("This date is past: choose one that is to come."))
        if self.seats_max < 0:
            raise UserError(self.env._("The capacity is a number of seats, or 0 for no limit."))
        if not self.free and self.price <= 0:
            raise UserError(self.env._("Write the price of the first rate, or tick “Free”."))
        if max([self.price, *self.rate_ids.mapped("price")]) > MAX_PRICE:
            raise UserError(self.env._("A price goes up to 999,999.99."))
        self.rate_ids._check()
        refusal = self.env["event.event"]._tibillet_vat_refusal(
            self.company_id, self.vat_id, self.vat_reason, self.vat_note
        )
        if refusal:
            raise UserError(refusal)
        twin = self.env["event.event"].search(
            [
                ("name", "=", self.name.strip()),
                ("date_begin", "=", self.date_begin),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        if twin:
            raise UserError(
                self.env._(
                    "“%(name)s” exists already on %(when)s: open it from the list.",
                    name=twin.name,
                    when=twin._tibillet_when(),
                )
            )

    # -- the event ---------------------------------------------------------------------------

    def _event_values(self):
        return {
            "name": self.name.strip(),
            "company_id": self.company_id.id,
            "event_type_id": self.kind_id.id,
            "date_begin": self.date_begin,
            "date_end": self.date_end,
            "date_tz": self._tz(),
            "address_id": self.address_id.id,
            "organizer_id": self.company_id.partner_id.id,
            "seats_limited": bool(self.seats_max),
            "seats_max": self.seats_max,
            "event_ticket_ids": [Command.create(values) for values in self._rate_values()],
            "description": plaintext2html(self.description.strip()) if self.description else False,
            "tibillet_picture": self.picture,
            "is_published": self.publish,
            "tibillet_vat_id": self.vat_id.id,
            "tibillet_vat_reason": self.vat_reason,
            "tibillet_vat_note": self.vat_note,
        }

    def _rate_values(self):
        """Values of the event's rates, the first one first."""
        first = {
            "name": (self.rate_name or "").strip() or self.env._("Full rate"),
            "price": 0 if self.free else self.price,
            "sequence": 1,
        }
        return [first, *self.rate_ids._ticket_values()]

    def _tz(self):
        """The place's time zone: visitors come there, whatever clock the programme goes by."""
        # sudo: the place's own settings are the manager's, its clock is no secret
        place_sudo = self.env["tibillet.place"].sudo()._of_company(self.company_id)
        tz = place_sudo.tz or self.env.user.tz
        return tz if tz in pytz.all_timezones_set else "UTC"

    def action_create(self):
        """Make the event, publish it when asked to, and open it. Asked twice, it is one event.

        :raises UserError: on what no event can be made of
        """
        self.ensure_one()
        if not self.event_id:
            self._check()
            self.event_id = (
                self.env["event.event"].with_company(self.company_id).create(self._event_values())
            )
        return self.event_id._tibillet_form_action()
