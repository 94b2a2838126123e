from odoo.exceptions import UserError
from odoo.http import Controller, request, route
from odoo.tools import consteq

TRIES = ("event-volunteers", 20, 600)  # of one address in ten minutes
MINE = "/volunteers/<int:row_id>/<string:signature>"
EVENT = '/event/<model("event.event"):event>/volunteers'
FESTIVAL = "/festival/<string:slug>/volunteers"


class VolunteersController(Controller):
    """Signing up for shifts; one's own shifts by a signed address.

    Looking at the address changes nothing: mail programs open links by themselves.
    """

    @route(
        [EVENT, FESTIVAL],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def volunteers(self, event=None, slug=None, **post):
        """Shifts that are open, and the form; posted, it signs up for what was ticked."""
        occasion_sudo = self._occasion_sudo(event, slug)
        shifts_sudo = occasion_sudo._tibillet_open_shifts()
        typed = {
            "name": post.get("name") or "",
            "email": post.get("email") or "",
            "shifts": {
                int(text)
                for text in request.httprequest.form.getlist("shift")
                if text.isascii() and text.isdigit() and len(text) < 10
            },
        }
        values = {"occasion": occasion_sudo, "typed": typed, "main_object": occasion_sudo}
        if request.httprequest.method == "POST":
            chosen_sudo = shifts_sudo.filtered(lambda shift: shift.id in typed["shifts"])
            values.update(self._sign_up(chosen_sudo, typed))
        return request.render("tibillet_event.volunteers_page", {**values, "shifts": shifts_sudo})

    def _sign_up(self, chosen_sudo, typed):
        if not request.env["tibillet.rate.limit"]._hit_request(*TRIES).allowed:
            return {"said": request.env._("Too many tries from here. Try again in a few minutes.")}
        try:
            done_sudo, refused = chosen_sudo._sign_up(
                typed["name"], typed["email"], request.lang.code
            )
        except UserError as refusal:
            return {"said": str(refusal)}
        typed["shifts"] = set()
        return {"done": done_sudo, "refused": refused}

    def _occasion_sudo(self, event, slug):
        """The published event or festival, in sudo."""
        if event is not None:
            if not event.can_access_from_current_website():
                raise request.not_found()
            event.check_access("read")
            return event.sudo()  # shown to everybody
        _name, number = request.env["ir.http"]._unslug(slug)
        festivals_sudo = request.env["tibillet.festival"].sudo()  # published ones only
        festival_sudo = festivals_sudo.search(
            [
                ("is_published", "=", True),
                ("company_id", "=", request.website.company_id.id),
                ("id", "=", number or 0),
            ]
        )
        if not festival_sudo:
            raise request.not_found()
        return festival_sudo

    # -- one's own shifts --------------------------------------------------------------------------

    def _row_sudo(self, row_id, signature):
        # Whoever has the signed address may see this person's shifts and cancel them.
        row_sudo = request.env["tibillet.shift.volunteer"].sudo().browse(row_id).exists()
        if not row_sudo or not consteq(row_sudo._signature(), signature):
            raise request.not_found()
        return row_sudo

    @route(MINE, type="http", auth="public", website=True, sitemap=False)
    def mine(self, row_id, signature, **post):
        """What somebody signed up for."""
        return self._mine_page(self._row_sudo(row_id, signature))

    def _mine_page(self, row_sudo, said=None):
        return request.render(
            "tibillet_event.volunteers_mine_page",
            {"row": row_sudo, "rows": row_sudo._mine(), "said": said},
        )

    @route(
        f"{MINE}/cancel/<int:mine_id>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def cancel(self, row_id, signature, mine_id, **post):
        """Off one shift, until its date."""
        row_sudo = self._row_sudo(row_id, signature)
        mine_sudo = row_sudo._mine().filtered(lambda one: one.id == mine_id)
        try:
            if mine_sudo:
                mine_sudo._leave()
        except UserError as refusal:
            return self._mine_page(row_sudo, str(refusal))
        return request.redirect(row_sudo._get_path())
