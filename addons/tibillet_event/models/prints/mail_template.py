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
        for res_id, values in results.items():
            files = values.get("attachments")
            if files and len(files) == len(self.report_template_ids):
                # In the order of the reports; the name of Odoo's says who the person is.
                ticket = self.env["event.registration"].browse(res_id)
                values["attachments"] = [
                    (ticket._tibillet_pdf_name() if report._tibillet_is_ticket() else name, data)
                    for report, (name, data) in zip(self.report_template_ids, files, strict=True)
                    if data
                ]
        return results
