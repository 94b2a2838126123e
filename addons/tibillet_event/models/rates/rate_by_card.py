"""Rates that a card pays: in money, or in time or points. ADR 0042."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What is asked of a rate and told by its article.
ASKED = ("tibillet_price_asset_id", "tibillet_price_minor", "tibillet_usual_price")


class EventTypeTicket(models.Model):
    _inherit = "event.type.ticket"

    tibillet_card_only = fields.Boolean(
        string="With the card only",
        help="For those who pay with the card: sold at the till, for money that is on a card.",
    )

    @api.model
    def _get_event_ticket_fields_whitelist(self):
        return super()._get_event_ticket_fields_whitelist() + ["tibillet_card_only"]


class EventEventTicket(models.Model):
    """A rate priced in an asset is sold as an article with that price; nobody pays it in money."""

    _inherit = "event.event.ticket"

    tibillet_price_asset_id = fields.Many2one(
        "tibillet.asset",
        string="Priced in",
        domain="[('kind', 'in', ('time', 'points'))]",
        compute="_compute_tibillet_price_asset_id",
        inverse="_inverse_tibillet_asset_price",
        compute_sudo=True,
        help="Paid in this asset alone, by tapping a card at the till: two hours, thirty points. "
        "Empty: priced in money.",
    )
    tibillet_price_minor = fields.Integer(
        string="Price in it",
        compute="_compute_tibillet_price_minor",
        inverse="_inverse_tibillet_asset_price",
        compute_sudo=True,
        help="In the smallest unit of the asset: minutes, points.",
    )
    tibillet_usual_price = fields.Float(
        string="Usual price",
        compute="_compute_tibillet_usual_price",
        inverse="_inverse_tibillet_asset_price",
        compute_sudo=True,
        digits="Product Price",
        help="What it would cost in money. Nobody pays it: a company that declares what it sells "
        "for time has its turnover and VAT at this price.",
    )
    tibillet_asset_price_text = fields.Char(
        string="Price in time or points",
        compute="_compute_tibillet_asset_price_text",
        compute_sudo=True,
    )

    # One method each: who writes one of them keeps the others.

    @api.depends("product_id.tibillet_price_asset_id")
    def _compute_tibillet_price_asset_id(self):
        for rate in self:
            rate.tibillet_price_asset_id = rate.product_id.tibillet_price_asset_id

    @api.depends("product_id.tibillet_price_minor", "product_id.tibillet_price_asset_id")
    def _compute_tibillet_price_minor(self):
        for rate in self:
            product = rate.product_id
            in_asset = product.tibillet_price_asset_id
            rate.tibillet_price_minor = product.tibillet_price_minor if in_asset else 0

    @api.depends("product_id.tibillet_usual_price", "product_id.tibillet_price_asset_id")
    def _compute_tibillet_usual_price(self):
        for rate in self:
            product = rate.product_id
            in_asset = product.tibillet_price_asset_id
            rate.tibillet_usual_price = product.tibillet_usual_price if in_asset else 0

    @api.depends("product_id.tibillet_price_minor", "product_id.tibillet_price_asset_id")
    @api.depends_context("lang")
    def _compute_tibillet_asset_price_text(self):
        for rate in self:
            product = rate.product_id
            asset = product.tibillet_price_asset_id
            rate.tibillet_asset_price_text = (
                asset._format(product.tibillet_price_minor) if asset else ""
            )

    def _inverse_tibillet_asset_price(self):
        """The article follows from the price: an article has one price in one asset."""
        wanted = [(rate, rate._tibillet_asset_asked()) for rate in self]
        for rate, asked in wanted:
            if refusal := rate._tibillet_asset_refusal(*asked):
                raise ValidationError(refusal)
            product = rate.product_id
            if product.sudo().tibillet_price_asset_id and not asked[0]:
                product = rate._default_product_id() or product
            rate.product_id = rate._tibillet_article(product, *asked)
        self.invalidate_recordset(
            [*ASKED, "tibillet_asset_price_text"], flush=False
        )  # told by the article
        self.event_id._tibillet_apply_vat()

    def write(self, vals):
        """Back to money: the article first, then a price that it may have."""
        if vals.get("tibillet_price_asset_id") is False and len(vals) > 1:
            super().write({"tibillet_price_asset_id": False, "tibillet_price_minor": 0})
            vals = {name: value for name, value in vals.items() if name not in ASKED}
        return super().write(vals)

    @api.onchange("tibillet_price_asset_id")
    def _onchange_tibillet_price_asset_id(self):
        """What costs time costs no money."""
        if self.tibillet_price_asset_id:
            self.price = 0
            self.tibillet_free_price = self.tibillet_card_only = False

    def _tibillet_asset_asked(self):
        """(asset as superuser, price in it, usual price); who sets rates may read no assets."""
        self.ensure_one()
        asset_sudo = self.tibillet_price_asset_id.sudo()
        return asset_sudo, self.tibillet_price_minor, self.tibillet_usual_price

    def _tibillet_asset_told(self):
        """The same as its article tells it."""
        self.ensure_one()
        product_sudo = self.product_id.sudo()
        asset_sudo = product_sudo.tibillet_price_asset_id
        if not asset_sudo:
            return asset_sudo, 0, 0
        return asset_sudo, product_sudo.tibillet_price_minor, product_sudo.tibillet_usual_price

    # -- what can be -----------------------------------------------------------------------------

    @api.constrains(
        "product_id",
        "price",
        "event_id",
        "tibillet_free_price",
        "tibillet_invitation",
        "tibillet_card_only",
    )
    def _check_tibillet_by_card(self):
        for rate in self:
            refusal = rate._tibillet_asset_refusal(*rate._tibillet_asset_told())
            if refusal := refusal or rate._tibillet_card_refusal():
                raise ValidationError(refusal)

    def _tibillet_card_refusal(self):
        if self.tibillet_card_only and self.tibillet_invitation:
            return self.env._("“%s” is an invitation: no card pays it.", self.name)
        if self.tibillet_card_only and not self.price and not self.tibillet_free_price:
            return self.env._("“%s” is paid with the card: write its price.", self.name)
        return ""

    def _tibillet_asset_refusal(self, asset, minor, usual):
        """Why the rate cannot cost that, in a sentence; empty when it can."""
        self.ensure_one()
        name = self.name
        if not asset:
            return self.env._("“%s”: say in which asset it is priced.", name) if minor else ""
        company = self.event_id.company_id or self.env.company
        if asset.kind not in ("time", "points"):
            return self.env._(
                "“%(rate)s”: “%(asset)s” is money. Write the price in money and tick “With the "
                "card only”.",
                rate=name,
                asset=asset.name,
            )
        takers = asset.acceptance_ids.filtered(lambda one: one.state == "active").company_id
        if company not in asset.company_id | takers:
            return self.env._(
                "“%(rate)s”: %(company)s does not take “%(asset)s”, which is another place's.",
                rate=name,
                company=company.name,
                asset=asset.name,
            )
        if minor <= 0:
            return self.env._(
                "“%(rate)s”: its price in “%(asset)s” is 1 or more, in %(unit)s.",
                rate=name,
                asset=asset.name,
                unit=asset.unit_label or asset.code,
            )
        if usual < 0:
            return self.env._("“%s”: a usual price is 0 or more.", name)
        if self.price or self.tibillet_free_price:
            return self.env._(
                "“%(rate)s” is paid in “%(asset)s” alone: it has no price in money and no free "
                "price.",
                rate=name,
                asset=asset.name,
            )
        if self.tibillet_invitation or self.tibillet_card_only:
            return self.env._(
                "“%(rate)s” is paid in “%(asset)s”: it is no invitation, and needs no “With the "
                "card only”.",
                rate=name,
                asset=asset.name,
            )
        return ""

    # -- the article -----------------------------------------------------------------------------

    def _tibillet_article(self, product, asset, minor, usual):
        """The article of that price beside a plain one: the same taxes; made where there is none.

        :param product: what the rate would be sold as for money
        """
        self.ensure_one()
        if not asset:
            return product
        company = self.event_id.company_id or self.env.company
        # sudo: who prepares events makes no articles, this one follows from the price of a rate
        plain_sudo = product.sudo().with_company(company)
        found_sudo = plain_sudo.search(
            [
                ("service_tracking", "=", "event"),
                ("company_id", "=", company.id),
                ("tibillet_price_asset_id", "=", asset.id),
                ("tibillet_price_minor", "=", minor),
            ],
            order="id",
        ).filtered(
            lambda one: (
                one.taxes_id == plain_sudo.taxes_id
                and one.categ_id == plain_sudo.categ_id
                and not one.currency_id.compare_amounts(one.tibillet_usual_price, usual)
            )
        )
        if not found_sudo:
            found_sudo = plain_sudo.copy(
                {
                    "name": self.env._("Ticket, %s", asset._format(minor)),
                    "company_id": company.id,
                    "list_price": 0,
                    "taxes_id": [fields.Command.set(plain_sudo.taxes_id.ids)],
                    "tibillet_price_asset_id": asset.id,
                    "tibillet_price_minor": minor,
                    "tibillet_usual_price": usual,
                }
            )
        return found_sudo[0].with_env(self.env)

    # -- said to the buyer -----------------------------------------------------------------------

    def _tibillet_pays_online(self):
        """Whether the website can sell this rate; a seam for paying online from a card's money."""
        self.ensure_one()
        return not self.tibillet_card_only and not self.sudo().tibillet_asset_price_text

    def _tibillet_not_online(self):
        """Where a rate is had that the website does not sell; empty when it does."""
        self.ensure_one()
        if self._tibillet_pays_online():
            return ""
        return self.env._(
            "“%(rate)s” is had at the till, by tapping the card: %(price)s.",
            rate=self.name,
            price=self._tibillet_price_alone(),
        )

    def _tibillet_closed(self, partner, in_basket=False):
        """The website has no card to tap; a till says ``tibillet_at_till`` in its context."""
        closed = super()._tibillet_closed(partner, in_basket=in_basket)
        if closed or self.env.context.get("tibillet_at_till"):
            return closed
        return self._tibillet_not_online()

    def _tibillet_price_alone(self):
        """The price without the words that say how it is paid."""
        return self.with_context(tibillet_price_alone=True)._tibillet_price_text()

    def _tibillet_price_text(self):
        price = self.sudo().tibillet_asset_price_text or super()._tibillet_price_text()
        if self.env.context.get("tibillet_price_alone") or not self.tibillet_card_only:
            return price
        return self.env._("%s with the card", price)


class SaleOrderLine(models.Model):
    """No basket and no order sells what a card alone pays, whichever door it comes by."""

    _inherit = "sale.order.line"

    @api.constrains("event_ticket_id", "product_id")
    def _check_tibillet_online(self):
        for rate in self.event_ticket_id:
            if refusal := rate._tibillet_not_online():
                raise ValidationError(refusal)
