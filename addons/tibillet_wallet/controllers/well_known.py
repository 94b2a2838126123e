from odoo import http
from odoo.http import request

MAX_AGE_S = 300


class WellKnown(http.Controller):
    @http.route(
        "/.well-known/tibillet",
        type="http",
        auth="public",
        methods=["GET"],
        cors="*",
        save_session=False,
        multilang=False,
        sitemap=False,
    )
    def well_known(self):
        """Keys and places of this node, for everyone (contract 5); kept five minutes by caches."""
        answer = request.env["tibillet.rate.limit"]._hit_request("wellknown", 120)
        if not answer.allowed:
            return request.make_json_response(
                {"error": "rate_limited"},
                status=429,
                headers=[("Retry-After", str(answer.retry_after_s)), ("Cache-Control", "no-store")],
            )
        body, etag = request.env["tibillet.well.known"]._body()
        response = request.make_response(
            body,
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Cache-Control", f"public, max-age={MAX_AGE_S}"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        response.set_etag(etag)
        return response.make_conditional(request.httprequest.environ)
