from odoo import models


class EventMail(models.Model):
    _inherit = "event.mail"

    def _send_mail(self, registrations):
        """The mail that confirms a place leads to the ticket's page."""
        confirms = self.interval_type == "after_sub"
        scheduler = self.with_context(tibillet_ticket_page=True) if confirms else self
        return super(EventMail, scheduler)._send_mail(registrations)
