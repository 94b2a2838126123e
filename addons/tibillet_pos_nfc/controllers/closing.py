"""A Z, its preview and the bank's slip as files, for those who may read them."""

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

KINDS = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Closing(http.Controller):
    @http.route(
        "/tibillet/closing/<int:closing_id>.<any(pdf,csv,xlsx):kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def closing(self, closing_id, kind):
        """One Z as a file, in the language of who asks; not found for others."""
        closing = self._readable("tibillet.closing", closing_id)
        page = request.env["tibillet.closing.page"]
        if kind == "pdf":
            data = page._pdf(closing.content, closing.seal)
        else:
            data = page._csv(closing.content) if kind == "csv" else page._xlsx(closing.content)
        return self._file(data, f"{closing.name}.{kind}", KINDS[kind])

    @http.route(
        "/tibillet/preview/<int:session_id>.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def preview(self, session_id):
        """The X of a session that is open, for those who read its Z."""
        session = self._readable("pos.session", session_id)
        try:
            content = session._tibillet_preview()
        except UserError:
            raise request.not_found() from None
        data = request.env["tibillet.closing.page"]._pdf(content)
        return self._file(data, f"X {session.name}.pdf", KINDS["pdf"])

    @http.route(
        "/tibillet/remittance/<int:remittance_id>.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def remittance(self, remittance_id):
        """The slip that goes to the bank with the bags."""
        remittance = self._readable("tibillet.cash.remittance", remittance_id)
        data = request.env["tibillet.closing.page"]._remittance_pdf(remittance)
        return self._file(data, f"{remittance.display_name}.pdf", KINDS["pdf"])

    def _readable(self, model, record_id):
        record = request.env[model].browse(record_id).exists()
        try:
            if not record:
                raise request.not_found()
            record.check_access("read")
        except AccessError:
            raise request.not_found() from None
        return record

    def _file(self, data, name, kind):
        return request.make_response(
            data,
            headers=[
                ("Content-Type", kind),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
