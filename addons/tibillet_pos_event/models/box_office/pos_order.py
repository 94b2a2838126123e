from odoo import api, models

from ..event_registration import PAID


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _process_order(self, order, existing_order):
        result = super()._process_order(order, existing_order)
        if order.get("state") in PAID:
            self.browse(result)._tibillet_look_at_free_prices()
        return result

    def _tibillet_look_at_free_prices(self):
        """A price that its rate does not allow was paid: nobody is refused, somebody is told."""
        for line in self.sudo().lines:  # of the cashier's own order
            rate, place = line.event_ticket_id, line.event_registration_ids.sorted("id")[:1]
            if not rate.tibillet_free_price or line.qty <= 0 or not place:
                continue
            wrong = rate._tibillet_read_price(str(round(line.price_unit, 2)))[1]
            if wrong and not place.activity_ids:
                place.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("A price that the rate does not allow"),
                    note=self.env._(
                        "%(wrong)s Order %(order)s was paid at the till with another price: look "
                        "at it with the cashier.",
                        wrong=wrong,
                        order=line.order_id.pos_reference or line.order_id.name,
                    ),
                    user_id=place.event_id.user_id.id or self.env.uid,
                )
