from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_attachments(self, res_ids, render_fields, render_results=None):
        """A mail about a place bears its ticket, and goes without it where there is none yet."""
        if self.model != "event.registration":
            return super()._generate_template_attachments(res_ids, render_fields, render_results)
        mailed = self.with_context(tibillet_mail_of_tickets=True)
        results = super(MailTemplate, mailed)._generate_template_attachments(
            res_ids, render_fields, render_results
        )
        for values in results.values():
            if "attachments" in values:
                values["attachments"] = [one for one in values["attachments"] if one[1]]
        return results
