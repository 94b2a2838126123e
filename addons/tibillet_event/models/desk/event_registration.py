from odoo import api, models
from odoo.exceptions import UserError

from ..tickets import cose


class EventRegistration(models.Model):
    """Odoo's own desk of registrations lets in what our gate would, and reads our tickets too."""

    _inherit = "event.registration"

    @api.model
    def register_attendee(self, barcode, event_id):
        """As Odoo's, for the text of a signed ticket beside the barcode.

        A text that was made void opens nothing, also when the seat has another one by now.
        """
        if not isinstance(barcode, str) or not barcode.startswith(cose.PREFIX):
            return super().register_attendee(barcode, event_id)
        read = self.env["tibillet.ticket"]._read_text(barcode)
        attendee = self.search([("id", "=", read.ticket.registration_id.id)], limit=1)
        if not attendee:  # forged, unknown, or another company's
            return {"error": "invalid_ticket"}
        if read.code:
            return {**attendee._get_registration_summary(), "status": "canceled_registration"}
        return super().register_attendee(attendee.barcode, event_id)

    def write(self, vals):
        """Nobody is let in on a ticket that was cancelled or not paid, by whichever button.

        :raises UserError: says which
        """
        if vals.get("state") == "done" and not self._tibillet_is_refunded():  # said below
            for one in self:
                if sentence := one._tibillet_not_let_in():
                    raise UserError(sentence)
        return super().write(vals)

    def _tibillet_not_let_in(self):
        """Why this ticket lets nobody in, or an empty text."""
        self.ensure_one()
        one_sudo = self.sudo()  # who stands at the door reads no orders
        if one_sudo.tibillet_replaced_by_id:
            return self._tibillet_given_on_text()
        if self.state == "cancel" or not self.active:
            return self.env._("This ticket was cancelled: it lets nobody in.")
        if self.state == "draft" and one_sudo.sale_status == "to_pay":
            return self.env._("This ticket is not paid: it lets nobody in.")
        return ""
