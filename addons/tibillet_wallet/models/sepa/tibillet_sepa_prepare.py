from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..settlement.tibillet_settlement import ACCOUNTANT


class TibilletSepaPrepare(models.TransientModel):
    """Shows what would stand in the file, and what is in its way, before it is made."""

    _name = "tibillet.sepa.prepare"
    _description = "Make a SEPA order"

    settlement_ids = fields.Many2many(
        "tibillet.settlement", default=lambda self: self._default_settlements()
    )
    journal = fields.Selection(
        selection="_select_journals",
        string="Your bank",
        compute="_compute_journal",
        store=True,
        readonly=False,
    )
    date = fields.Date(string="To be paid on", required=True, default=fields.Date.context_today)
    lines_text = fields.Text(string="Transfers", compute="_compute_lines")
    total_text = fields.Char(string="In all", compute="_compute_lines")
    refusal = fields.Char(compute="_compute_lines")

    @api.model
    def _default_settlements(self):
        if self.env.context.get("active_model") != "tibillet.settlement":
            return []
        return [Command.set(self.env.context.get("active_ids") or [])]

    @api.model
    def _select_journals(self):
        return self.env["tibillet.settlement.pay"]._select_journals()

    def _to_pay(self):
        """[(record, the company that pays it)], companies in sudo: each addon adds its own.

        A record has ``_check_accountant()``, ``_sepa_payment()``, ``_sepa_take_turn()`` and
        ``_sepa_paid(line)``.
        """
        self.ensure_one()
        # Sorted: a form that is being filled in gives its records in any order.
        return [
            (settlement, settlement.sudo().debtor_company_id)  # whose bank pays
            for settlement in self.settlement_ids._origin.sorted("id")
        ]

    @api.depends("settlement_ids")
    def _compute_journal(self):
        for form in self:
            payers = [company_sudo for _record, company_sudo in form._to_pay()]
            debtor_sudo = payers[0] if payers else self.env["res.company"]
            journal_sudo = self.env["tibillet.settlement"]._bank_journal(debtor_sudo)
            known = dict(form._select_journals())
            form.journal = str(journal_sudo.id) if str(journal_sudo.id) in known else False

    @api.depends("settlement_ids", "journal", "date")
    def _compute_lines(self):
        sepa_sudo = self.env["tibillet.sepa"].sudo()  # accounts of both sides
        for form in self:
            form.lines_text = form.total_text = form.refusal = False
            try:
                journal_sudo, payments = form._payments()
                sepa_sudo._library()
                sepa_sudo._check_order(journal_sudo, form.date, payments)
            except (AccessError, UserError) as refusal:
                form.refusal = str(refusal)
                continue
            currency = journal_sudo.currency_id or journal_sudo.company_id.currency_id
            form.lines_text = "\n".join(
                " · ".join(
                    (
                        payment["name"],
                        payment["bank"].acc_number,
                        currency.format(payment["amount_minor"] / 10**currency.decimal_places),
                        payment["reference"],
                    )
                )
                for payment in payments
            )
            total_minor = sum(payment["amount_minor"] for payment in payments)
            form.total_text = currency.format(total_minor / 10**currency.decimal_places)

    def _payments(self):
        """The journal in sudo, and what it is to pay.

        :raises AccessError, UserError: with what stands in the way
        """
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant pays from here."))
        journal_sudo = self.env["account.journal"].sudo().browse(int(self.journal or 0) or [])
        if journal_sudo.company_id not in self.env.user.company_ids:
            raise UserError(self.env._("Choose the bank journal that pays."))
        payments = []
        for record, payer_sudo in self._to_pay():
            record._check_accountant()
            payments.append(record._sepa_payment())
            if payer_sudo != journal_sudo.company_id:
                raise UserError(
                    self.env._(
                        "%(reference)s is owed by %(debtor)s, and this bank is of %(place)s: make "
                        "one order for each place.",
                        reference=record.reference,
                        debtor=payer_sudo.name,
                        place=journal_sudo.company_id.name,
                    )
                )
        self.env["tibillet.sepa.order"]._check_once([record for record, _payer in self._to_pay()])
        return journal_sudo, payments

    def action_make(self):
        """Make the file; the money is noted when the bank has paid."""
        self.ensure_one()
        journal_sudo, payments = self._payments()
        for record, _payer in self._to_pay():
            record._sepa_take_turn()
        order = self.env["tibillet.sepa.order"]._make(journal_sudo, self.date, payments)
        return {
            "type": "ir.actions.act_window",
            "res_model": "tibillet.sepa.order",
            "res_id": order.id,
            "views": [(False, "form")],
        }
