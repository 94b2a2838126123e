"""A wallet payment exists only with the operation that the card really paid."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What makes a wallet payment what it is; the same values written again are no change.
SEALED_FIELDS = (
    "amount",
    "payment_method_id",
    "pos_order_id",
    "transaction_id",
    "tibillet_device_id",
)


class PosPayment(models.Model):
    _inherit = "pos.payment"

    tibillet_device_id = fields.Many2one(
        "tibillet.device", string="Paired till", index="btree_not_null", ondelete="restrict"
    )
    tibillet_split = fields.Json(
        string="Paid with", readonly=True, help="What the card paid, asset by asset."
    )
    tibillet_refunded_minor = fields.Integer(
        string="Given back",
        default=0,
        readonly=True,
        copy=False,
        aggregator=None,
        help="What refunds gave back of this card payment, in minor units. Written by SQL.",
    )

    _tibillet_refunded_range = models.Constraint(
        "CHECK (tibillet_refunded_minor >= 0 AND (tibillet_refunded_minor = 0"
        " OR tibillet_refunded_minor <= round(amount * 100)))",
        "More cannot be given back than the card paid.",
    )
    _tibillet_operation_uniq = models.UniqueIndex(
        "(tibillet_device_id, transaction_id) WHERE tibillet_device_id IS NOT NULL",
        "This card payment is already on an order.",
    )

    @property
    def _tibillet_is_wallet(self):
        return self.payment_method_id._tibillet_is_wallet

    def _tibillet_wallet_lines(self):
        return self.filtered(lambda payment: payment._tibillet_is_wallet)

    def _tibillet_operations(self):
        """The operations of this payment: the hold, its late capture, its shortfall.

        Read as superuser: a cashier sees payments, not the ledger.
        """
        self.ensure_one()
        return self.env["tibillet.till"]._operations(self.tibillet_device_id, self.transaction_id)

    # -- checks ------------------------------------------------------------------------

    @api.constrains(*SEALED_FIELDS)
    def _check_tibillet_operation(self):
        """Refuse a wallet payment that no card paid, on whatever path it comes."""
        for payment in self:
            if not payment._tibillet_is_wallet:
                if payment.tibillet_device_id:
                    raise ValidationError(
                        self.env._("Only a card payment names the till that held it.")
                    )
                continue
            company, amount_minor = payment._tibillet_proof()
            if not amount_minor:
                raise ValidationError(
                    self.env._(
                        "No card paid this. A card payment is made by tapping the card on a "
                        "paired till."
                    )
                )
            if company != payment.company_id:
                raise ValidationError(self.env._("This card payment belongs to another company."))
            if amount_minor != self.env["tibillet.till"]._to_minor(
                payment.amount, payment.currency_id
            ):
                raise ValidationError(
                    self.env._("The amount of this payment is not what the card paid.")
                )

    def _tibillet_proof(self):
        """Company and signed amount that the server itself recorded for this payment."""
        self.ensure_one()
        operations_sudo = self._tibillet_operations().filtered(lambda op: op.code != "undo")
        if operations_sudo:
            return operations_sudo.company_id, self.env["tibillet.till"]._paid_amount(
                operations_sudo
            )
        refund_sudo = self._tibillet_refund()
        return refund_sudo.company_id, -refund_sudo.amount_minor

    def _tibillet_refund(self):
        return self.env["tibillet.refund"]._of(self.tibillet_device_id, self.transaction_id)

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("tibillet_split", None)
            vals.pop("tibillet_refunded_minor", None)
            vals.pop("tibillet_earned", None)
        payments = super().create(vals_list)
        for payment in payments._tibillet_wallet_lines():
            payment._tibillet_write_split()
        return payments

    def _tibillet_write_split(self):
        """Whatever the till sent, the ledger says what was paid with what."""
        # The only door to this field: our own `write` leaves out what anybody else sends.
        # pylint: disable=missing-return,super-method-mismatch
        refund_sudo = self._tibillet_refund()
        if refund_sudo:
            split = refund_sudo._split()
        else:
            split = self.env["tibillet.till"]._split(self._tibillet_operations())
        super().write({"tibillet_split": split, **self._tibillet_points(refund_sudo)})

    def write(self, vals):
        sealed = [name for name in SEALED_FIELDS if name in vals]
        if sealed:
            self._tibillet_check_unchanged(sealed, vals)
        ours = {"tibillet_split", "tibillet_refunded_minor", "tibillet_earned"} & vals.keys()
        if ours:  # the till sends its copy back; the server keeps its own
            vals = {name: value for name, value in vals.items() if name not in ours}
        return super().write(vals)

    def _tibillet_seal(self):
        """Why this payment never changes, as a sentence; or nothing."""
        self.ensure_one()
        if not self._tibillet_is_wallet:
            return ""
        return self.env._("A card payment never changes. Void it on the till, or refund it.")

    def _tibillet_check_unchanged(self, names, vals):
        for payment in self:
            seal = payment._tibillet_seal()
            for name in names if seal else ():
                field = self._fields[name]
                new = field.convert_to_record(field.convert_to_cache(vals[name], payment), payment)
                if name == "amount":
                    same = payment.currency_id.compare_amounts(new, payment.amount) == 0
                else:
                    same = new == payment[name]
                if not same:
                    raise UserError(seal)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tibillet_captured(self):
        """A dropped line gives the money back; a paid one can only be refunded."""
        for payment in self._tibillet_wallet_lines():
            operations_sudo = payment._tibillet_operations()
            if "posted" in operations_sudo.mapped("state"):
                raise UserError(
                    self.env._("This card payment is done. Refund it with the card instead.")
                )
            self.env["tibillet.till"]._release(operations_sudo)

    # -- books -------------------------------------------------------------------------

    def _create_payment_moves(self, is_reverse=False):
        """Move clearing for the wallet part of an invoiced order: Odoo writes no line for it."""
        moves = super()._create_payment_moves(is_reverse=is_reverse)
        for payment in self._tibillet_wallet_lines():
            received = payment._tibillet_received()
            if not payment.currency_id.is_zero(received) and not payment.account_move_id:
                moves |= payment._tibillet_create_invoice_move(is_reverse)
        return moves

    def _tibillet_create_invoice_move(self, is_reverse):
        """Dr clearing, Cr the customer, for one wallet payment of an invoice.

        When the session is already closed its entry has moved clearing; Odoo then reverses
        the move it makes here, so the debit goes to the account the session used: the same.
        """
        self.ensure_one()
        order = self.pos_order_id
        session = order.session_id
        partner = self.env["res.partner"]._find_accounting_partner(self.partner_id)
        receivable = partner.with_company(order.company_id).property_account_receivable_id
        clearing = self.payment_method_id.receivable_account_id
        journal = session.config_id.journal_id
        amounts = session._update_amounts(
            {"amount": 0, "amount_converted": 0},
            {"amount": self._tibillet_received()},
            self.payment_date,
        )
        move = (
            self.env["account.move"]
            .with_context(default_journal_id=journal.id)
            .create(
                {
                    "journal_id": journal.id,
                    "date": fields.Date.context_today(order, order.date_order),
                    "ref": self.env._(
                        "Card payment of %(invoice)s (%(order)s)",
                        invoice=order.account_move.name,
                        order=order.name,
                    ),
                    "pos_payment_ids": self.ids,
                }
            )
        )
        self.account_move_id = move
        credit = session._credit_amounts(
            {"account_id": receivable.id, "partner_id": partner.id, "move_id": move.id},
            amounts["amount"],
            amounts["amount_converted"],
        )
        debit = session._debit_amounts(
            {"account_id": clearing.id, "move_id": move.id, "no_followup": True},
            amounts["amount"],
            amounts["amount_converted"],
        )
        self.env["account.move.line"].create([credit, debit])
        move._post()
        return move
