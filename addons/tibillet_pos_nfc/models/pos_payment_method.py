from odoo import api, models
from odoo.exceptions import ValidationError

TERMINAL = "tibillet_nfc"


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    def _get_payment_terminal_selection(self):
        return super()._get_payment_terminal_selection() + [(TERMINAL, self.env._("TiBillet card"))]

    @api.depends("type", "payment_method_type", "use_payment_terminal")
    def _compute_hide_use_payment_terminal(self):
        """Odoo hides terminals from methods without journal; ours has none on purpose."""
        result = super()._compute_hide_use_payment_terminal()
        for method in self:
            if method.payment_method_type == "terminal" and method.type == "pay_later":
                method.hide_use_payment_terminal = False
        return result

    @api.constrains(
        "use_payment_terminal", "journal_id", "split_transactions", "receivable_account_id"
    )
    def _check_tibillet_method(self):
        for method in self.filtered(lambda m: m._tibillet_is_wallet):
            if method.journal_id:
                raise ValidationError(
                    self.env._(
                        "Cards are paid without a journal: a journal would let a cashier type "
                        "a difference into the wallets. Leave the journal empty."
                    )
                )
            if method.split_transactions:
                raise ValidationError(
                    self.env._(
                        "“Identify customer” would stop the closing of a till that took an "
                        "anonymous card. Leave it off."
                    )
                )
            clearing = method.company_id.tibillet_clearing_account_id
            if method.receivable_account_id != clearing:
                raise ValidationError(
                    self.env._(
                        "The intermediary account of card payments is the wallet clearing "
                        "account of the company."
                    )
                )

    @property
    def _tibillet_is_wallet(self):
        """Whether this method is paid by tapping a card."""
        return bool(self) and self.use_payment_terminal == TERMINAL

    def _tibillet_translate_name(self):
        """Name the method in every language that is installed: cashiers read it all night."""
        for code, _name in self.env["res.lang"].get_installed():
            method = self.with_context(lang=code)
            method.name = method.env._("TiBillet card")
