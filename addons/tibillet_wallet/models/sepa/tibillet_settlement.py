from odoo import models
from odoo.exceptions import UserError


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    def _sepa_payment(self):
        """What a SEPA order pays of it: all that is left.

        :raises UserError: unless it waits for its payment
        """
        self.ensure_one()
        settlement_sudo = self.sudo()  # the creditor's account
        if settlement_sudo.state != "agreed":
            raise UserError(
                self.env._("%s is not to be paid: both agree first, and once.", self.reference)
            )
        creditor_sudo = settlement_sudo.creditor_company_id
        return {
            "record": self,
            "bank": self._bank_of(creditor_sudo),
            "name": creditor_sudo.name,
            "amount_minor": settlement_sudo.rest_minor,
            "reference": settlement_sudo.reference,
        }

    def _sepa_take_turn(self):
        """Of an order and another act at once the later starts again."""
        self._take_turn()

    def _sepa_paid(self, line):
        """The bank has paid it by a SEPA order: noted as any payment is.

        :param line: the transfer of the order
        """
        self.ensure_one()
        settlement_sudo = self.sudo()  # both companies
        journals = {
            company_sudo: self._bank_journal(company_sudo)
            for company_sudo in (
                settlement_sudo.first_company_id | settlement_sudo.second_company_id
            )
        }
        order_sudo = line.sudo().order_id
        journals[order_sudo.company_id] = order_sudo.journal_id
        self._pay(line.amount_minor, order_sudo.date, journals)

    def _check_payable(self, amount_minor, date, journals):
        """Nor is noted by hand what a bank may still pay from a file."""
        self.env["tibillet.sepa.order"]._check_once([self])
        return super()._check_payable(amount_minor, date, journals)
