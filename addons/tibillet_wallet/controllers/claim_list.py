from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request


class ClaimList(http.Controller):
    @http.route(
        "/tibillet/claim-list/<int:asset_id>.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def claim_list(self, asset_id):
        """Who is owed what of an asset, for a manager of its issuer; not found for others."""
        asset = request.env["tibillet.asset"].browse(asset_id).exists()
        try:
            if not asset:
                raise request.not_found()
            asset._check_issuing_manager()
        except AccessError:
            raise request.not_found() from None
        asset_sudo = asset.sudo()  # holders' names, after the check above
        return request.make_response(
            asset_sudo._claim_list_pdf(),
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"claims-{asset.code}.pdf")),
                ("Cache-Control", "no-store"),
            ],
        )
