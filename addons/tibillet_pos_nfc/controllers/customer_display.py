"""The screen that faces the customer: its words, in the language of the till behind it."""

from odoo import http
from odoo.http import request

from odoo.addons.point_of_sale.controllers.customer_display import PosCustomerDisplay
from odoo.addons.web.controllers.webclient import WebClient

WORDS_URL = "/tibillet/customer/translations"
# Whose words stand on that screen. A visitor's pages load them not, nor this screen theirs.
SPEAKERS = "web,bus,point_of_sale,tibillet_pos_nfc"


class CustomerDisplay(PosCustomerDisplay):
    @http.route()
    def pos_customer_display(self, id_, device_uuid, **kw):
        """Say what the screen says in the till's own language.

        Odoo serves this page as one of the website's: without the words of the till's addons,
        and, where nobody is logged in, in the language of the public user, which nobody sets.
        """
        response = super().pos_customer_display(id_, device_uuid, **kw)
        told = response.qcontext["session_info"]
        told["translationURL"] = WORDS_URL
        if request.env.user._is_public():
            # A visitor's screen reads no till; its language is no secret.
            config_sudo = request.env["pos.config"].sudo().browse(int(id_))
            told["user_context"]["lang"] = config_sudo._tibillet_lang()
        return response

    @http.route(WORDS_URL, type="http", auth="public", readonly=True, sitemap=False)
    def translations(self, hash=None, lang=None):  # noqa: A002 (the web client's own word)
        """The words of that screen in an installed language; nothing else is read."""
        return WebClient().translations(hash, mods=SPEAKERS, lang=lang)
