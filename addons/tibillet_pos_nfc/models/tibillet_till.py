"""What a tap does: from the till's request to the ledger and back as an answer to show.

Money is set aside in a short transaction of its own (``tibillet.ledger._short``), so that
the answer is final when the till hears it, whatever happens to the request around it.
"""

import logging
from math import isfinite
from pathlib import Path

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from .till_tap import HOLD_MINUTES, fill

SQL_FILE = Path(__file__).parent.parent / "sql" / "tap.sql"

_logger = logging.getLogger(__name__)

MAX_LINES = 1000
MAX_MINOR = 2**31 - 1


class TibilletTill(models.AbstractModel):
    _name = "tibillet.till"
    _description = "Till"

    def init(self):
        """The functions that a tap calls, once the tables that they read exist."""
        self.pool.post_init(self._install_sql)

    def _install_sql(self):
        self.env.cr.execute(SQL_FILE.read_text())

    # -- acts --------------------------------------------------------------------------

    @api.model
    def _lookup(self, session, device, uid):
        """Answer what a card holds here; refuses like a payment would."""

        def look(env):
            env["tibillet.device"].sudo().browse(device.id)._take_token("lookup")

        self._ledger()._short(look)
        card_sudo = self._card(uid)
        answer = {"ok": True, "code": "card", "message": self.env._("Card read.")}
        return answer | self._describe_card(card_sudo, session.company_id)

    @api.model
    def _hold(self, session, device, seq, key, uid, lines, up_to, facts=None):
        """Hold a basket on a card, once per key, and describe what is left.

        The act and the count of requests stay recorded when the card is refused.
        """
        lines = self._check_lines(lines)
        up_to = self._check_minor(up_to) if up_to is not None else None
        how = self._check_how(facts)
        self._check_key(key)
        config_id, device_id = session.config_id.id, device.id

        def take(env):
            till = env["tibillet.till"]
            device_sudo = env["tibillet.device"].sudo().browse(device_id)  # writes by SQL
            fill(device_sudo, {"config_id": config_id})  # as it was proved
            voided, known_sudo = device_sudo._begin_act(seq, "hold", key)
            if voided:
                # answered, not raised: the act that arrived late keeps its number
                return LedgerError(
                    "hold_resolved", env._("This payment was already given up on the till.")
                ).as_answer()
            try:
                with env.cr.savepoint(flush=False):
                    asked = {"seq": seq, "key": key, "lines": lines, "up_to": up_to, "how": how}
                    tap = till._read_tap(device_sudo, uid, facts, known_sudo, **asked)
                    till._check_law(tap)
                    other = till._other_prices(tap)
                    if other:
                        return other
                    taken_sudo = till._take(tap, till._before_tap(tap))
                    answer = till._describe_taken(taken_sudo, tap.card, tap.company)
                    taken_minor = answer["amount_minor"]
                    return answer | till._describe_rest(device_sudo, lines, how, taken_minor)
            except LedgerError as error:
                answer = error.as_answer() | getattr(error, "told", {})
                if up_to and answer.get("missing_minor"):
                    answer["missing_minor"] = min(answer["missing_minor"], up_to)
                return answer | till._describe_rest(device_sudo, lines, how)

        return self._ledger()._short(take)

    @api.model
    def _take(self, tap, lines):
        """Post the pending operation of a tap: a payment, or a refund when negative.

        :param lines: what of the tap's lines this card is to pay
        """
        total = sum(line["amount_minor"] for line in lines)
        if total == 0:
            raise LedgerError("invalid", self.env._("There is nothing to pay."))
        self._ledger()._authorize("sale" if total > 0 else "undo", "till", company=tap.company)
        if total < 0:
            refunds = self.env["tibillet.refund"]
            return refunds._promise(tap.device, tap.company, tap.key, tap.card, lines)
        self.env["tibillet.topup"]._check_goods(tap.company, lines)
        return self._ledger()._spend(
            tap.card.wallet_id,
            tap.company,
            self._as_basket(lines),
            key=tap.key,
            origin=tap.device._ledger_origin,
            up_to=tap.up_to,
            hold_until=tap.hold_until,
            card=tap.card,
            device_seq=tap.seq,
            products={one.product_id: one.as_facts() for one in tap.goods.values()},
            merchant=tap.config.tibillet_merchant_id or None,
        )

    @api.model
    def _renew(self, session, device, keys):
        """Prolong the holds of these keys; name those that are gone."""
        if not isinstance(keys, list) or len(keys) > 100:
            raise LedgerError("invalid", self.env._("The till asked for too many renewals."))
        for key in keys:
            self._check_key(key)
        device_id = device.id

        def renew(env):
            till = env["tibillet.till"]
            device_sudo = env["tibillet.device"].sudo().browse(device_id)  # writes by SQL
            device_sudo._take_token("act")
            hold_until = till._hold_until()
            renewed = []
            for key in keys:
                operation_sudo = till._operation(device_sudo, key)
                if operation_sudo.state != "pending":
                    continue
                try:
                    with env.cr.savepoint(flush=False):
                        till._ledger()._renew(
                            operation_sudo, hold_until, origin=device_sudo._ledger_origin
                        )
                except LedgerError:
                    continue
                renewed.append(key)
            return {
                "ok": True,
                "code": "renewed",
                "message": "",
                "renewed": renewed,
                "lost": [key for key in keys if key not in renewed],
            }

        return self._ledger()._short(renew)

    @api.model
    def _give_up(self, session, device, seq, key):
        """Void what a key holds; remember the key, should its hold still be on its way."""
        self._check_key(key)
        device_id = device.id

        def void(env):
            device_sudo = env["tibillet.device"].sudo().browse(device_id)  # writes by SQL
            device_sudo._take_token("act")
            try:
                env["tibillet.till"]._void_act(device_sudo, seq, key)
            except LedgerError as error:
                return error.as_answer()  # answered, not raised: the act keeps its number
            return {
                "ok": True,
                "code": "voided",
                "message": env._("Nothing was taken from the card."),
            }

        return self._ledger()._short(void)

    @api.model
    def _void_act(self, device, seq, key):
        """Void what one key holds. Its number is written even when it had held nothing.

        :raises LedgerError: ``hold_resolved`` when it has paid already
        """
        # cashiers have no right on acts
        self.env["tibillet.device.act"].sudo()._record(device, seq, "void", key)
        operation_sudo = self._operation(device, key)
        if operation_sudo.state == "posted":
            raise LedgerError(
                "hold_resolved",
                self.env._("This payment is already done. Refund the order instead."),
            )
        if operation_sudo.state == "pending":
            try:
                with self.env.cr.savepoint(flush=False):
                    self._ledger()._void(operation_sudo, origin=device._ledger_origin)
            except LedgerError as error:
                if error.code != "hold_expired":
                    raise

    # -- what orders and sessions call ---------------------------------------------------

    @api.model
    def _record_payment(self, payment):
        """Capture the operation of a payment whose order is paid, late or short if need be."""
        device, key = payment.tibillet_device_id, payment.transaction_id
        if payment.amount < 0:
            self.env["tibillet.refund"]._of(device, key)._give_back()
        else:
            merchant = payment.pos_order_id.session_id.config_id.tibillet_merchant_id
            self._ledger()._record_sale(self._operation(device, key), merchant or None)

    @api.model
    def _record_order(self, order):
        """Write the order in its till's journal. Never refuses a sale that took place."""
        device_sudo = order.sudo().tibillet_device_id  # cashiers do not write the journal
        if not device_sudo or device_sudo.config_id != order.config_id:
            return
        if order.tibillet_undo_of_id:  # the act that asked for it has the number
            return
        acts_sudo = self.env["tibillet.device.act"].sudo()
        try:
            acts_sudo._record(device_sudo, order.tibillet_device_seq, "order", order.uuid)
        except LedgerError as error:
            _logger.info("Order %s kept out of its till's journal: %s", order.id, error.code)

    @api.model
    def _release(self, operations):
        """Void what is still held among these operations."""
        for operation_sudo in operations.filtered(lambda op: op.state == "pending"):
            try:
                self._ledger()._void(operation_sudo)
            except LedgerError as error:
                if error.code not in ("hold_expired", "hold_resolved"):
                    raise

    @api.model
    def _release_session(self, session):
        """Void the holds of a till's devices that no order followed."""
        devices_sudo = session.config_id.sudo().with_context(active_test=False).tibillet_device_ids
        if not devices_sudo:
            return
        origins = [device._ledger_origin for device in devices_sudo]
        operations_sudo = (
            self.env["tibillet.operation"]
            .sudo()
            .search([("origin", "in", origins), ("state", "=", "pending")])
        )
        self._release(operations_sudo)

    # -- reading the ledger --------------------------------------------------------------

    @api.model
    def _ledger(self):
        return self.env["tibillet.ledger"].sudo()

    @api.model
    def _card(self, uid):
        """The card as superuser: a cashier may use a card without reading wallets.

        :raises LedgerError: ``card_unknown``, ``not_our_card``, ``card_lost``, ``card_blocked``
        """
        return self.env["tibillet.card"]._by_uid(self._chip(uid)).sudo()

    @api.model
    def _chip(self, uid):
        """The number that a reader read, as cards have it.

        :raises LedgerError: ``invalid``, ``not_our_card``
        """
        if not isinstance(uid, str):
            raise LedgerError("invalid", self.env._("The reader sent no readable card."))
        return self.env["tibillet.card"]._normal_uid(uid)

    @api.model
    def _operation(self, device, key):
        """The operation that a device's key made, or an empty recordset."""
        return (
            self.env["tibillet.operation"]
            .sudo()
            .search([("origin", "=", f"device:{device.id}"), ("key", "=", key)], limit=1)
        )

    @api.model
    def _operations(self, device, key):
        """Everything that came of a key: the hold, its late capture, its shortfall."""
        operations_sudo = self.env["tibillet.operation"].sudo()
        if not device or not key:
            return operations_sudo
        return operations_sudo.search(
            [
                ("origin", "=", f"device:{device.id}"),
                ("key", "in", [key, f"{key}/late", f"{key}/shortfall"]),
            ]
        )

    @api.model
    def _hold_until(self):
        [(until,)] = self.env.execute_query(
            SQL("SELECT tibillet_now() + make_interval(mins => %s)", HOLD_MINUTES)
        )
        return until

    # -- checks of what a till sends -------------------------------------------------------

    @api.model
    def _check_key(self, key):
        visible = isinstance(key, str) and key.isascii() and key.isprintable()
        if not visible or not 0 < len(key) <= 48 or " " in key or "/" in key:
            raise LedgerError("invalid", self.env._("The till sent a payment without key."))

    @api.model
    def _check_minor(self, amount):
        whole = isinstance(amount, int) and not isinstance(amount, bool)
        if not whole or not 0 < abs(amount) <= MAX_MINOR:
            raise LedgerError("invalid", self.env._("The till sent a price that cannot be."))
        return amount

    @api.model
    def _check_lines(self, lines):
        """Keep what a basket line may carry; lines at 0 pay nothing and are left out."""
        if isinstance(lines, list) and len(lines) > MAX_LINES:
            raise LedgerError(
                "invalid",
                self.env._(
                    "This basket has %(count)s lines and a tap pays at most %(most)s. Nothing was "
                    "taken: pay it in two orders.",
                    count=len(lines),
                    most=MAX_LINES,
                ),
            )
        if not isinstance(lines, list):
            raise LedgerError("invalid", self.env._("The till sent a basket that cannot be."))
        checked = []
        for line in lines:
            if not isinstance(line, dict):
                raise LedgerError("invalid", self.env._("The till sent a basket that cannot be."))
            if line.get("amount_minor") == 0:
                continue
            kept = {"amount_minor": self._check_minor(line.get("amount_minor"))}
            for name in ("product_id", "asset_id", "refunded_line_id"):
                value = line.get(name) or None
                if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                    raise LedgerError(
                        "invalid", self.env._("The till sent a basket that cannot be.")
                    )
                kept[name] = value
            for name in ("qty", "discount", "seen_price"):
                kept[name] = self._check_number(line.get(name))
            checked.append(kept)
        return checked

    @api.model
    def _check_number(self, value):
        """A plain finite number of the basket, or None when it was left out."""
        if value is None or value is False:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
            return value
        raise LedgerError("invalid", self.env._("The till sent a basket that cannot be."))
