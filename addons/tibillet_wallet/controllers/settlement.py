from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request


class Settlement(http.Controller):
    @http.route(
        "/tibillet/settlement/<int:settlement_id>.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def statement(self, settlement_id):
        """The statement, for who reads the books of one of the two places; not found for others."""
        settlement = request.env["tibillet.settlement"].browse(settlement_id).exists()
        try:
            if not settlement:
                raise request.not_found()
            settlement._check_reader()
        except AccessError:
            raise request.not_found() from None
        settlement_sudo = settlement.sudo()  # both places' names, after the check above
        name = settlement.reference.replace("/", "-")
        return request.make_response(
            settlement_sudo._statement_pdf(),
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{name}.pdf")),
                ("Cache-Control", "no-store"),
            ],
        )
