import json

from odoo import http
from odoo.http import content_disposition, request


class People(http.Controller):
    @http.route(
        "/tibillet/people/<int:partner_id>/export",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
        multilang=False,
        sitemap=False,
    )
    def export(self, partner_id):
        """Everything that is held of a person, as one JSON file; kept nowhere here."""
        partner = request.env["res.partner"].browse(partner_id).exists()
        manager = request.env.user.has_group("tibillet_wallet.tibillet_wallet_group_manager")
        if not partner or not manager or not partner.has_access("read"):
            raise request.not_found()
        partner._tibillet_wallets().with_env(request.env)._note_access("export")
        body = json.dumps(partner._tibillet_export(), ensure_ascii=False, indent=2, default=str)
        return request.make_response(
            body,
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"tibillet-{partner_id}.json")),
                ("Cache-Control", "no-store"),
            ],
        )
