"""What a tap does: from the till's request to the ledger and back as an answer to show.

Money is set aside in a short transaction of its own (``tibillet.ledger._short``), so that
the answer is final when the till hears it, whatever happens to the request around it.
"""

import logging
from math import isfinite

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

_logger = logging.getLogger(__name__)

HOLD_MINUTES = 5
MAX_LINES = 1000
MAX_MINOR = 2**31 - 1
#: What a tap looks at of a wallet, read at once: a customer waits.
WALLET_COLUMNS = ("partner_id", "frozen", "kind", "daily_limit_minor", "merged_into_id")


class TibilletTill(models.AbstractModel):
    _name = "tibillet.till"
    _description = "Till"

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
        company_id, device_id = session.company_id.id, device.id

        def take(env):
            till = env["tibillet.till"]
            device_sudo = env["tibillet.device"].sudo().browse(device_id)  # writes by SQL
            device_sudo.fetch(["config_id"])  # this column alone: a customer waits
            device_sudo._take_token("act")
            acts_sudo = env["tibillet.device.act"].sudo()  # cashiers have no right on acts
            acts_sudo._record(device_sudo, seq, "hold", key)
            if acts_sudo._is_voided(device_sudo, key):
                # answered, not raised: the act that arrived late keeps its number
                return LedgerError(
                    "hold_resolved", env._("This payment was already given up on the till.")
                ).as_answer()
            company = env["res.company"].browse(company_id)
            try:
                with env.cr.savepoint(flush=False):
                    card_sudo = till._card(uid)
                    card_sudo.wallet_id.fetch(WALLET_COLUMNS)
                    till._check_law(device_sudo, key, card_sudo, lines, facts)
                    other = till._other_prices(device_sudo, card_sudo, facts)
                    if other:
                        return other
                    left = till._before_tap(device_sudo, key, company, card_sudo, lines, how)
                    taken_sudo = till._take(company, device_sudo, seq, key, card_sudo, left, up_to)
                    answer = till._describe_taken(taken_sudo, card_sudo, company)
                    taken_minor = answer["amount_minor"]
                    return answer | till._describe_rest(device_sudo, lines, how, taken_minor)
            except LedgerError as error:
                answer = error.as_answer() | getattr(error, "told", {})
                if up_to and answer.get("missing_minor"):
                    answer["missing_minor"] = min(answer["missing_minor"], up_to)
                return answer | till._describe_rest(device_sudo, lines, how)

        return self._ledger()._short(take)

    @api.model
    def _take(self, company, device, seq, key, card, lines, up_to):
        """Post the pending operation of a tap: a payment, or a refund when negative."""
        total = sum(line["amount_minor"] for line in lines)
        if total == 0:
            raise LedgerError("invalid", self.env._("There is nothing to pay."))
        self._ledger()._authorize("sale" if total > 0 else "undo", "till", company=company)
        if total < 0:
            return self.env["tibillet.refund"]._promise(device, company, key, card, lines)
        self.env["tibillet.topup"]._check_goods(company, lines)
        basket = self._as_basket(lines)
        return self._ledger()._spend(
            card.wallet_id,
            company,
            basket,
            key=key,
            origin=device._ledger_origin,
            up_to=up_to,
            hold_until=self._hold_until(),
            card=card,
            device_seq=seq,
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
            self._ledger()._record_sale(self._operation(device, key))

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
        if not isinstance(uid, str):
            raise LedgerError("invalid", self.env._("The reader sent no readable card."))
        return self.env["tibillet.card"]._by_uid(uid).sudo()

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

    # -- answers -------------------------------------------------------------------------

    @api.model
    def _to_minor(self, amount, currency):
        return round(amount * 10**currency.decimal_places)

    @api.model
    def _paid_amount(self, operations):
        """What these operations of one key pay of an order, in minor units.

        Once posted, what moved; before, or when the hold ran out, what was set aside: the
        sale that follows is recorded for that amount, late or short.
        """
        return sum(line.amount_minor for line in self._lines_of(operations) if not line.earned)

    @api.model
    def _lines_of(self, operations):
        """What these operations moved, or hold until they do."""
        posted = operations.filtered(lambda op: op.state == "posted")
        return posted.transfer_ids or operations.hold_line_ids

    @api.model
    def _split(self, operations):
        """The same amounts asset by asset, for the receipt and the closing."""
        return self._describe_lines(
            self._lines_of(operations).filtered(lambda line: not line.earned)
        )

    @api.model
    def _describe_lines(self, lines):
        """Lines of operations summed by asset, in the order in which they stand."""
        return self._describe_amounts(
            [
                (asset.id, sum(rows.mapped("amount_minor")))
                for asset, rows in lines.sorted("id").grouped("asset_id").items()
            ]
        )

    @api.model
    def _describe_amounts(self, amounts):
        """Pairs of an asset's id and an amount, described; reads these assets once."""
        assets_sudo = self.env["tibillet.asset"].sudo()  # names of what a card holds
        assets_sudo = assets_sudo.browse(asset_id for asset_id, _amount_minor in amounts)
        assets_sudo.fetch(["code", "name", "unit_label", "scale", "unit_value_minor"])
        return [
            self._describe_amount(asset_sudo, amount_minor)
            for asset_sudo, (_asset_id, amount_minor) in zip(assets_sudo, amounts, strict=True)
        ]

    @api.model
    def _describe_amount(self, asset, amount_minor):
        return {
            "asset": asset.code,
            "name": asset.name,
            "unit": asset.unit_label or "",
            "scale": asset.scale,
            "amount_minor": amount_minor,
            "value_minor": amount_minor * (asset.unit_value_minor or 0) // 10**asset.scale,
        }

    @api.model
    def _describe_taken(self, taken, card, company):
        """The answer to a tap: what was taken, what is missing, what is left."""
        if taken._name == "tibillet.refund":
            answer = {
                "code": "back",
                "amount_minor": -taken.amount_minor,
                "missing_minor": 0,
                "split": taken._split(),
                "expires_at": False,
            }
            points = taken._describe_points()
            answer |= {"earned": points} if points else {}
            message = self.env._("Given back to the card once the order is done.")
        else:
            answer = self._describe_held(taken, card)
            message = self.env._("Paid.")
        return {"ok": True, "message": message} | answer | self._describe_card(card, company)

    @api.model
    def _describe_held(self, taken, card):
        """What a hold took, asset by asset, in one query: a customer waits for it."""
        rows = self.env.execute_query(
            SQL(
                """SELECT CASE WHEN o.state = 'pending' AND h.expires_at <= tibillet_now()
                               THEN 'expired' ELSE o.state END,
                          o.requested_minor, h.expires_at, line.asset_id,
                          sum(line.amount_minor)::bigint, line.earned
                     FROM tibillet_operation o
                LEFT JOIN tibillet_hold h ON h.operation_id = o.id
                LEFT JOIN LATERAL (
                          SELECT id, asset_id, amount_minor, earned IS TRUE AS earned
                            FROM tibillet_transfer WHERE operation_id = o.id
                           UNION ALL
                          SELECT id, asset_id, amount_minor, earned IS TRUE
                            FROM tibillet_hold_line
                           WHERE operation_id = o.id AND o.state = 'pending') line ON true
                    WHERE o.id = %s
                 GROUP BY o.state, o.requested_minor, h.expires_at, line.asset_id, line.earned
                 ORDER BY min(line.id)""",
                taken.id,
            )
        )
        state, requested_minor, expires_at = rows[0][:3]
        if state in ("voided", "expired"):
            raise LedgerError(
                "hold_expired" if state == "expired" else "hold_resolved",
                self.env._("This payment is over. Tap the card again."),
            )
        paid = [row[3:5] for row in rows if not row[5]]
        earned = [row[3:5] for row in rows if row[5]]
        paid_minor = sum(amount_minor for _asset_id, amount_minor in paid)
        return {
            "code": "held",
            "amount_minor": paid_minor,
            "missing_minor": max(0, requested_minor - paid_minor),
            "split": self._describe_amounts(paid),
            "expires_at": str(expires_at or ""),
        } | ({"earned": self._describe_earned(earned, card.wallet_id)} if earned else {})

    @api.model
    def _describe_card(self, card, company):
        """Card, balances that this company takes, and rights: no name, no address."""
        left = self._describe_amounts(
            [
                (purse.asset_id, purse.available_minor)
                for purse in self._ledger()._purses(card.wallet_id, company)
                if purse.accepted and not purse.other_currency
            ]
        )
        rights = card.partner_id._tibillet_rights(company) if card.partner_id else []
        return {
            "card": {
                "id": card.id,
                "tail": (card.number or "")[-4:],
                "state": card.state,
                "named": bool(card.partner_id),
            },
            "left": left,
            "left_minor": sum(amount["value_minor"] for amount in left),
            "rights": sorted(rights),
            # A key and a sentence without figure; the face that shows it reports it as shown.
            "notice": self.env["tibillet.notice"]._reminder(card.wallet_id) or False,
        }

    @api.model
    def _demo_cards(self, company):
        """A dozen cards with and without money, for the reader on screen."""
        cards_sudo = (
            self.env["tibillet.card"].sudo().search([("uid", "!=", False)], order="id", limit=12)
        )
        return [
            {
                "uid": card.uid,
                "name": f"{card.number} {card.partner_id.name or ''}".strip(),
                "left_minor": self._describe_card(card, company)["left_minor"],
            }
            for card in cards_sudo
        ]
