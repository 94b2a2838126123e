import hashlib

from odoo import http
from odoo.http import request

from odoo.addons.tibillet_wallet.exceptions import SigningError

from ..models.allies.tibillet_well_known import FRESH_S

LIMIT = ("revoked", 120)


class Revoked(http.Controller):
    @http.route(
        "/tibillet/revoked/<int:number>.json",
        type="http",
        auth="public",
        methods=["GET"],
        website=False,
        cors="*",
        save_session=False,
        multilang=False,
        sitemap=False,
    )
    def revoked(self, number):
        """The signed list of a place's void tickets, for every gate (contracts 4 and 5)."""
        answer = request.env["tibillet.rate.limit"]._hit_request(*LIMIT)
        if not answer.allowed:
            return self._not_now(429, "rate_limited", answer.retry_after_s)
        places_sudo = request.env["tibillet.place"].sudo()  # public: digests, and nobody's name
        place_sudo = places_sudo.search([("number", "=", number)])
        if not place_sudo:
            raise request.not_found()
        try:
            body = request.env["tibillet.well.known"].sudo()._revoked_body(place_sudo)
        except SigningError:
            return self._not_now(503, "not_signed", FRESH_S)
        response = request.make_response(
            body,
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Cache-Control", f"public, max-age={FRESH_S // 2}"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        response.set_etag(hashlib.sha256(body).hexdigest()[:32])
        return response.make_conditional(request.httprequest.environ)

    def _not_now(self, status, code, retry_after_s):
        return request.make_json_response(
            {"error": code},
            status=status,
            headers=[("Retry-After", str(retry_after_s)), ("Cache-Control", "no-store")],
        )
