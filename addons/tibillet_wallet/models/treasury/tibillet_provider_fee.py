from odoo import api, fields, models
from odoo.exceptions import UserError


class TibilletProviderFee(models.TransientModel):
    """Note what a provider or a bank took for its service: no card is concerned."""

    _name = "tibillet.provider.fee"
    _description = "Fee of a provider"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    provider_ref = fields.Char(string="Provider's reference", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    fee = fields.Monetary(string="Fee before VAT", required=True)
    tax = fields.Selection(
        selection="_select_taxes",
        string="VAT of the fee",
        help="As the provider's invoice says: none, your country's, or a reverse charge.",
    )
    journal = fields.Selection(
        selection="_select_journals",
        string="Bank",
        compute="_compute_journal",
        store=True,
        readonly=False,
    )
    left = fields.Monetary(string="Leaves the bank", compute="_compute_left")
    reason = fields.Char(string="What for", required=True)

    @api.model
    def _select_journals(self):
        return self.env["tibillet.settlement.pay"]._select_journals()

    @api.model
    def _select_taxes(self):
        return self.env["tibillet.provider.charge"]._select_taxes()

    @api.depends("company_id")
    def _compute_journal(self):
        for form in self:
            journal_sudo = self.env["tibillet.settlement"]._bank_journal(form.company_id)
            form.journal = str(journal_sudo.id) if journal_sudo else False

    @api.depends("fee", "tax", "company_id")
    def _compute_left(self):
        charges = self.env["tibillet.provider.charge"]
        for form in self:
            unit = 10**form.currency_id.decimal_places
            fee_minor = round(form.fee * unit)
            company_sudo = form.company_id.sudo()  # its taxes
            tax_sudo = charges._tax(company_sudo, form.tax)
            form.left = (fee_minor + charges._vat_minor(company_sudo, tax_sudo, fee_minor)) / unit

    def action_note(self):
        """Write it once: Dr fee and its tax — Cr bank.

        :raises AccessError: for anyone but an accountant of the company
        :raises UserError: with what is missing; nothing is written then
        """
        self.ensure_one()
        self.check_access("write")
        charges_sudo = self.env["tibillet.provider.charge"].sudo()  # written by acts alone
        self.env["tibillet.provider.charge"]._check_accountant()
        company_sudo = self.company_id.sudo()  # its books
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("You do not work for this place. Nothing was moved."))
        self.env["tibillet.ledger"]._check_second_factor(self.company_id)
        fee_minor = round(self.fee * 10**self.currency_id.decimal_places)
        reference = self.provider_ref.strip()
        if fee_minor <= 0 or not reference:
            raise UserError(self.env._("Type the provider's reference and a fee above zero."))
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("A fee is noted once it was taken: look at the day."))
        known_sudo = charges_sudo._known(company_sudo, reference)
        same = known_sudo.filtered(lambda one: one.kind == "fee" and one.fee_minor == fee_minor)
        if known_sudo and not same:
            raise UserError(
                self.env._(
                    "%s is noted already with another amount. Look at it under Books, "
                    "Provider's charges.",
                    reference,
                )
            )
        if not known_sudo:
            company_sudo._tibillet_ensure_accounts()
            tax_sudo = charges_sudo._tax(company_sudo, self.tax)
            charge_sudo = charges_sudo.create(
                {
                    "company_id": company_sudo.id,
                    "kind": "fee",
                    "provider_ref": reference,
                    "date": self.date,
                    "journal_id": charges_sudo._bank(company_sudo, self.journal).id,
                    "fee_minor": fee_minor,
                    "vat_minor": charges_sudo._vat_minor(company_sudo, tax_sudo, fee_minor),
                    "reason": self.reason,
                    "user_id": self.env.uid,
                    "form_key": f"fee/{self.id}",
                }
            )
            charge_sudo._book(tax_sudo)
        return {"type": "ir.actions.act_window_close"}
