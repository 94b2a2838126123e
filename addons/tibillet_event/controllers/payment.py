from odoo.addons.website_event_sale.controllers.payment import PaymentPortalOnsite


class SeatsPayment(PaymentPortalOnsite):
    def _validate_transaction_for_order(self, transaction, sale_order):
        """A payment begins only with every seat of the order in hand.

        Odoo's own check asks for as many seats as the order already holds: the buyer of the
        last two would be refused. What it guards is guarded by the hold; the checks of others
        (stock, delivery) stay.
        """
        result = super(PaymentPortalOnsite, self)._validate_transaction_for_order(
            transaction, sale_order
        )
        order_sudo = sale_order.sudo()  # the visitor's own, by its access token
        order_sudo._tibillet_begin_payment()
        return result
