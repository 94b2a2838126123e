"""One round paid by several: what the till says beside a tap, and giving all of it up.

A tap may say what else pays the same order, so that the server itself counts what is missing
and no card buys what another one has bought already.
"""

from datetime import timedelta
from time import time

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.tibillet_wallet.exceptions import LedgerError

from ..till_tap import HOLD_MINUTES, Goods, Tap, fill

MAX_CARDS = 100
MAX_ELSEWHERE = 2**31 - 1


class TibilletTill(models.AbstractModel):
    _inherit = "tibillet.till"

    # -- what a tap says beside its basket --------------------------------------------------

    @api.model
    def _refusal(self, code, why, message, **facts):
        """A refusal of this till: the ledger's ``code``, and ``why`` for the screen."""
        error = LedgerError(code, message)
        error.told = {"why": why, **facts}
        return error

    @api.model
    def _check_how(self, how):
        """Keep what may be said beside a tap; what is left out changes nothing.

        :param how: ``{"asked", "also", "elsewhere_minor", "kept"}``: whether a card was waited
            for, keys of the other cards of this order, what cash and bank cards pay of it,
            whether the prices of the basket are kept though they changed
        """
        how = {} if how is None else how
        also = how.get("also") or [] if isinstance(how, dict) else None
        elsewhere_minor = how.get("elsewhere_minor") or 0 if isinstance(how, dict) else 0
        whole = isinstance(elsewhere_minor, int) and not isinstance(elsewhere_minor, bool)
        if not isinstance(also, list) or len(also) > MAX_CARDS or not whole:
            raise LedgerError("invalid", self.env._("The till sent a payment that cannot be."))
        for key in also:
            self._check_key(key)
        if abs(elsewhere_minor) > MAX_ELSEWHERE:
            raise LedgerError("invalid", self.env._("The till sent a price that cannot be."))
        return {
            "asked": how.get("asked", True) is not False,
            "also": list(dict.fromkeys(also)),
            "elsewhere_minor": elsewhere_minor,
            "kept": how.get("kept") is True,
        }

    @api.model
    def _read_tap(self, device, uid, facts, known, **asked):
        """What a tap looks at of its card, its till and its goods, in one query.

        :param facts: what the till says beside the basket, see ``_check_facts``
        :param known: the operation that the key made when it was asked before
        :param asked: ``seq``, ``key``, ``lines``, ``up_to`` and ``how`` of a :class:`Tap`
        :raises LedgerError: ``invalid``, ``card_unknown``, ``not_our_card``, ``card_lost``,
            ``card_blocked``
        """
        facts = self._check_facts(facts)
        chip = self._chip(uid)
        in_lines = {line["product_id"] for line in asked["lines"] if line["product_id"]}
        [(read,)] = self.env.execute_query(
            SQL(
                "SELECT tibillet_till_read(%s, %s, %s)",
                device.config_id.id,
                chip,
                list(in_lines.union(facts["product_ids"])),
            )
        )
        company = self.env["res.company"].browse(read["config"]["company_id"])
        fill(device.config_id, read["config"])
        fill(company, read["company"])
        rows = map(Goods.of_row, read["goods"] or ())
        return Tap(
            device=device,
            company=company,
            card=self._card_read(read["card"], read["wallet"]),
            facts=facts,
            goods={one.product_id: one for one in rows},
            known=known,
            hold_until=fields.Datetime.to_datetime(read["now"]) + timedelta(minutes=HOLD_MINUTES),
            **asked,
        )

    @api.model
    def _card_read(self, values, wallet_values):
        """The card of these columns, as superuser, if it can be used."""
        card_sudo = self.env["tibillet.card"].sudo().browse(values and values["id"])
        if card_sudo:
            fill(card_sudo, {name: values[name] for name in ("state", "number", "wallet_id")})
            fill(card_sudo.wallet_id, wallet_values)
        return card_sudo._check_found()

    @api.model
    def _before_tap(self, tap):
        """What this card is asked to pay for: the basket without what other cards pay.

        :returns: the lines that are left, in their order
        :raises LedgerError: ``not_allowed`` for a staff card that nobody asked for,
            ``hold_expired`` when another card's payment of this order is over
        """
        others = self.env["tibillet.operation"].sudo()
        for other in tap.how["also"]:
            others |= self._operation(tap.device, other)
        if not tap.known:  # asked again, the first answer counts
            self._check_asked(tap)
            self._check_goods(tap)
            self._check_others(others, tap.how)
        return self._lines_left(tap.lines, others)

    @api.model
    def _check_asked(self, tap):
        if tap.how["asked"] or not self._is_staff_card(tap.card, tap.company):
            return
        raise self._refusal(
            "not_allowed",
            "staff_card",
            self.env._("This is a staff card: it pays only when asked. Nothing was taken."),
        )

    @api.model
    def _is_staff_card(self, card, company):
        """Whether the card is an employee's of this company: by its person, whoever that is."""
        partner = card.partner_id
        if not partner:
            return False
        employees_sudo = self.env["hr.employee"].sudo()  # no cashier reads employees
        return bool(
            employees_sudo.search_count(
                [
                    ("company_id", "=", company.id),
                    "|",
                    ("work_contact_id", "=", partner.id),
                    ("user_id.partner_id", "=", partner.id),
                ],
                limit=1,
            )
        )

    @api.model
    def _check_others(self, others, how):
        live = self._live(others)
        if len(live) == len(how["also"]):
            return
        raise LedgerError(
            "hold_expired",
            self.env._(
                "Another card's payment of this order is over: its money is back on it. Nothing "
                "was taken from this card; tap the other one again."
            ),
        )

    @api.model
    def _live(self, operations):
        """Those that still hold their money, or have paid."""
        if not operations:
            return operations
        self.env.cr.execute(
            """SELECT o.id FROM tibillet_operation o
            LEFT JOIN tibillet_hold h ON h.operation_id = o.id
                WHERE o.id = ANY(%s) AND (o.state = 'posted'
                   OR (o.state = 'pending' AND h.expires_at > tibillet_now()))""",
            [operations.ids],
        )
        ids = {row[0] for row in self.env.cr.fetchall()}
        return operations.filtered(lambda operation: operation.id in ids)

    @api.model
    def _lines_left(self, lines, others):
        """The basket without what other cards pay of it, to the minor unit.

        What each of them bought is found again in the order of the cascade (alcohol first, then
        line by line, what it may buy), so that the same cards always split a round alike and
        money that buys food alone never pays a second meal's price on a drink.
        """
        if not others:
            return lines
        left = self._ledger()._basket(self._as_basket(lines))
        ordered = sorted(left, key=lambda line: not line.alcohol)
        for operation_sudo in others.sorted("id"):
            for row in operation_sudo.hold_line_ids.sorted("id"):
                if row.earned:
                    continue
                rest = self._lower(ordered, row.amount_minor, row.asset_id)
                self._lower(ordered, rest, None)
        return [
            {**lines[line.position], "amount_minor": line.amount_minor}
            for line in left
            if line.amount_minor > 0
        ]

    @api.model
    def _as_basket(self, lines):
        """The lines as the ledger takes them: product, amount, asset."""
        products_sudo = self.env["product.product"].sudo()  # not every cashier reads all
        assets_sudo = self.env["tibillet.asset"].sudo()
        return [
            (
                products_sudo.browse(line["product_id"]) if line["product_id"] else None,
                line["amount_minor"],
                assets_sudo.browse(line["asset_id"]) if line["asset_id"] else None,
            )
            for line in lines
        ]

    @api.model
    def _lower(self, basket, amount_minor, asset):
        """Take an amount off the lines that an asset buys (None: any), in order.

        :returns: what is left of it
        """
        allowed = frozenset(asset.product_category_ids.ids) if asset else frozenset()
        for line in basket:
            if line.asset_id:
                buys = asset and line.asset_id == asset.id
            else:
                refundable = not asset or asset.refundable or not line.deposit
                buys = refundable and (not allowed or allowed & line.category_ids)
            if buys:
                part = min(amount_minor, line.amount_minor)
                line.amount_minor -= part
                amount_minor -= part
        return amount_minor

    @api.model
    def _describe_rest(self, device, lines, how, taken_minor=0):
        """The server's figure for what is missing of the order, whoever pays it; and its time."""
        others = self.env["tibillet.operation"].sudo()
        for key in how["also"]:
            others |= self._operation(device, key)
        paid_minor = taken_minor + sum(
            line.amount_minor for line in self._live(others).hold_line_ids if not line.earned
        )
        due_minor = sum(line["amount_minor"] for line in lines)
        return {
            "rest_minor": max(0, due_minor - paid_minor - how["elsewhere_minor"]),
            "now_ms": round(time() * 1000),
        }

    # -- giving up --------------------------------------------------------------------------

    @api.model
    def _release_acts(self, session, device, acts):
        """Void what each of these keys holds, in one short transaction.

        One that cannot be voided keeps no other back.

        :param acts: ``[{"seq", "key"}…]``, as the till numbered them
        """
        if not isinstance(acts, list) or len(acts) > MAX_CARDS:
            raise LedgerError("invalid", self.env._("The till gave up too much at once."))
        for act in acts:
            self._check_key(act.get("key") if isinstance(act, dict) else None)
        device_id = device.id

        def release(env):
            till = env["tibillet.till"]
            device_sudo = env["tibillet.device"].sudo().browse(device_id)  # writes by SQL
            device_sudo._take_token("act")
            kept = []
            for act in acts:
                try:
                    till._void_act(device_sudo, act.get("seq"), act["key"])
                except LedgerError as error:
                    kept.append({"key": act["key"], **error.as_answer()})
            return {
                "ok": True,
                "code": "released",
                "message": env._("Nothing was taken from the cards."),
                "kept": kept,
            }

        return self._ledger()._short(release)
