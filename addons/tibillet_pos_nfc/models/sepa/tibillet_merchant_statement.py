from odoo import models
from odoo.exceptions import UserError


class TibilletMerchantStatement(models.Model):
    """What is paid to a merchant may leave by a SEPA order."""

    _inherit = "tibillet.merchant.statement"

    def _sepa_payment(self):
        """What a SEPA order pays of it: what the bank owes after the commission.

        :raises UserError: unless it waits for its payment, and money leaves for it
        """
        self.ensure_one()
        statement_sudo = self.sudo()  # the merchant's account
        transfer = statement_sudo._credit_transfer()
        if statement_sudo.state != "agreed" or not transfer or transfer["amount_minor"] <= 0:
            raise UserError(
                self.env._(
                    "%s is not to be paid by the bank: the merchant agrees first, and something "
                    "is left for it.",
                    statement_sudo.reference,
                )
            )
        return {
            "record": self,
            "bank": statement_sudo.merchant_id.bank_id,
            "name": transfer["creditor"],
            "amount_minor": transfer["amount_minor"],
            "reference": transfer["reference"],
        }

    def _sepa_take_turn(self):
        """Of an order and another act at once the later starts again."""
        statement_sudo = self.sudo()  # the act was checked by the form
        statement_sudo._take_turn("agreed")

    def _sepa_paid(self, line):
        """The bank has paid it by a SEPA order: noted as any payment is, in its journal.

        :param line: the transfer of the order
        """
        self.ensure_one()
        order_sudo = line.sudo().order_id  # checked by its own act
        self._pay_out(order_sudo.date, order_sudo.journal_id)

    def _check_payable(self):
        """Nor is noted by hand what a bank may still pay from a file."""
        self.env["tibillet.sepa.order"]._check_once([self])
        return super()._check_payable()
