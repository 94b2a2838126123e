"""Once paid, an order knows what of each line its seller gave, or had taxed when the card was
loaded; nothing changes it afterwards."""

from odoo import models

from odoo.addons.tibillet_wallet.gift_shares import largest_remainder


class PosOrder(models.Model):
    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        for order in self:
            payments = order.payment_ids._tibillet_wallet_lines()
            order._tibillet_write_gifts(payments.filtered(lambda paid: paid.amount > 0), 1)
            order._tibillet_write_gifts(payments.filtered(lambda paid: paid.amount < 0), -1)
        return result

    def _tibillet_write_gifts(self, payments, sign):
        """Share out the gifts that cards brought, or that went back to them, after what was
        taxed when they were loaded.

        Never refuses: the sale took place. What no line can bear stays a payment.

        :param int sign: 1 for what was sold, -1 for what was taken back
        """
        found = [(payment, *payment._tibillet_no_turnover()) for payment in payments.sorted("id")]
        gifts = [gift for _payment, some, _singles in found for gift in some]
        singles = [(payment, single) for payment, _some, some in found for single in some]
        taxed, nets, taxed_of = self._tibillet_share_singles(singles, sign)
        if not gifts and not any(taxed):
            return
        till, digits = self.env["tibillet.till"], 10**self.currency_id.decimal_places
        lines, first = self._tibillet_gift_lines(sign, taxed)
        shares, _left_over = till._ledger()._gift_discounts(gifts, lines, first)
        for line, *parts in zip(self.lines, shares, taxed, nets, strict=True):
            if any(parts[:2]):
                line._tibillet_write_gift(*(sign * part / digits for part in parts))
        placed_minor = sum(
            till._to_minor(sign * (line.tibillet_gift - line.tibillet_taxed), self.currency_id)
            for line in self.lines
            if sign * line.tibillet_gift > 0
        )
        for payment, some, _singles in found:
            part = min(placed_minor, sum(gift.amount_minor for gift in some))
            taxed_minor, net_minor = taxed_of.get(payment, (0, 0))
            payment._tibillet_write_gift(
                sign * (part + taxed_minor) / digits, sign * net_minor / digits
            )
            placed_minor -= part

    def _tibillet_share_singles(self, singles, sign):
        """What of each line was taxed when the cards were loaded: tax included, and its net as the
        wallets' debt knows it.

        :param singles: list of ``(payment, (asset, amount_minor, net_minor))``
        :returns: two lists of minor units, one per line, and ``{payment: (amount, net)}``
        """
        ledger = self.env["tibillet.till"]._ledger()
        taxed, nets, of_payment = [0] * len(self.lines), [0] * len(self.lines), {}
        for payment, single in singles:
            _asset, amount_minor, net_minor = single
            lines, first = self._tibillet_gift_lines(sign, taxed, "tibillet_taxed")
            shares, left_over = ledger._single_shares([single], lines, self.company_id, first)
            placed_minor = amount_minor - left_over
            net_minor = net_minor * placed_minor // amount_minor
            for at, part in enumerate(largest_remainder(net_minor, shares)):
                taxed[at] += shares[at]
                nets[at] += part
            before = of_payment.get(payment, (0, 0))
            of_payment[payment] = before[0] + placed_minor, before[1] + net_minor
        return taxed, nets, of_payment

    def _tibillet_gift_lines(self, sign, taxed, kind="tibillet_gift"):
        """The lines as the ledger takes them, and what was given of those taken back.

        :param taxed: what of each line has its place already, in minor units
        :param kind: whether it is asked for gifts, or for what was taxed before
        :returns: ``(lines, first)``, see ``_gift_discounts``
        """
        to_minor = self.env["tibillet.till"]._to_minor
        moved = self.env["tibillet.figures"]._moved_products(self.company_id)
        lines, first = [], []
        for line, taken in zip(self.lines, taxed, strict=True):
            sold = line.product_id.id not in moved and not line._tibillet_moves_money
            amount = sign * line.price_subtotal_incl if sold else 0
            room = max(0, to_minor(amount, self.currency_id) - taken)
            lines.append((line.product_id, room, None))
            given = line.refunded_orderline_id._tibillet_given_left(kind) if sign < 0 else 0
            first.append(max(0, min(to_minor(given, self.currency_id), room)))
        return lines, first
