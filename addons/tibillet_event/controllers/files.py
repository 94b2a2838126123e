"""Staff's tables as files: sales of events, statements of a day."""

from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

from ..table_files import as_csv, as_xlsx

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class EventFiles(http.Controller):
    @http.route(
        "/tibillet/event/sales.<any(csv,xlsx):kind>", type="http", auth="user", methods=["GET"]
    )
    def sales(self, kind, ids=""):
        """Sold by rate and way, of the events named or of those to come."""
        events = request.env["event.event"]
        chosen = [int(one) for one in ids.split(",") if one.isdecimal()][:1000]
        try:
            events.check_access("read")
            request.env["event.registration"].check_access("read")
            heads, rows = events._tibillet_live_table(chosen)
        except AccessError:
            raise request.not_found() from None
        name = f"sales-{fields.Date.today()}"
        data = as_csv(heads, rows) if kind == "csv" else as_xlsx("Sales", heads, rows)
        return _file(data, f"{name}.{kind}", kind)

    @http.route(
        "/tibillet/event/day/<int:day_id>.<any(csv,xlsx):kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def day(self, day_id, kind):
        """The statement of a day, for who reads it."""
        day = request.env["tibillet.ticket.day"].search([("id", "=", day_id)])
        if not day:
            raise request.not_found()
        return _file(day._file(kind), f"tickets-{day.day}.{kind}", kind)


def _file(data, name, kind):
    return request.make_response(
        data,
        headers=[
            ("Content-Type", KINDS[kind]),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
