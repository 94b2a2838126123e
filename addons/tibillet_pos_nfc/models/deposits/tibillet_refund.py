"""A deposit promised back to the card that is tapped: it names no sale, only the cups."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletRefund(models.Model):
    _inherit = "tibillet.refund"

    payment_id = fields.Many2one(required=False)
    is_deposit = fields.Boolean(string="Deposit", readonly=True)

    _what_it_is = models.Constraint(
        "CHECK (is_deposit IS TRUE OR payment_id IS NOT NULL)",
        "A refund names the payment that it gives back.",
    )

    @api.model
    def _promise_deposit(self, device, company, key, card, amount_minor):
        """Agree to give the net of cups brought back to a card, once per key."""
        self.env["tibillet.ledger"].sudo()._deposit_transfer(card.wallet_id, company, amount_minor)
        self.env.execute_query(
            SQL(
                """INSERT INTO tibillet_refund (device_id, key, company_id, card_id, is_deposit,
                                                amount_minor, promised_at)
                   VALUES (%s, %s, %s, %s, true, %s, tibillet_now())
                   ON CONFLICT (device_id, key) DO NOTHING RETURNING id""",
                device.id,
                key,
                company.id,
                card.id,
                amount_minor,
            )
        )
        self.invalidate_model()
        refund_sudo = self._of(device, key)
        known = (refund_sudo.is_deposit, refund_sudo.card_id, refund_sudo.amount_minor)
        if known != (True, card, amount_minor):
            raise LedgerError(
                "key_conflict",
                self.env._("This refund was asked before for something else."),
            )
        return refund_sudo

    def _transfers_back(self):
        if not self.is_deposit:
            return super()._transfers_back()
        accounts_sudo = self.env["tibillet.account"].sudo()  # cashiers read no accounts
        operation_sudo = self._operation()
        if operation_sudo:
            [done_sudo] = operation_sudo.transfer_ids
            return [(done_sudo.debit_account_id, done_sudo.credit_account_id, self.amount_minor)]
        debit, credit, part = (
            self.env["tibillet.ledger"]
            .sudo()
            ._deposit_transfer(
                self.card_id.wallet_id._surviving(), self.company_id, self.amount_minor
            )
        )
        return [(accounts_sudo.browse(debit), accounts_sudo.browse(credit), part)]

    def _give_back(self):
        if not self.is_deposit:
            return super()._give_back()
        self.ensure_one()
        if self._operation():
            return None
        transfers = self._transfers_back()
        self.env.flush_all()
        self.env["tibillet.till"]._ledger()._post(
            [
                {
                    "key": self.key,
                    "origin": self.device_id._ledger_origin,
                    "code": "deposit_back",
                    "transfers": [(debit.id, credit.id, part) for debit, credit, part in transfers],
                    "card_id": self.card_id.id,
                    "company_id": self.company_id.id,
                    "wallet_id": transfers[0][1].wallet_id.id,
                }
            ]
        )
        return None
