from odoo import models
from odoo.exceptions import UserError

TICKET = "event.event_registration_report_template_full_page_ticket"
BADGE = "event.event_registration_report_template_badge"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Odoo's print of a ticket is ours, wherever it is asked for.

        A badge stays a badge where one can be printed; it bears the ticket's own code.
        """
        report_sudo = self._get_report(report_ref)
        if not report_sudo._tibillet_is_ticket():
            return super()._render_qweb_pdf(report_ref, res_ids, data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        tickets = self.env["event.registration"].browse(ids or [])
        tickets.check_access("read")
        try:
            return tickets._tibillet_pdf(), "pdf"
        except UserError:
            if self.env.context.get("tibillet_mail_of_tickets"):
                return b"", "pdf"  # the mail goes all the same, with the ticket's page in it
            raise

    def _tibillet_is_ticket(self):
        """Whether this report is printed by :mod:`.draw`."""
        if self.report_name == BADGE:
            return self.get_wkhtmltopdf_state() in ("install", "broken")
        return self.report_name == TICKET

    def _tibillet_is_drawn(self):
        return self._tibillet_is_ticket() or super()._tibillet_is_drawn()
