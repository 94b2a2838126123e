from odoo import api, fields, models


class TibilletSettlementPay(models.TransientModel):
    """Note that money was paid on a settlement, all of it or a part."""

    _name = "tibillet.settlement.pay"
    _description = "Note a payment of a settlement"

    settlement_id = fields.Many2one("tibillet.settlement", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    sentence = fields.Char(related="settlement_id.sentence")
    amount = fields.Monetary(
        required=True, compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    date = fields.Date(string="Paid on", required=True, default=fields.Date.context_today)
    journal = fields.Selection(
        selection="_select_journals",
        string="Your bank",
        compute="_compute_journal",
        store=True,
        readonly=False,
        help="The other place's side is written in its first bank journal.",
    )

    @api.depends("settlement_id")
    def _compute_company_id(self):
        for form in self:
            form.company_id = form.settlement_id._sides()[:1] if form.settlement_id else False

    @api.depends("settlement_id")
    def _compute_amount(self):
        for form in self:
            form.amount = form.settlement_id.rest

    @api.model
    def _select_journals(self):
        """The bank journals of the user's companies: who settles need not be in accounting."""
        journals_sudo = self.env["account.journal"].sudo()  # names only
        return [
            (str(journal.id), journal.name)
            for journal in journals_sudo.search(
                [("type", "=", "bank"), ("company_id", "in", self.env.user.company_ids.ids)]
            )
        ]

    @api.depends("settlement_id")
    def _compute_journal(self):
        for form in self:
            journal_sudo = self.env["tibillet.settlement"]._bank_journal(form.company_id)
            form.journal = str(journal_sudo.id) if journal_sudo else False

    def action_pay(self):
        """Note it in the ledger and in both companies' books.

        :raises AccessError: for anyone but an accountant of one of the two
        :raises UserError: with what stands in the way; nothing is written then
        """
        self.ensure_one()
        settlement = self.settlement_id
        settlement._check_accountant()
        settlement_sudo = settlement.sudo()  # both companies
        journals = {
            company_sudo: settlement._bank_journal(company_sudo)
            for company_sudo in (
                settlement_sudo.first_company_id | settlement_sudo.second_company_id
            )
        }
        chosen_sudo = self.env["account.journal"].sudo().browse(int(self.journal or 0) or [])
        if chosen_sudo.company_id in settlement._sides():
            journals[chosen_sudo.company_id] = chosen_sudo
        unit = 10**self.currency_id.decimal_places
        settlement._pay(round(self.amount * unit), self.date, journals)
        return {"type": "ir.actions.act_window_close"}
