import re

from markupsafe import Markup

from odoo import models

#: The picture of Odoo's own number in a mail: the gate takes the ticket's code alone.
BARE_NUMBER = r'<img[^>]*/report/barcode/QR/{}[?"][^>]*>'
CODE = Markup(
    '<img src="%s" width="220" height="220" alt="%s" style="width: 220px; height: 220px;"/>'
)


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _prepare_mail_values(self, res_ids):
        """Where a mail shows Odoo's number as a code, it shows the ticket's instead."""
        found = super()._prepare_mail_values(res_ids)
        if self.model == "event.registration":
            for ticket in self.env["event.registration"].browse(found):
                if body := found[ticket.id].get("body_html"):
                    found[ticket.id]["body_html"] = ticket._tibillet_own_code_in(body)
        return found


class EventRegistration(models.Model):
    _inherit = "event.registration"

    def _tibillet_own_code_in(self, body):
        """The mail's text with this ticket's code in the place of Odoo's number."""
        self.ensure_one()
        if not self.barcode or "/report/barcode/" not in body:
            return body
        bare = BARE_NUMBER.format(re.escape(self.barcode))
        code = str(CODE % (self._tibillet_code_link(), self._tibillet_code_said()))
        return Markup(re.sub(bare, lambda _img: code, str(body)))
