"""Money promised back to a card: from the tap on a refund until its order is paid."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError


class TibilletRefund(models.Model):
    """What a tap on a refund order agreed: which sale, which card, how much.

    The ledger credits the card when the order is paid, never before. The promise is the
    server's own record, so that a till cannot name another sale or amount afterwards.
    """

    _name = "tibillet.refund"
    _description = "Refund to a card"
    _order = "id desc"
    _log_access = False

    device_id = fields.Many2one("tibillet.device", required=True, ondelete="restrict")
    key = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    card_id = fields.Many2one("tibillet.card", required=True, ondelete="restrict")
    payment_id = fields.Many2one("pos.payment", required=True, ondelete="restrict", index=True)
    amount_minor = fields.Integer(required=True)
    promised_at = fields.Datetime(required=True)

    _device_key_uniq = models.Constraint(
        "unique(device_id, key)", "A till's key promises one refund."
    )
    _amount_positive = models.Constraint("CHECK(amount_minor > 0)", "A refund gives something.")

    def create(self, vals_list):
        raise AccessError(self.env._("A refund is promised by a tap on a till."))

    def write(self, vals):
        raise AccessError(self.env._("A promised refund never changes."))

    def unlink(self):
        raise AccessError(self.env._("A promised refund never changes."))

    @api.model
    def _of(self, device, key):
        """What a till promised under a key, in sudo: cashiers have no right on promises."""
        refunds_sudo = self.sudo()
        return refunds_sudo.search([("device_id", "=", device.id), ("key", "=", key)], limit=1)

    @api.model
    def _promise(self, device, company, key, card, lines):
        """Agree to give the total of these lines back to the card that paid them.

        :raises LedgerError: ``not_allowed`` when the card did not pay that sale,
            ``limit_exceeded`` beyond what it paid, ``key_conflict`` for another content
        """
        amount = -sum(line["amount_minor"] for line in lines)
        payment_sudo = self._sale_payment(company, card, lines)
        rest = self._rest(payment_sudo)
        if amount > rest:
            raise LedgerError(
                "limit_exceeded",
                self.env._("This card paid less than that for this order. Give the rest in cash."),
                missing_minor=amount - rest,
            )
        self.env.execute_query(
            SQL(
                """INSERT INTO tibillet_refund (device_id, key, company_id, card_id, payment_id,
                                                amount_minor, promised_at)
                   VALUES (%s, %s, %s, %s, %s, %s, tibillet_now())
                   ON CONFLICT (device_id, key) DO NOTHING RETURNING id""",
                device.id,
                key,
                company.id,
                card.id,
                payment_sudo.id,
                amount,
            )
        )
        self.invalidate_model()
        refund_sudo = self._of(device, key)
        asked = (card, payment_sudo, amount)
        if (refund_sudo.card_id, refund_sudo.payment_id, refund_sudo.amount_minor) != asked:
            raise LedgerError(
                "key_conflict",
                self.env._("This refund was asked before for something else."),
            )
        return refund_sudo

    @api.model
    def _sale_payment(self, company, card, lines):
        """The payment that this card made of the order being refunded."""
        line_ids = {line["refunded_line_id"] for line in lines if line["refunded_line_id"]}
        # the sale may be another cashier's, of an earlier session
        orders_sudo = self.env["pos.order.line"].sudo().browse(line_ids).exists().order_id
        for payment_sudo in orders_sudo.payment_ids._tibillet_wallet_lines():
            paid_sudo = payment_sudo._tibillet_operations().wallet_id
            wallets_sudo = paid_sudo.browse(wallet._surviving().id for wallet in paid_sudo)
            if (
                payment_sudo.amount > 0
                and payment_sudo.company_id == company
                and payment_sudo.pos_order_id.state in ("paid", "done")
                and card.wallet_id in wallets_sudo
            ):
                return payment_sudo
        raise LedgerError(
            "not_allowed",
            self.env._("This card did not pay that order. Tap the card that paid it."),
        )

    @api.model
    def _rest(self, payment_sudo):
        """What was paid and not yet given back, in minor units.

        A shortfall never was the holder's money: what the place did not receive is not
        given back.
        """
        sales_sudo = payment_sudo._tibillet_operations().filtered(
            lambda op: op.state == "posted" and op.code == "sale"
        )
        received_minor = self.env["tibillet.till"]._paid_amount(sales_sudo)
        return received_minor - payment_sudo.tibillet_refunded_minor

    def _transfers_back(self):
        """Transfers of the sale reversed, the last of the cascade first.

        What was spent last is what can be refunded in money; giving it back first is fair
        to the holder and returns no more of it than was spent.
        """
        self.ensure_one()
        operations_sudo = self.payment_id._tibillet_operations()
        sales_sudo = operations_sudo.filtered(lambda op: op.state == "posted" and op.code == "sale")
        skip, todo = self._given_before(), self.amount_minor
        back = []
        money_sudo = sales_sudo.transfer_ids.filtered(lambda transfer: not transfer.earned)
        for transfer_sudo in money_sudo.sorted("id", reverse=True):
            free = max(0, transfer_sudo.amount_minor - skip)
            skip = max(0, skip - transfer_sudo.amount_minor)
            part = min(free, todo)
            if part:
                holder_sudo = transfer_sudo.debit_account_id
                if holder_sudo.wallet_id.merged_into_id:  # the card was claimed since
                    holder_sudo = holder_sudo._get(
                        holder_sudo.wallet_id._surviving(), holder_sudo.asset_id
                    )
                back.append((transfer_sudo.credit_account_id, holder_sudo, part))
                todo -= part
        return back

    def _given_before(self):
        """What earlier refunds of the same payment gave back, this one left out."""
        given = self.payment_id.tibillet_refunded_minor
        return given - self.amount_minor if self._operation() else given

    def _operation(self):
        return self.env["tibillet.till"]._operation(self.device_id, self.key)

    def _split(self):
        """What is given back, asset by asset."""
        amounts = {}
        for _debit, credit, part in self._transfers_back():
            amounts[credit.asset_id] = amounts.get(credit.asset_id, 0) + part
        describe = self.env["tibillet.till"]._describe_amount
        return [describe(asset, -part) for asset, part in amounts.items()]

    def _give_back(self):
        """Credit the card, once. Called when the refund's order is paid.

        The counter on the sale's payment is updated first: two refunds of one sale at the
        same moment collide on it, and the second finds what is left (a CHECK guards it).
        """
        self.ensure_one()
        if self._operation():
            return
        transfers = self._transfers_back()
        earned = self._earned_back()
        payment = self.payment_id
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """UPDATE pos_payment SET tibillet_refunded_minor = tibillet_refunded_minor + %s
                    WHERE id = %s RETURNING id""",
                self.amount_minor,
                payment.id,
            )
        )
        payment.invalidate_recordset(["tibillet_refunded_minor"])
        sale_sudo = payment._tibillet_operations().filtered(
            lambda op: op.state == "posted" and op.code == "sale"
        )[:1]
        self.env["tibillet.till"]._ledger()._post(
            [
                {
                    "key": self.key,
                    "origin": self.device_id._ledger_origin,
                    "code": "undo",
                    "transfers": [(debit.id, credit.id, part) for debit, credit, part in transfers],
                    "card_id": self.card_id.id,
                    "company_id": self.company_id.id,
                    "wallet_id": sale_sudo.wallet_id._surviving().id,
                    "names_id": sale_sudo.id,
                    "earned": earned,
                }
            ]
        )
