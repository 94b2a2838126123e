from odoo import models


class EventMail(models.Model):
    _inherit = "event.mail"

    def _send_mail(self, registrations):
        """In the name of the event's organiser, whichever company the clock runs in."""
        company = self.event_id._tibillet_organiser()
        return super(EventMail, self.with_company(company))._send_mail(registrations)
