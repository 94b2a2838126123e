from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import PaymentPortal
from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.main import WebsiteSale


class CodesController(WebsiteSale):
    """The basket's own field for a code takes ours too, without a script."""

    @route()
    def pricelist(self, promo, **post):
        """A code of events on a basket of events, else what Odoo makes of it."""
        order_sudo = request.cart
        text = (promo or "").strip()
        if not text or not order_sudo or not order_sudo._tibillet_rate_lines():
            return super().pricelist(promo, **post)
        answer = request.env["tibillet.rate.limit"]._hit_request("event-code", 30, 600)
        if not answer.allowed:
            order_sudo._tibillet_tell(
                [request.env._("Too many codes were tried. Try again in a few minutes.")]
            )
            return request.redirect("/shop/cart")
        known_sudo = request.env["tibillet.code"].sudo()._named(text, order_sudo.company_id)
        pricelist_sudo = request.env["product.pricelist"].sudo().search([("code", "=", text)])
        if not known_sudo and pricelist_sudo:
            return super().pricelist(promo, **post)
        if said := order_sudo._tibillet_add_code(text):
            order_sudo._tibillet_tell([said])
        return request.redirect("/shop/cart")

    @route(
        "/shop/tibillet_code/remove",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def tibillet_code_remove(self, code="", **post):
        """Take a code off the basket; the prices are what they were without it."""
        order_sudo = request.cart
        if order_sudo:
            uses_sudo = order_sudo._tibillet_uses_sudo()
            order_sudo._tibillet_release_codes(
                uses_sudo.code_id.filtered(lambda one: one.name == code)
            )
        return request.redirect("/shop/cart")


class CodesCart(Cart):
    @route()
    def cart(self, *args, **kwargs):
        """What changed since the basket was filled is told where it is looked at."""
        if request.cart:
            request.cart._tibillet_refresh()
        return super().cart(*args, **kwargs)


class PortalPayment(PaymentPortal):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """A basket that is paid by its link is a basket all the same."""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):  # Odoo's own answer says what is wrong
            return super().portal_order_transaction(order_id, access_token, **kwargs)
        order_sudo._tibillet_check_before_payment()
        return super().portal_order_transaction(order_id, access_token, **kwargs)
