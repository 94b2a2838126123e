from odoo import models


class EventMail(models.Model):
    _inherit = "event.mail"

    def _create_missing_mail_registrations(self, registrations):
        """Who buys a pass has one confirmation, the pass's; reminders come from each event."""
        seats = registrations.filtered("tibillet_pass_id")
        for scheduler in self:
            self.env["event.mail.registration"].create(
                [
                    {"registration_id": seat.id, "scheduler_id": scheduler.id, "mail_sent": True}
                    for seat in seats
                ]
            )
        return super()._create_missing_mail_registrations(registrations - seats)
