from odoo import models


class TibilletBookRole(models.Model):
    _inherit = "tibillet.book.role"

    def action_letter(self):
        """Download the letter to the outside accountant, for the company that is switched on."""
        self.check_access("read")
        company = (self.company_id or self.env.company)[:1]
        self.env["tibillet.daily.totals"]._check_may(company)
        return {
            "type": "ir.actions.act_url",
            "url": f"/tibillet/books/{company.id}/letter.pdf",
            "target": "download",
        }
