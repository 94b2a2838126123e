from odoo import models


def shares(amount, weights, currency):
    """Cut an amount in parts that follow the weights and add up to the cent.

    :param weights: whole numbers; all 0 means equal parts
    :return: list of amounts in the order of the weights
    """
    if not weights:
        return []
    if not any(weights):
        weights = [1] * len(weights)
    unit = currency.rounding
    whole = round(amount / unit)
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    # What is left goes to those who lost most by rounding, the first ones first.
    lost = sorted(range(len(weights)), key=lambda n: (-(whole * weights[n] % total), n))
    for n in lost[: whole - sum(parts)]:
        parts[n] += 1
    return [currency.round(part * unit) for part in parts]


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def _tibillet_pass_price(self):
        """What was asked for this pass, taxes included: its part of its order line."""
        self.ensure_one()
        line_sudo = self.sudo().sale_order_line_id  # who refunds need not sell
        if not line_sudo:
            return 0.0
        places = line_sudo.registration_ids._tibillet_by_sale()
        number = max(len(places), round(line_sudo.product_uom_qty))
        parts = shares(line_sudo.price_total, [1] * number, line_sudo.currency_id)
        return parts[places.ids.index(self.id)]

    def _tibillet_pass_share(self, amount=None):
        """Which part of the pass's price belongs to each event that it opens.

        By what a seat of each event cost by itself when the pass was sold; equal parts where
        they were free. Seats that are cancelled keep their part: the sum is always the amount.

        :param amount: what is to be cut, in the order's currency; by default what was asked
        :return: dict of seat (``event.registration``) → amount; empty for what is no pass
        """
        self.ensure_one()
        seats_sudo = self.sudo().with_context(active_test=False).tibillet_pass_seat_ids
        seats_sudo = seats_sudo.sorted("id")  # all of them, archived too, or it would not add up
        order_sudo = self.sudo().sale_order_id  # its currency
        company = self.company_id or self.env.company
        currency = order_sudo.currency_id or company.currency_id
        price = self._tibillet_pass_price() if amount is None else amount
        parts = shares(price, seats_sudo.mapped("tibillet_pass_weight"), currency)
        return dict(zip(seats_sudo.sudo(False), parts, strict=True))


class EventEvent(models.Model):
    _inherit = "event.event"

    def _tibillet_pass_weight(self):
        """In cents, what a seat costs by itself: the dearest rate that anybody may buy."""
        self.ensure_one()
        rates_sudo = self.sudo().event_ticket_ids.filtered(  # prices only
            lambda rate: not rate.tibillet_invitation and not rate.tibillet_rights
        )
        return round(100 * max(rates_sudo.mapped("price"), default=0))
