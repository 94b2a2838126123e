from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from .files import _file


class VolunteerFiles(Controller):
    @route(
        "/tibillet/event/volunteers/<int:hours_id>.<any(csv,xlsx,pdf):kind>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def hours(self, hours_id, kind):
        """The table or the certificate of a period, for who chose it."""
        hours = request.env["tibillet.volunteer.hours"].search([("id", "=", hours_id)])
        try:
            if not hours:
                raise request.not_found()
            data = hours._certificate() if kind == "pdf" else hours._file(kind)
        except (AccessError, UserError):
            raise request.not_found() from None
        if kind != "pdf":
            return _file(data, f"volunteers-{hours.date_to}.{kind}", kind)
        headers = [
            ("Content-Type", "application/pdf"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(data, headers=headers)
