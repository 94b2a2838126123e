from decimal import Decimal

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount


class SaleOrder(models.Model):
    """A basket keeps to the rates: at the moment a place is added, and again before payment."""

    _inherit = "sale.order"

    # -- adding ----------------------------------------------------------------------------------

    def _cart_find_product_line(
        self,
        *args,
        event_ticket_id=False,
        tibillet_amount=None,
        tibillet_option_id=False,
        **kwargs,
    ):
        """Places of one rate at two chosen prices are two lines, and each option is one."""
        lines = super()._cart_find_product_line(*args, event_ticket_id=event_ticket_id, **kwargs)
        lines = lines.filtered(
            lambda line: line.tibillet_option_id.id == (tibillet_option_id or False)
        )
        if tibillet_amount is None:
            return lines
        return lines.filtered(
            lambda line: (
                not line.currency_id.compare_amounts(line.tibillet_amount, float(tibillet_amount))
            )
        )

    def _prepare_order_line_values(
        self, *args, tibillet_amount=None, tibillet_option_id=False, **kwargs
    ):
        values = super()._prepare_order_line_values(*args, **kwargs)
        if tibillet_option_id:
            values["tibillet_option_id"] = tibillet_option_id
        if tibillet_amount is not None:
            values["tibillet_amount"] = float(tibillet_amount)
        return values

    def _verify_updated_quantity(
        self, order_line, product_id, new_qty, uom_id, *, event_ticket_id=False, **kwargs
    ):
        """Rights, dates and numbers of a rate are checked where a place enters the basket.

        :raises ValidationError: with the sentence for the buyer; nothing was added
        """
        rate = self.env["event.event.ticket"].browse(event_ticket_id or []).exists()
        if rate:
            if closed := rate._tibillet_closed(self.partner_id):
                raise ValidationError(closed)
            amount = kwargs.get("tibillet_amount")
            if amount is None:
                amount = order_line.tibillet_amount if order_line else rate.price
            if rate.tibillet_free_price and (
                wrong := rate._tibillet_wrong_amount(Decimal(str(amount)))
            ):
                raise ValidationError(wrong)
        if order_line.tibillet_option_id and new_qty > order_line._tibillet_chosen():
            return order_line.product_uom_qty, self.env._(
                "“%s” is chosen with the places.", order_line.tibillet_option_id.name
            )
        others = (self.order_line - order_line).filtered(
            lambda line: line.event_ticket_id == (rate or order_line.event_ticket_id)
        )
        whole = new_qty + sum(others.mapped("product_uom_qty"))
        if (rate or order_line.event_ticket_id) and (
            wrong := (rate or order_line.event_ticket_id)._tibillet_wrong_quantity(whole)
        ):
            if rate:
                raise ValidationError(wrong)
            return order_line.product_uom_qty, wrong
        return super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, event_ticket_id=event_ticket_id, **kwargs
        )

    def _cart_update_order_line(self, order_line, quantity, **kwargs):
        """Fewer places, fewer of the options that went with them."""
        options = order_line.linked_line_ids.filtered("tibillet_option_id")
        line = super()._cart_update_order_line(order_line, quantity, **kwargs)
        for option_line in options.exists():
            chosen = option_line._tibillet_chosen()
            if chosen < option_line.product_uom_qty:
                super()._cart_update_order_line(option_line, chosen)
        return line

    # -- before payment --------------------------------------------------------------------------

    def _tibillet_rate_lines(self):
        return self.order_line.filtered("event_ticket_id")

    def _tibillet_price_changes(self):
        """Sentences on prices that are no longer what the basket says; nothing is written."""
        self.ensure_one()
        sentences = []
        for line in self._tibillet_rate_lines() + self.order_line.filtered("tibillet_option_id"):
            price = line._tibillet_price_now()
            if line.currency_id.compare_amounts(price, line.price_unit):
                sentences.append(
                    self.env._(
                        "“%(rate)s” now costs %(now)s, no longer %(before)s.",
                        rate=line._tibillet_label(),
                        now=format_amount(self.env, price, line.currency_id),
                        before=format_amount(self.env, line.price_unit, line.currency_id),
                    )
                )
        codes_sudo, dead = self._tibillet_codes()
        sentences += dead
        if not sentences and self._tibillet_uses_sudo():
            expected = self._tibillet_discounts(codes_sudo)
            if any(abs(line.discount - now) > 0.0001 for line, (_own, now) in expected.items()):
                sentences.append(self.env._("What your code takes off has changed."))
        return sentences

    def _tibillet_refusals(self):
        """Sentences on lines that this buyer may not pay for now; nothing is written."""
        self.ensure_one()
        sentences = []
        lines = self._tibillet_rate_lines()
        for rate, same in lines.grouped("event_ticket_id").items():
            sentences.append(rate._tibillet_closed(self.partner_id, in_basket=True))
            sentences.append(rate._tibillet_wrong_quantity(sum(same.mapped("product_uom_qty"))))
            sentences += [line._tibillet_wrong_amount() for line in same]
        for event in lines.event_id:
            registrations = self.env["event.registration"].search(
                [
                    ("sale_order_id", "=", self.id),
                    ("event_id", "=", event.id),
                    ("state", "!=", "cancel"),
                ]
            )
            asked = [(one.event_ticket_id, one.email) for one in registrations]
            sentences += event._tibillet_over_limits(asked, self.partner_id, self, touch=True)
        return list(dict.fromkeys(sentence for sentence in sentences if sentence))

    def _tibillet_check_before_payment(self):
        """Nobody pays a price that was not told, nor for a place that is not for them.

        :raises ValidationError: sentences and what to do; nothing was charged
        """
        for order in self.filtered("website_id"):
            sentences = order._tibillet_refusals() + order._tibillet_price_changes()
            if sentences:
                sentences.append(
                    self.env._("Nothing was charged. Go back to your basket to see the new total.")
                )
                raise ValidationError("\n".join(sentences))
            order._tibillet_hold_codes()

    def _check_cart_is_ready_to_be_paid(self):
        self._tibillet_check_before_payment()
        return super()._check_cart_is_ready_to_be_paid()

    def _recompute_cart(self):
        """Prices are brought up to date before the payment page shows: say which ones moved."""
        for order in self.filtered("website_id"):
            order._tibillet_tell(order._tibillet_price_changes())
            order._tibillet_drop_dead_codes()
        return super()._recompute_cart()

    def _tibillet_refresh(self):
        """Bring a basket that is looked at up to date, if its prices moved, and say so."""
        for order in self:
            if order.state == "draft" and order._tibillet_price_changes():
                order._recompute_cart()

    def _tibillet_tell(self, sentences):
        """Show the sentences beside the basket, once."""
        self.ensure_one()
        if sentences:
            said = (self.shop_warning or "").splitlines()
            self.shop_warning = "\n".join(dict.fromkeys([*said, *sentences]))
