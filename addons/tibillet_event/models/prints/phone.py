"""What a ticket says on a phone."""

import hashlib

from markupsafe import Markup

from odoo import models

from . import qr


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def _tibillet_phone(self):
        """Values of the phone's page, in the language in use; ``said`` where it is not valid."""
        self.ensure_one()
        tickets, _left_out = self._tibillet_printable()
        ticket = (tickets or self.sudo()).with_env(self.env)[:1].sudo()  # a pass, for its seats
        said = "" if tickets else ticket._tibillet_not_printed()
        values = {
            "good": bool(tickets),
            "said": said,
            "event": ticket.event_id,
            "when": ticket.event_id._tibillet_ticket_when(ticket.event_slot_id),
            "where": ticket.event_id._tibillet_ticket_where(),
            "scanned": ticket.state == "done",
            "back_url": self._tibillet_page_url(),
            "code_id": "",
        }
        if tickets:
            rows_sudo = self.env["tibillet.ticket.number"].sudo()  # its own number
            row_sudo = rows_sudo.search(
                [("registration_id", "=", ticket.id), ("cancelled_at", "=", False)], limit=1
            )
            sheet = ticket._tibillet_sheet(ticket._tibillet_face(), row_sudo)
            code = qr.svg(sheet.text, self._tibillet_code_said())
            values |= {
                "sheet": sheet,
                "code": Markup(code),  # noqa: S704  drawn here, its label escaped
                "code_id": hashlib.sha256(sheet.text.encode()).hexdigest()[:16],
            }
        return values
