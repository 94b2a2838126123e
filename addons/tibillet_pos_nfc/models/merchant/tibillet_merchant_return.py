"""A payment to a merchant that the bank gave back: owed again, and both stay in sight."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.tibillet_wallet.fields import BigInteger


class TibilletMerchantReturn(models.Model):
    """A payment of a statement, and the day on which it came back. Written by the act alone."""

    _name = "tibillet.merchant.return"
    _description = "A payment to a merchant that came back"
    _order = "id"
    _rec_name = "statement_id"

    statement_id = fields.Many2one(
        "tibillet.merchant.statement", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    paid_on = fields.Date(required=True, readonly=True)
    date = fields.Date(string="Came back on", required=True, readonly=True)
    amount_minor = BigInteger(required=True, readonly=True, aggregator=None)
    amount = fields.Monetary(compute="_compute_amount")
    reason = fields.Char(string="What the bank said", required=True, readonly=True)
    payment_move_id = fields.Many2one(
        "account.move", string="Payment", required=True, readonly=True, ondelete="restrict"
    )
    return_move_id = fields.Many2one(
        "account.move", string="Entry of the return", readonly=True, ondelete="restrict"
    )
    recorded_by_id = fields.Many2one("res.users", string="Noted by", required=True, readonly=True)

    _payment_uniq = models.Constraint("unique(payment_move_id)", "This payment came back already.")
    _positive = models.Constraint("CHECK (amount_minor > 0)", "Money came back, or nothing did.")

    @api.depends("amount_minor", "currency_id")
    def _compute_amount(self):
        for row in self:
            row.amount = row.amount_minor / 10 ** (row.currency_id.decimal_places or 0)

    def _text(self):
        self.ensure_one()
        return self.env._(
            "Paid on %(paid)s, came back on %(day)s: %(amount)s (%(reason)s).",
            paid=format_date(self.env, self.paid_on),
            day=format_date(self.env, self.date),
            amount=self.statement_id._money(self.amount_minor),
            reason=self.reason,
        )


class TibilletMerchantStatement(models.Model):
    _inherit = "tibillet.merchant.statement"

    return_ids = fields.One2many(
        "tibillet.merchant.return", "statement_id", string="Payments that came back", readonly=True
    )
    can_return = fields.Boolean(compute="_compute_can_return")

    @api.depends("state", "due_minor", "commission_minor")
    def _compute_can_return(self):
        for statement in self:
            statement.can_return = statement.state == "paid" and statement._shares()[1] > 0

    def _come_back(self, day, reason):
        """Take the payment back: the bank's entry goes the other way, and the sum is owed again.

        The commission stays set off and its invoice paid. The tokens went home with the first
        payment and stay there: what is owed now is money, held for the merchant until it is
        paid again.

        :param day: the day on which the bank gave the money back
        :param reason: what the bank said
        :return: the row that says so
        :raises UserError: with what stands in the way; nothing is written then
        """
        self.ensure_one()
        self._check_accountant()
        statement_sudo = self.sudo()  # its fields and the books are written by this act only
        statement_sudo._take_turn("paid")
        statement_sudo._check_return(day)
        payment_sudo = statement_sudo.payment_move_id
        row_sudo = statement_sudo.return_ids.create(
            {
                "statement_id": self.id,
                "paid_on": statement_sudo.paid_on,
                "date": day,
                "amount_minor": statement_sudo._shares()[1],
                "reason": reason,
                "payment_move_id": payment_sudo.id,
                "recorded_by_id": self.env.uid,
            }
        )
        row_sudo.return_move_id = statement_sudo._return_move(row_sudo)
        statement_sudo.write({"state": "agreed", "paid_on": False, "payment_move_id": False})
        statement_sudo.message_post(body=row_sudo._text())
        return row_sudo.sudo(False)

    def _check_return(self, day):
        if self._shares()[1] <= 0 or not self.payment_move_id:
            raise UserError(
                self.env._(
                    "Nothing was paid to %(merchant)s by %(statement)s: no money could come back.",
                    merchant=self.partner_id.name,
                    statement=self.reference,
                )
            )
        if day < self.paid_on:
            raise UserError(
                self.env._(
                    "It was paid on %s and cannot have come back before: change the day.",
                    format_date(self.env, self.paid_on),
                )
            )
        journal = self.payment_move_id.journal_id
        self.env["tibillet.settlement"]._check_bookable(day, {self.company_id: journal})

    def _return_move(self, row):
        """Back at the bank, and owed to the merchant as what is held for it."""
        journal = row.payment_move_id.journal_id
        bank = self._bank_account(journal)
        held = self.env["tibillet.book.account"]._account(
            self.company_id, "merchant", self.partner_id
        )
        return self._post_rows(
            journal,
            row.date,
            self.env._("Statement %s: the payment came back", self.reference),
            [(bank, row.amount_minor), (held, -row.amount_minor)],
        )


class TibilletMerchantBounce(models.TransientModel):
    """Note that the bank gave a payment to a merchant back."""

    _name = "tibillet.merchant.bounce"
    _description = "A payment to a merchant came back"

    statement_id = fields.Many2one("tibillet.merchant.statement", required=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    amount = fields.Monetary(related="statement_id.net")
    date = fields.Date(string="Came back on", required=True, default=fields.Date.context_today)
    reason = fields.Char(string="What the bank said", required=True)

    def action_bounce(self):
        """It is owed again, in the organiser's books.

        :raises AccessError: for anyone but an accountant of the organiser
        :raises UserError: with what stands in the way; nothing is written then
        """
        self.ensure_one()
        self.statement_id._come_back(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
