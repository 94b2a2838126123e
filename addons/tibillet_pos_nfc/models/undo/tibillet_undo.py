"""Undo of a sale: everything goes back where it came from, in one negative order."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from ..cardpage.tibillet_topup import CASH_SUFFIX

UNDO_MINUTES = 2
MAX_REASON = 200
PAID = ("paid", "done")


class TibilletUndo(models.AbstractModel):
    """A paid order is never edited: another one, negative, names it and gives all back.

    One transaction: cards by the ledger's ``undo``, top-ups of the order by a correction,
    drawer and bank by negative payments, goods by Odoo's return. All of it or nothing.
    """

    _name = "tibillet.undo"
    _description = "Undo of a sale"

    @api.model
    def _ask(self, session, device, seq, key, order_uuid, reason):
        """Number the act, then undo; a refused one keeps its number and changes nothing."""
        till = self.env["tibillet.till"]
        till._check_key(key)
        if len(key) > 40:
            raise LedgerError("invalid", self.env._("The till sent a payment without key."))
        device_id = device.id

        def note(env):
            device_sudo = env["tibillet.device"].sudo().browse(device_id)  # writes by SQL
            device_sudo._take_token("act")
            # cashiers have no right on acts
            env["tibillet.device.act"].sudo()._record(device_sudo, seq, "undo", key)

        till._ledger()._short(note)
        try:
            with self.env.cr.savepoint():
                return self._undo(session, device, seq, key, order_uuid, reason)
        except LedgerError as refusal:  # answered, not raised: the act keeps its number
            return refusal.as_answer() | getattr(refusal, "told", {})

    @api.model
    def _undo(self, session, device, seq, key, order_uuid, reason):
        order = self._sale(session, order_uuid)
        known = order.tibillet_undo_ids
        if known:
            if known.uuid == key:
                return self._describe(known)
            raise LedgerError(
                "not_allowed",
                self.env._("This sale was undone before. Nothing more was given back."),
            )
        reason = self._check_may(session, device, order, reason)
        self._check_whole(order)
        self._check_methods(session, order)
        undo = self._negative_order(session, device, seq, key, order, reason)
        self._pay_back(device, key, order, undo)
        self._take_top_ups_back(device, order, undo)
        undo._process_saved_order(False)
        session.config_id.notify_synchronisation(session.id, 0)
        return self._describe(undo)

    @api.model
    def _sale(self, session, order_uuid):
        """The order, taken for this transaction: of two that undo it one comes second."""
        orders = self.env["pos.order"]
        if not isinstance(order_uuid, str) or not order_uuid:
            raise LedgerError("invalid", self.env._("The till named no sale to undo."))
        order = orders.search(
            [("uuid", "=", order_uuid), ("company_id", "=", session.company_id.id)], limit=1
        )
        if not order:
            raise LedgerError(
                "invalid",
                self.env._("This sale has not reached the server yet. Try again in a moment."),
            )
        # Writing the same value again: a rival's commit is then seen as a conflict, which the
        # server tries again, and not as an old snapshot in which nothing was undone.
        self.env.execute_query(
            SQL("UPDATE pos_order SET write_date = write_date WHERE id = %s RETURNING id", order.id)
        )
        return order

    # -- who, and what ---------------------------------------------------------------------

    @api.model
    def _check_may(self, session, device, order, reason):
        """The last sale of this till within minutes is a cashier's; others need a manager
        and a reason.

        :returns: the reason, trimmed
        """
        self.env["tibillet.ledger"]._authorize("undo", "till", company=session.company_id)
        reason = reason.strip()[:MAX_REASON] if isinstance(reason, str) else ""
        if order.state not in PAID:
            raise LedgerError(
                "not_allowed",
                self.env._("This sale is not paid: take the articles off it instead."),
            )
        if self._is_fresh(device, order):
            return reason
        if not self._is_manager():
            raise LedgerError(
                "not_allowed",
                self.env._(
                    "Only the last sale of this till is undone here, within %s minutes. "
                    "Call a manager: nothing was changed.",
                    UNDO_MINUTES,
                ),
            )
        if not reason:
            raise LedgerError(
                "invalid", self.env._("Write why this sale is undone: it stays with the order.")
            )
        return reason

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("tibillet_pos_nfc.tibillet_pos_nfc_group_manager")

    @api.model
    def _is_fresh(self, device, order):
        """Whether it is the last sale of this till and its minutes are not over.

        Counted from its arrival here, in the server's time: a tablet's clock may be off.
        """
        last = self.env["pos.order"].search(
            [
                ("tibillet_device_id", "=", device.id),
                ("tibillet_device_seq", ">", 0),
                ("tibillet_undo_of_id", "=", False),
                ("state", "in", PAID),
            ],
            order="tibillet_device_seq desc, id desc",
            limit=1,
        )
        if last != order:
            return False
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT 1 FROM tibillet_device_act
                        WHERE device_id = %s AND kind = 'order' AND key = %s
                          AND received_at > tibillet_now() - make_interval(mins => %s)""",
                    device.id,
                    order.uuid,
                    UNDO_MINUTES,
                )
            )
        )

    @api.model
    def _check_whole(self, order):
        """Only what can go back whole, by itself, is undone here."""
        if order.is_refund or order.amount_total < 0 or order.tibillet_undo_of_id:
            raise LedgerError(
                "not_allowed", self.env._("This order gave money back: it is not undone.")
            )
        if order.account_move:
            raise LedgerError(
                "not_allowed",
                self.env._("This sale has an invoice. Refund it in Odoo, with its credit note."),
            )
        if any(line.refunded_qty for line in order.lines):
            raise LedgerError(
                "not_allowed",
                self.env._(
                    "Part of this sale was given back before. Refund the rest with “Refund” and "
                    "the card that paid."
                ),
            )
        refunds = self.env["tibillet.refund"]
        till = self.env["tibillet.till"]
        for payment in order.payment_ids._tibillet_wallet_lines():
            paid_minor = till._to_minor(payment.amount, payment.currency_id)
            if payment.amount < 0:
                raise LedgerError(
                    "not_allowed", self.env._("This order gave money back: it is not undone.")
                )
            if refunds._rest(payment.sudo()) != paid_minor:  # shortfall: never the holder's
                raise LedgerError(
                    "not_allowed",
                    self.env._(
                        "Part of this sale is owed by its card, or was given back. A manager "
                        "settles it in Odoo: nothing was changed."
                    ),
                )

    @api.model
    def _check_methods(self, session, order):
        """Money goes back by the way it came, which this till must have."""
        methods = session.config_id.payment_method_ids
        for payment in order.payment_ids:
            method = payment.payment_method_id
            if method not in methods and not payment._tibillet_is_wallet:
                raise LedgerError(
                    "not_allowed",
                    self.env._(
                        "This sale was paid by “%(method)s”, which this till does not have. Undo "
                        "it at “%(till)s”.",
                        method=method.name,
                        till=order.config_id.name,
                    ),
                )

    # -- the order that undoes ---------------------------------------------------------------

    @api.model
    def _negative_order(self, session, device, seq, key, order, reason):
        """Odoo's refund of every line, in this till's open session."""
        undo = order.copy(
            {
                **order._prepare_refund_values(session),
                "uuid": key,
                "user_id": self.env.uid,
                "employee_id": False,
                "tibillet_device_id": device.id,
                "tibillet_device_seq": seq,
            }
        )
        undo._tibillet_name_undone(order, reason)
        for line in order.lines:
            lots = self.env["pos.pack.operation.lot"]
            for lot in line.pack_lot_ids:
                lots |= lot.copy()
            back = line.copy(line._prepare_refund_data(undo, lots))
            back._onchange_amount_line_all()
        undo._compute_prices()
        if undo.currency_id.compare_amounts(undo.amount_total, -order.amount_total):
            # what was written on the order is what was paid, to the cent
            undo.amount_total, undo.amount_tax = -order.amount_total, -order.amount_tax
        return undo

    @api.model
    def _pay_back(self, device, key, order, undo):
        """One payment back per card, and per other means what came net of change."""
        wallet_method = undo.config_id._tibillet_methods()[:1]
        till, refunds = self.env["tibillet.till"], self.env["tibillet.refund"]
        wallet_lines = order.payment_ids._tibillet_wallet_lines()
        for number, payment in enumerate(wallet_lines, 1):
            part_key = f"{key}-{number}"
            minor = till._to_minor(payment.amount, payment.currency_id)
            refunds._promise_whole(device, part_key, payment.sudo(), minor)  # whoever's sale
            undo.add_payment(
                {
                    "pos_order_id": undo.id,
                    "payment_method_id": wallet_method.id,
                    "amount": -payment.amount,
                    "transaction_id": part_key,
                    "tibillet_device_id": device.id,
                }
            )
        others = order.payment_ids - wallet_lines
        for method, payments in others.grouped("payment_method_id").items():
            amount = sum(payments.mapped("amount"))
            if not undo.currency_id.is_zero(amount):
                undo.add_payment(
                    {
                        "pos_order_id": undo.id,
                        "payment_method_id": method.id,
                        "amount": -amount,
                    }
                )

    @api.model
    def _take_top_ups_back(self, device, order, undo):
        """A top-up sold in the order is reversed while its money is still on the card."""
        till = self.env["tibillet.till"]
        for number, line in enumerate(order.lines.filtered("tibillet_operation_key"), 1):
            sold_by = line.tibillet_device_id or order.tibillet_device_id
            top_up_sudo = till._operation(sold_by, line.tibillet_operation_key)
            if top_up_sudo.code != "topup" or top_up_sudo.state != "posted":
                raise LedgerError(
                    "not_allowed",
                    self.env._(
                        "“%s” is not undone with the sale. A manager corrects it in Odoo.",
                        line.full_product_name or line.product_id.display_name,
                    ),
                )
            key = f"{undo.uuid}-t{number}"
            back = undo.lines.filtered(lambda one, line=line: one.refunded_orderline_id == line)
            back.tibillet_operation_key = key
            self._reverse(device, key, top_up_sudo, undo)
            # what came in cash of a top-up that a bank card paid too has an operation of its own
            in_cash_sudo = till._operation(sold_by, line.tibillet_operation_key + CASH_SUFFIX)
            if in_cash_sudo:
                self._reverse(device, key + CASH_SUFFIX, in_cash_sudo, undo)

    @api.model
    def _reverse(self, device, key, top_up_sudo, undo):
        accounts_sudo = self.env["tibillet.account"].sudo()  # cashiers read no accounts
        transfers = []
        for transfer_sudo in top_up_sudo.transfer_ids:
            holder_sudo = transfer_sudo.credit_account_id
            wallet_sudo = holder_sudo.wallet_id._surviving()
            holder_sudo = accounts_sudo._get(wallet_sudo, holder_sudo.asset_id)
            transfers.append(
                (holder_sudo.id, transfer_sudo.debit_account_id.id, transfer_sudo.amount_minor)
            )
        try:
            self.env["tibillet.till"]._ledger()._post(
                [
                    {
                        "key": key,
                        "origin": device._ledger_origin,
                        "code": "correct",
                        "transfers": transfers,
                        "card_id": top_up_sudo.card_id.id,
                        "company_id": undo.company_id.id,
                        "names_id": top_up_sudo.id,
                        "means": top_up_sudo.means or None,
                        "memo": undo.tibillet_undo_reason or None,
                    }
                ]
            )
        except LedgerError as refusal:
            if refusal.code != "insufficient_funds":
                raise
            raise LedgerError(
                "insufficient_funds",
                self.env._(
                    "The money topped up with this sale is no longer all on the card: the sale is "
                    "not undone. Refund the articles with “Refund” instead."
                ),
                missing_minor=refusal.missing_minor,
            ) from None

    # -- answer --------------------------------------------------------------------------------

    @api.model
    def _describe(self, undo):
        """What went back to cards, and what a hand still has to do."""
        till = self.env["tibillet.till"]
        money = undo.currency_id.format
        todo, on_cards = [], 0
        for payment in undo.payment_ids:
            method = payment.payment_method_id
            if payment._tibillet_is_wallet:
                on_cards -= payment.amount
            elif method.is_cash_count:
                todo.append(
                    self.env._("Take %s from the drawer and give it back.", money(-payment.amount))
                )
            else:
                todo.append(
                    self.env._(
                        "Give %(amount)s back on the terminal of “%(method)s”: this screen does "
                        "not do it.",
                        amount=money(-payment.amount),
                        method=method.name,
                    )
                )
        return {
            "ok": True,
            "code": "undone",
            "message": self.env._("%s is back on the card.", money(on_cards)) if on_cards else "",
            "order_id": undo.id,
            "amount_minor": till._to_minor(-undo.amount_total, undo.currency_id),
            "split": self._split(undo),
            "earned": [
                part
                for payment in undo.payment_ids._tibillet_wallet_lines()
                for part in payment.tibillet_earned or []
            ],
            "todo": todo,
        }

    @api.model
    def _split(self, undo):
        """What the cards received, asset by asset, as positive amounts."""
        totals = {}
        for payment in undo.payment_ids._tibillet_wallet_lines():
            for part in payment.tibillet_split or []:
                row = totals.setdefault(
                    part["asset"], {**part, "amount_minor": 0, "value_minor": 0}
                )
                row["amount_minor"] -= part["amount_minor"]
                row["value_minor"] -= part["value_minor"]
        return list(totals.values())
