"""What the books give out as files: daily sales, and the letter to the outside accountant."""

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


class Books(http.Controller):
    @http.route(
        "/tibillet/books/<int:company_id>/daily.<any(csv,json):kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def daily(self, company_id, kind, first="", last=""):
        """Sales to consumers per day and rate, for who reads the company's books."""
        totals = request.env["tibillet.daily.totals"]
        company = self._company(company_id)
        try:
            days = fields.Date.to_date(first), fields.Date.to_date(last)
            data = getattr(totals, f"_{kind}")(company, *days)
        except (UserError, ValueError):
            raise request.not_found() from None
        return _file(data, f"daily-{days[0]}-{days[1]}.{kind}", KINDS[kind])

    @http.route(
        "/tibillet/books/<int:company_id>/letter.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def letter(self, company_id):
        """The letter to the outside accountant, in the language of who asks."""
        company = self._company(company_id)
        letter = request.env["tibillet.book.letter"]
        letter = letter.with_context(lang=request.env.user.lang)
        return _file(letter._pdf(company), "tibillet-books.pdf", "application/pdf")

    def _company(self, company_id):
        company = request.env["res.company"].browse(company_id)
        try:
            request.env["tibillet.daily.totals"]._check_may(company)
        except AccessError:
            raise request.not_found() from None
        return company


def _file(data, name, kind):
    return request.make_response(
        data,
        headers=[
            ("Content-Type", kind),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
