from odoo.exceptions import ValidationError
from odoo.http import Controller, request, route


class GuestsController(Controller):
    """The page where who invites writes the names; its address is the key."""

    def _list_sudo(self, token):
        # Whoever has the address may give the places of this list, and see nothing else.
        lists_sudo = request.env["tibillet.guest.list"].sudo()
        return lists_sudo.search([("access_token", "=", token)], limit=1)

    @route("/event/guests/<string:token>", type="http", auth="public", website=True, sitemap=False)
    def guests(self, token, **post):
        guests_sudo = self._list_sudo(token)
        if not guests_sudo:
            raise request.not_found()
        return self._page(guests_sudo)

    @route(
        "/event/guests/<string:token>/invite",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def invite(self, token, name="", email="", **post):
        """One guest; what was typed stays when it cannot be."""
        guests_sudo = self._list_sudo(token)
        if not guests_sudo:
            raise request.not_found()
        try:
            with request.env.cr.savepoint():
                guests_sudo._invite(name, email)
        except ValidationError as error:
            typed = {"said": str(error), "typed_name": name, "typed_email": email}
            return self._page(guests_sudo, **typed)
        return request.redirect(guests_sudo._get_url())

    def _page(self, guests_sudo, **values):
        places_sudo = guests_sudo.registration_ids.filtered(lambda one: one.state != "cancel")
        return request.render(
            "tibillet_event.guests_page",
            {
                "guests": guests_sudo,
                "event": guests_sudo.event_id,
                "places": places_sudo,
                "left": guests_sudo.quota - len(places_sudo),
                **values,
            },
        )
