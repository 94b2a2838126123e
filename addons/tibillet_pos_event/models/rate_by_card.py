"""Rates that a card pays, at the till: what it loads, what is refused, what a place cost.

ADR 0042: the till's own prices in an asset do the work; here they meet the rates.
"""

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class EventEvent(models.Model):
    _inherit = "event.event"

    def _tibillet_ticket_product(self):
        return self.env["event.event.ticket"]._tibillet_at_tills(super()._tibillet_ticket_product())


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "tibillet_card_only"]

    def _tibillet_article(self, product, asset, minor, usual):
        article = super()._tibillet_article(product, asset, minor, usual)
        return self._tibillet_at_tills(article) if asset else article

    @api.model
    def _tibillet_at_tills(self, article):
        """An article that was made for rates is known to tills: some sell by it alone."""
        article_sudo = article.sudo()  # it follows from a rate, whoever set it
        if not article_sudo.available_in_pos:
            article_sudo.available_in_pos = True
        return article

    def _tibillet_unlike(self, seen):
        """Why a till that knows a rate like that cannot sell it, or an empty text.

        :param seen: ``{"product_id", "card_only"}`` as the till loaded them; None: not said
        """
        if seen is None:
            return ""
        known = (seen.get("product_id"), seen.get("card_only")) if isinstance(seen, dict) else ()
        if known == (self.product_id.id, self.tibillet_card_only):
            return ""
        return self.env._(
            "“%s” has another price now. Load the page again, then sell it anew.", self.name
        )


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _tibillet_price_without_gift(self):
        """A price in time is no money; where its seller declares it, it is the usual price."""
        if not self.tibillet_declared_price:
            return super()._tibillet_price_without_gift()
        found = self.tax_ids_after_fiscal_position.compute_all(
            self.tibillet_declared_price, self.currency_id, self.qty, self.product_id
        )
        return found["total_included"], found["total_excluded"]


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def _tibillet_paid_in(self):
        """Of a place whose rate is priced in an asset, that price: a card paid it."""
        told = super()._tibillet_paid_in()
        for place_sudo in self.sudo():  # a cashier reads no assets
            product_sudo = place_sudo.pos_order_line_id.product_id
            asset_sudo = product_sudo.tibillet_price_asset_id
            if asset_sudo:
                lang = place_sudo.company_id.partner_id.lang
                asset_sudo = asset_sudo.with_context(lang=lang)
                told[self.browse(place_sudo.id)] = asset_sudo._format(
                    product_sudo.tibillet_price_minor
                )
        return told

    def _tibillet_till_ticket(self, price_minor, vat_minor, currency):
        """On paper: what the card paid, and what it is worth where that is declared."""
        ticket = super()._tibillet_till_ticket(price_minor, vat_minor, currency)
        if paid_in := self._tibillet_paid_in().get(self):
            worth = f" ({ticket['price']})" if price_minor else ""
            ticket.update(free=False, price=f"{paid_in}{worth}")
        return ticket


class PosOrder(models.Model):
    _inherit = "pos.order"

    def action_pos_order_paid(self):
        """No place of a rate that a card pays is had for anything else.

        :raises UserError: nothing was recorded; the till says the same before the money
        """
        for order in self:
            order._tibillet_check_by_card()
        return super().action_pos_order_paid()

    def _tibillet_check_by_card(self):
        lines_sudo = self.lines.sudo()  # a cashier reads no assets
        places_sudo = lines_sudo.filtered(lambda one: one.qty > 0 and one.event_ticket_id)
        for line_sudo in places_sudo:
            asset_sudo = line_sudo.event_ticket_id.tibillet_price_asset_id
            if asset_sudo and line_sudo.product_id.tibillet_price_asset_id != asset_sudo:
                raise UserError(
                    self.env._(
                        "“%(product)s” is paid in %(asset)s by tapping a card, and no card paid "
                        "it.",
                        product=line_sudo.event_ticket_id.name,
                        asset=asset_sudo.name,
                    )
                )
        by_card_sudo = places_sudo.filtered("event_ticket_id.tibillet_card_only")
        due = sum(by_card_sudo.mapped("price_subtotal_incl"))
        paid = sum(self.payment_ids._tibillet_wallet_lines().mapped("amount"))
        if by_card_sudo and self.currency_id.compare_amounts(paid, due) < 0:
            raise UserError(
                self.env._(
                    "“%(rate)s” is for those who pay with the card: %(due)s of this order is "
                    "paid by tapping one. Sell another rate to who has none.",
                    rate=by_card_sudo[0].event_ticket_id.name,
                    due=self.currency_id.format(due),
                )
            )


class TibilletUndo(models.AbstractModel):
    """Undoing a sale gives its seats back too; a place that was scanned was used."""

    _inherit = "tibillet.undo"

    @api.model
    def _check_whole(self, order):
        result = super()._check_whole(order)
        places_sudo = order.sudo().lines.event_registration_ids  # of the cashier's own order
        if "done" in places_sudo.mapped("state"):
            raise LedgerError(
                "not_allowed",
                self.env._(
                    "A ticket of this sale was scanned already: it is not undone. Nothing was "
                    "given back."
                ),
            )
        return result

    @api.model
    def _negative_order(self, session, device, seq, key, order, reason):
        undo = super()._negative_order(session, device, seq, key, order, reason)
        places_sudo = order.sudo().lines.event_registration_ids  # of the cashier's own order
        places_sudo.filtered(lambda one: one.state != "cancel").write({"state": "cancel"})
        return undo
