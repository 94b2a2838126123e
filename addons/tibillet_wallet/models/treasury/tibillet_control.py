from odoo import api, fields, models

from ...fields import BigInteger
from .tibillet_backing import STATES


class TibilletControl(models.Model):
    """The page of the morning keeps what the bank covered then."""

    _inherit = "tibillet.control"

    backing_state = fields.Selection(STATES, string="Backing", readonly=True)
    backing_text = fields.Text(readonly=True)
    backing_date = fields.Date(string="Statement of", readonly=True)
    backing_bank_minor = BigInteger(readonly=True, aggregator=None)
    backing_owed_minor = BigInteger(readonly=True, aggregator=None)
    backing_ratio = fields.Float(string="Covered (%)", readonly=True, aggregator=None)
    backing_unmatched_text = fields.Text(string="Nothing explains", readonly=True)
    backing_bank = fields.Monetary(string="At the bank", compute="_compute_backing")
    backing_owed = fields.Monetary(string="Owed that day", compute="_compute_backing")

    @api.depends("backing_bank_minor", "backing_owed_minor")
    def _compute_backing(self):
        for control in self:
            unit = 10**control.currency_id.decimal_places
            control.backing_bank = control.backing_bank_minor / unit
            control.backing_owed = control.backing_owed_minor / unit

    @api.model
    def _look(self, company):
        control = super()._look(company)
        company_sudo = company.sudo()  # the language of its contact
        lang = company_sudo.partner_id.lang or self.env.lang
        page_sudo = self.env["tibillet.backing"].with_context(lang=lang)._ensure(company)
        control_sudo = control.sudo()  # nobody writes a page by hand
        control_sudo.write(
            {
                "backing_state": page_sudo.state,
                "backing_text": page_sudo.sentence,
                "backing_date": page_sudo.bank_date,
                "backing_bank_minor": page_sudo.bank_minor,
                "backing_owed_minor": page_sudo.cards_minor + page_sudo.places_minor,
                "backing_ratio": page_sudo.ratio,
                "backing_unmatched_text": page_sudo.unmatched_text,
            }
        )
        page_sudo._tell()
        return control

    def action_open_backing(self):
        """The bank accounts that back, and what is chosen there.

        :raises AccessError: for who may not read them
        """
        self.ensure_one()
        self.check_access("read")
        self.env["tibillet.backing"].check_access("read")
        page_sudo = self.env["tibillet.backing"]._ensure(self.company_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "tibillet.backing",
            "res_id": page_sudo.id,
            "views": [(False, "form")],
        }
