from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request


class MerchantStatement(http.Controller):
    @http.route(
        "/tibillet/merchant/statement/<int:statement_id>.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def statement(self, statement_id):
        """The statement, for an accountant of the organiser; not found for others."""
        statement = request.env["tibillet.merchant.statement"].browse(statement_id).exists()
        try:
            if not statement:
                raise request.not_found()
            statement._check_accountant()
        except AccessError:
            raise request.not_found() from None
        statement_sudo = statement.sudo()  # sessions and invoice, after the check above
        name = statement.reference.replace("/", "-")
        return request.make_response(
            statement_sudo._pdf(),
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{name}.pdf")),
                ("Cache-Control", "no-store"),
            ],
        )
