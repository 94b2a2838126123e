from odoo import models

# States of Odoo's own look at its printing program in which it can print nothing.
NO_PRINTER = ("install", "broken")


class MailTemplate(models.Model):
    """A mail without its PDF rather than a payment without its order.

    Odoo confirms an order and writes its mail in one transaction: where ``wkhtmltopdf`` is not
    installed (Debian 13 has none) the PDF raises, and what was paid for is not confirmed.
    """

    _inherit = "mail.template"

    def _generate_template_attachments(self, res_ids, render_fields, render_results=None):
        if (
            "report_template_ids" not in render_fields
            or self.env["ir.actions.report"].get_wkhtmltopdf_state() not in NO_PRINTER
            or all(report._tibillet_is_drawn() for report in self.report_template_ids)
        ):
            return super()._generate_template_attachments(
                res_ids, render_fields, render_results=render_results
            )
        fields = [name for name in render_fields if name != "report_template_ids"]
        results = super()._generate_template_attachments(
            res_ids, fields, render_results=render_results
        )
        for values in results.values():
            values.setdefault("attachments", [])
        return results


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _tibillet_is_drawn(self):
        """Whether this report is made without Odoo's printing program."""
        return False
