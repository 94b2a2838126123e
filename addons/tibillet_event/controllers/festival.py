from odoo import fields
from odoo.http import Controller, request, route

MOST = 100  # festivals on one page


class FestivalController(Controller):
    """A festival's page: its days by stage, with rates and passes."""

    def _published(self):
        """What this website shows: published festivals of its place, in sudo."""
        return [
            ("is_published", "=", True),
            ("company_id", "=", request.website.company_id.id),
        ]

    @route("/festival", type="http", auth="public", website=True, sitemap=True, readonly=True)
    def festivals(self):
        """Festivals that are to come or under way."""
        festivals_sudo = request.env["tibillet.festival"].sudo()  # published ones only
        festivals_sudo = festivals_sudo.search(
            [*self._published(), ("date_to", ">=", fields.Date.today())],
            order="date_from, id",
            limit=MOST,
        )
        return request.render("tibillet_event.festival_list", {"festivals": festivals_sudo})

    @route(
        "/festival/<string:slug>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def festival(self, slug):
        """One festival; what is not published is not there."""
        _name, number = request.env["ir.http"]._unslug(slug)
        festivals_sudo = request.env["tibillet.festival"].sudo()  # published ones only
        festival_sudo = festivals_sudo.search([*self._published(), ("id", "=", number or 0)])
        if not festival_sudo:
            raise request.not_found()
        return request.render(
            "tibillet_event.festival_page",
            {
                "festival": festival_sudo,
                "main_object": festival_sudo,
                "passes": festival_sudo._page_passes(),
                "days": festival_sudo._page_days(),
            },
        )
