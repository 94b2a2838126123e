"""A payment that came back: what it settled is owed again, and both stay in sight."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class TibilletSettlement(models.Model):
    _inherit = "tibillet.settlement"

    def _come_back(self, payment, date, reason):
        """Take a payment back: the ledger's operations are corrected, the bank's entries go the
        other way, and the settlement waits for its money again.

        :param payment: one of this settlement's
        :param date: the day on which the bank gave the money back
        :param reason: what the bank said
        :return: the payment that undoes it
        :raises UserError: with what stands in the way; nothing is written then
        """
        self.ensure_one()
        self._check_accountant()
        self._take_turn()
        settlement_sudo, payment_sudo = self.sudo(), payment.sudo()  # both books are written
        journals = {
            move_sudo.company_id: move_sudo.journal_id
            for move_sudo in payment_sudo.first_move_id | payment_sudo.second_move_id
        }
        settlement_sudo._check_return(payment_sudo, date)
        settlement_sudo._check_bookable(date, journals)
        back_sudo = payment_sudo.create(
            {
                "settlement_id": self.id,
                "date": date,
                "amount_minor": -payment_sudo.amount_minor,
                "returns_id": payment_sudo.id,
                "return_reason": reason,
                "recorded_by_id": self.env.uid,
                "recorded_at": self.env.cr.now(),
            }
        )
        for line_sudo, part in payment_sudo._settled_parts():
            line_sudo.settled_minor -= part
        back_sudo._correct(payment_sudo)
        settlement_sudo.paid_minor -= payment_sudo.amount_minor
        if settlement_sudo.state == "done":
            settlement_sudo.state = "agreed"
        back_sudo._book(journals)
        settlement_sudo._write_books()
        settlement_sudo._tell_of_return(back_sudo)
        return back_sudo

    def _check_return(self, payment_sudo, date):
        if payment_sudo.settlement_id != self or payment_sudo.returns_id or payment_sudo.set_off:
            raise UserError(
                self.env._("This is no payment of %s: no money could come back.", self.reference)
            )
        if payment_sudo.return_ids:
            raise UserError(
                self.env._(
                    "This payment of %(reference)s came back on %(day)s already.",
                    reference=self.reference,
                    day=format_date(self.env, payment_sudo.return_ids[:1].date),
                )
            )
        if date < payment_sudo.date:
            raise UserError(
                self.env._(
                    "It was paid on %s and cannot have come back before: change the day.",
                    format_date(self.env, payment_sudo.date),
                )
            )

    def _tell_of_return(self, back_sudo):
        """The accountants of both sides: the one pays again, the other counts on it no more."""
        pair_sudo = self.first_company_id | self.second_company_id
        self.message_post(body=back_sudo._return_text())
        for user_sudo in self.env["tibillet.acceptance"]._accountants_of(pair_sudo):
            spoken = self.with_context(lang=user_sudo.lang)
            spoken.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user_sudo.id,
                summary=spoken.env._(
                    "%(reference)s: a payment came back, %(amount)s is owed to %(creditor)s again",
                    reference=self.reference,
                    amount=self._format(-back_sudo.amount_minor),
                    creditor=self.creditor_company_id.name,
                ),
            )


class TibilletSettlementPayment(models.Model):
    _inherit = "tibillet.settlement.payment"

    returns_id = fields.Many2one(
        "tibillet.settlement.payment",
        string="Undoes",
        readonly=True,
        ondelete="restrict",
        help="The payment that came back.",
    )
    return_ids = fields.One2many("tibillet.settlement.payment", "returns_id", readonly=True)
    return_reason = fields.Char(string="Why it came back", readonly=True)
    can_return = fields.Boolean(compute="_compute_can_return")

    _returned_once = models.UniqueIndex(
        "(returns_id) WHERE returns_id IS NOT NULL", "This payment came back already."
    )

    @api.depends("set_off", "returns_id", "return_ids")
    def _compute_can_return(self):
        for payment in self:
            payment.can_return = not (
                payment.set_off or payment.returns_id or payment.sudo().return_ids
            )

    def _settled_parts(self):
        """[(line of the settlement, minor units)]: what this payment settled of each, read from
        the ledger. What the place took and what was remitted, each with its way, sum to it."""
        self.ensure_one()
        there = self.env["tibillet.wallet"]._of_settlements
        parts = []
        for line in self.settlement_id.line_ids:
            moved = self.settle_operation_id.transfer_ids.filtered(
                lambda transfer, line=line: transfer.asset_id == line.asset_id
            )
            owed_minor = sum(moved.mapped("amount_minor"))
            wallet = there(line.place_company_id)
            for transfer in self.remit_operation_id.transfer_ids:
                if transfer.asset_id == line.asset_id:
                    from_place = transfer.debit_account_id.wallet_id == wallet
                    owed_minor += transfer.amount_minor * (1 if from_place else -1)
            if owed_minor:
                parts.append((line, abs(owed_minor)))
        return parts

    def _correct(self, payment):
        """Post the corrections of a payment's operations, and keep them beside this one."""
        self.ensure_one()
        requests = [
            {
                "key": f"{self.id}/{operation.code}",
                "origin": f"settlement:{self.settlement_id.id}",
                "code": "correct",
                "names_id": operation.id,
                "transfers": [
                    (
                        transfer.credit_account_id.id,
                        transfer.debit_account_id.id,
                        transfer.amount_minor,
                    )
                    for transfer in operation.transfer_ids
                ],
                "company_id": operation.company_id.id,
                "memo": self.settlement_id.reference,
            }
            for operation in payment.settle_operation_id | payment.remit_operation_id
        ]
        for operation in self.env["tibillet.ledger"]._post(requests):
            self[f"{operation.names_id.code}_operation_id"] = operation

    def _return_text(self):
        return self.env._(
            "Came back on %(day)s: %(amount)s (%(reason)s).",
            day=format_date(self.env, self.date),
            amount=self.settlement_id._format(-self.amount_minor),
            reason=self.return_reason,
        )
