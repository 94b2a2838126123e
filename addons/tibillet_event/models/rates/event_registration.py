from odoo import api, models


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.depends("sale_order_id.state", "sale_order_id.currency_id", "sale_order_id.amount_total")
    def _compute_registration_status(self):
        """A basket that costs nothing is still a basket: its places are not given yet.

        Odoo opens them (ticket and mail) as soon as the total is 0, so a code of 100 % would
        hand out the tickets before anybody has confirmed.
        """
        drafts = self.filtered(
            lambda one: (
                one.sale_order_id.state in ("draft", "sent") and one.state in (False, "draft")
            )
        )
        result = super()._compute_registration_status()
        drafts.filtered(lambda one: one.state == "open").state = "draft"
        return result
