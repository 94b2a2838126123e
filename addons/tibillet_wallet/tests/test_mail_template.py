from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

STATE = "odoo.addons.base.models.ir_actions_report.IrActionsReport.get_wkhtmltopdf_state"
RENDER = "odoo.addons.base.models.ir_actions_report.IrActionsReport._render_qweb_pdf"


@tagged("post_install", "-at_install")
class TestMailTemplate(TransactionCase):
    """Mails of orders where Odoo's printing program is, and where it is not."""

    def generate(self, state):
        order = self.env["sale.order"].create({"partner_id": self.env.user.partner_id.id})
        template = self.env.ref("sale.mail_template_sale_confirmation")
        template.report_template_ids = self.env.ref("sale.action_report_saleorder")
        pdf = (b"%PDF", "pdf")
        with patch(STATE, return_value=state), patch(RENDER, return_value=pdf) as render:
            values = template._generate_template(
                order.ids, ("subject", "report_template_ids", "attachment_ids")
            )
        return values[order.id], render.call_count

    def test_without_the_program_the_mail_goes_without_its_pdf(self):
        for state in ("install", "broken"):
            values, printed = self.generate(state)
            self.assertEqual((values["attachments"], printed), ([], 0))
            self.assertTrue(values["subject"])

    def test_with_the_program_as_ever(self):
        values, printed = self.generate("ok")
        self.assertEqual((len(values["attachments"]), printed), (1, 1))
