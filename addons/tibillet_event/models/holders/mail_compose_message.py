from markupsafe import Markup

from odoo import models

LINK = Markup(
    '<p style="font-family: Verdana, Arial, sans-serif; font-size: 14px; text-align: center;">'
    '<a href="%s" style="color: #B4412B; font-weight: bold;">%s</a></p>'
)


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _prepare_mail_values(self, res_ids):
        """Under a confirmation, whatever its template says, the address of the ticket's page.

        One ticket, one address, signed: it names nobody.
        """
        found = super()._prepare_mail_values(res_ids)
        if self.model != "event.registration" or not self.env.context.get("tibillet_ticket_page"):
            return found
        langs = self._render_lang(res_ids)
        for ticket in self.env["event.registration"].browse(found):
            values = found[ticket.id]
            if values.get("body_html") and not ticket.tibillet_pass_id:
                said = ticket.with_context(lang=langs[ticket.id] or ticket._holder_lang())
                values["body_html"] = Markup(values["body_html"]) + LINK % (
                    ticket._tibillet_page_link(),
                    said._tibillet_page_title(),
                )
        return found
