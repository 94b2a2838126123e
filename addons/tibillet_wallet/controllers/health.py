from odoo import http
from odoo.http import request

NO_STORE = [("Cache-Control", "no-store")]


class Health(http.Controller):
    @http.route(
        "/tibillet/health",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        multilang=False,
        sitemap=False,
    )
    def health(self):
        """200 when the server is well, 503 when not; the reasons for who bears the token.

        The token goes in the header ``Authorization: Bearer …``, never in the address, which
        proxies write down.
        """
        answer = request.env["tibillet.rate.limit"]._hit_request("health", 120)
        if not answer.allowed:
            retry_after = ("Retry-After", str(answer.retry_after_s))
            return request.make_json_response(
                {"error": "rate_limited"}, status=429, headers=[*NO_STORE, retry_after]
            )
        scheme, __, token = request.httprequest.headers.get("Authorization", "").partition(" ")
        health = request.env["tibillet.health"]
        if scheme and not (scheme.lower() == "bearer" and health._token_ok(token.strip())):
            return request.make_json_response(
                {"error": "wrong token"},
                status=401,
                headers=[*NO_STORE, ("WWW-Authenticate", "Bearer")],
            )
        # sudo: a monitor has no user; what is told is listed part by part.
        report = health.sudo()._report()
        status = 200 if report["status"] == "pass" else 503
        told = report if scheme else {"status": report["status"]}
        return request.make_json_response(told, status=status, headers=NO_STORE)
