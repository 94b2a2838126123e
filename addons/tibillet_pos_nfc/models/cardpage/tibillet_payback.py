"""Refunds that leave by bank transfer: what the accountant pays, to whom, and that it was paid."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from odoo.addons.base_iban.models.res_partner_bank import validate_iban
from odoo.addons.tibillet_wallet.exceptions import LedgerError

ACCOUNTANT = "tibillet_wallet.tibillet_wallet_group_accountant"


class TibilletPayback(models.Model):
    """One refund by transfer. The card was debited at the desk; the bank follows.

    Name and account number are kept for the transfer and for the time the books are kept;
    they are the holder's data and stand nowhere else.
    """

    _name = "tibillet.payback"
    _description = "Refund by bank transfer"
    _order = "state desc, id desc"
    _rec_name = "holder_name"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    operation_id = fields.Many2one(
        "tibillet.operation", required=True, readonly=True, ondelete="restrict"
    )
    holder_name = fields.Char(string="Name on the account", required=True, readonly=True)
    iban = fields.Char(string="IBAN", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)
    asked_at = fields.Datetime(
        string="Asked on", required=True, readonly=True, default=fields.Datetime.now
    )
    asked_by_id = fields.Many2one("res.users", string="Asked at the desk by", readonly=True)
    state = fields.Selection(
        [("done", "Transferred"), ("dropped", "Corrected: not paid"), ("todo", "To transfer")],
        required=True,
        readonly=True,
        default="todo",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="From the bank",
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
        check_company=True,
    )
    move_id = fields.Many2one("account.move", string="Entry", readonly=True, check_company=True)

    _operation_unique = models.Constraint(
        "unique(operation_id)", "This refund is in the list already."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A transfer pays something.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Transfers are asked for at the till, on the card."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() - {"journal_id"}:
            raise AccessError(self.env._("What is to be transferred was said at the desk."))
        if "journal_id" in vals and set(self.mapped("state")) != {"todo"}:
            raise UserError(self.env._("This is no longer to be transferred."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A refund that was asked for stays in the list."))

    @api.model
    def _check_account(self, name, iban):
        """Name and IBAN as they are kept.

        :raises LedgerError: ``invalid`` with what is wrong
        """
        if len(name) < 2:
            raise LedgerError(
                "invalid", self.env._("Type the name on the bank account, as on a bank card.")
            )
        cleaned = "".join(iban.split()).upper()
        try:
            validate_iban(cleaned)
        except ValidationError as error:
            raise LedgerError(
                "invalid",
                self.env._("This IBAN cannot be right: check it sign by sign. Nothing was paid."),
            ) from error
        return name, cleaned

    def action_done(self):
        """The transfer has left: write it against clearing, in the bank's journal.

        :raises AccessError: for anyone but an accountant
        :raises UserError: without a bank
        """
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant says that a transfer has left."))
        self.check_access("write")
        for payback in self.filtered(lambda payback: payback.state == "todo"):
            journal = payback.journal_id
            if not journal:
                raise UserError(self.env._("Choose the bank that the transfer leaves from."))
            payback_sudo = payback.sudo()  # state and entry are written by this act alone
            payback_sudo.write({"move_id": payback._book(journal).id, "state": "done"})

    def _book(self, journal):
        clearing_sudo = self.company_id.sudo().tibillet_clearing_account_id
        methods = journal.outbound_payment_method_line_ids
        bank_account = methods.payment_account_id[:1] or journal.default_account_id
        label = self.env._("Refund of a card, operation %s", self.operation_id.id)
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": fields.Date.context_today(self),
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": account.id,
                            "debit": self.amount if account == clearing_sudo else 0,
                            "credit": 0 if account == clearing_sudo else self.amount,
                        }
                    )
                    for account in (clearing_sudo, bank_account)
                ],
            }
        )
        move.action_post()
        return move
