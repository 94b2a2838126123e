from datetime import datetime, timedelta

from odoo import models

from ..ledger_rules import CLOCK_TOLERANCE_MINUTES, EARNED, MAX_AMOUNT_MINOR, RULES
from .tibillet_ledger import KEY
from .tibillet_operation import MEANS


class TibilletLedger(models.AbstractModel):
    """What ``_post`` checks before it writes: the form of a request, then the row of its code.

    The database checks again what money relies on: floors, keys, caps, and by trigger that
    every transfer links the kinds of its code.
    """

    _inherit = "tibillet.ledger"

    # -- form -------------------------------------------------------------------------

    def _check_form(self, request, facts, keys):
        """What can be said of a request without the rules of its code."""
        key, origin = request.get("key"), request.get("origin")
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise self._refusal(
                "invalid", self.env._("An operation needs a key of 1 to 64 visible characters.")
            )
        if not isinstance(origin, str) or not origin:
            raise self._refusal("invalid", self.env._("An operation needs an origin."))
        if (origin, key) in keys:
            raise self._refusal(
                "invalid", self.env._("The same key stands twice in one batch: %s", key)
            )
        keys.add((origin, key))
        if request.get("code") not in RULES:
            raise self._refusal("invalid", self.env._("The ledger does not know this operation."))
        if not request.get("transfers"):
            raise self._refusal("invalid", self.env._("An operation moves something."))
        for transfer in [*request["transfers"], *(request.get("earned") or ())]:
            self._check_transfer(transfer, facts)
        if request.get("means") and request["means"] not in dict(MEANS):
            raise self._refusal("invalid", self.env._("The ledger does not know this means."))
        hold_until = request.get("hold_until")
        if hold_until is not None and not isinstance(hold_until, datetime):
            raise self._refusal("invalid", self.env._("The end of a hold is a date and time."))
        occurred_at = request.get("occurred_at")
        if occurred_at and not isinstance(occurred_at, datetime):
            raise self._refusal("invalid", self.env._("A moment is a date and time."))

    def _check_transfer(self, transfer, facts):
        if len(transfer) != 3 or any(type(part) is not int for part in transfer):
            raise self._refusal(
                "invalid", self.env._("A transfer has two accounts and a whole amount.")
            )
        debit, credit, amount = transfer
        if not 0 < amount <= MAX_AMOUNT_MINOR:
            raise self._refusal(
                "invalid", self.env._("An amount is more than 0 and less than 2³¹.")
            )
        if debit == credit:
            raise self._refusal("invalid", self.env._("A transfer links two accounts."))
        if debit not in facts or credit not in facts:
            raise self._refusal("invalid", self.env._("This account does not exist."))
        if facts[debit].asset_id != facts[credit].asset_id:
            raise self._refusal("invalid", self.env._("A transfer stays within one asset."))

    # -- the row of the code ------------------------------------------------------------

    def _check_rules(self, request, facts, named):
        """The row of the code's table, applied to every transfer of the request."""
        rule = RULES[request["code"]]
        if request.get("hold_until") and not rule.hold:
            raise self._refusal(
                "invalid", self.env._("This kind of operation cannot be put on hold.")
            )
        self._check_named(request, rule, facts, named)
        taken = {}
        for debit_id, credit_id, amount in request["transfers"]:
            debit, credit = facts[debit_id], facts[credit_id]
            self._check_kinds(rule, debit, credit)
            self._check_asset(rule, debit)
            self._check_single(request, debit)
            self._check_wallets(rule, debit, credit)
            self._check_moment(request, debit)
            taken[debit_id] = taken.get(debit_id, 0) + amount
        if rule.whole:
            self._check_whole(facts, taken)
        for line in request.get("earned") or ():
            self._check_earned(request, rule, facts, line)

    def _check_earned(self, request, rule, facts, line):
        """Points beside a sale: from their issuer to its payer, or back by its undo."""
        debit, credit = facts[line[0]], facts[line[1]]
        payer, place = (facts[account] for account in request["transfers"][0][:2])
        if rule.earns < 0:
            payer, issuer, holder = place, credit, debit
        else:
            issuer, holder = debit, credit
        if (
            not rule.earns
            or debit.asset_kind not in EARNED
            or issuer.wallet_id != issuer.issuer_wallet_id
            or holder.wallet_id != payer.wallet_id
        ):
            raise self._refusal(
                "invalid", self.env._("Points are earned by the payer of a sale, of their issuer.")
            )
        self._check_asset(rule, debit)
        self._check_wallets(rule, debit, credit)

    def _check_kinds(self, rule, debit, credit):
        issuer_side = debit if rule.supply > 0 else credit
        issuer_ok = not rule.supply or issuer_side.wallet_id == issuer_side.issuer_wallet_id
        if (
            debit.kind not in rule.debit
            or credit.kind not in rule.credit
            or debit.asset_kind not in rule.assets
            or not issuer_ok
        ):
            raise self._refusal(
                "invalid", self.env._("This kind of operation does not link these accounts.")
            )

    def _check_asset(self, rule, side):
        if not rule.archived and not side.active:
            raise self._refusal("asset_archived", self.env._("This currency is no longer in use."))
        if side.asset_frozen and not rule.frozen:
            raise self._refusal(
                "wallet_frozen",
                self.env._(
                    "This currency is frozen: who issued it is being wound up. Nothing was "
                    "taken, and what is held stays owed."
                ),
            )
        if rule.refundable and not side.refundable:
            raise self._refusal(
                "not_allowed",
                self.env._("What this card holds is not paid back in money. Nothing was taken."),
            )
        if rule.expiring and not side.expiring:
            raise self._refusal("not_allowed", self.env._("This currency never expires."))

    def _check_wallets(self, rule, debit, credit):
        if debit.merged or credit.merged:
            raise self._refusal(
                "invalid",
                self.env._("This wallet was merged into another one, which holds its money now."),
            )
        if not rule.frozen and (debit.frozen or credit.frozen):
            raise self._refusal(
                "wallet_frozen",
                self.env._("This wallet is frozen: nothing was taken. Ask a manager."),
            )

    def _check_moment(self, request, side):
        occurred_at = request.get("occurred_at")
        late = request.get("names_id") and request["code"] in ("sale", "shortfall")
        if not occurred_at or late:  # recorded late: the moment is that of the hold it names
            return
        if occurred_at > side.now + timedelta(minutes=CLOCK_TOLERANCE_MINUTES):
            raise self._refusal(
                "invalid",
                self.env._("This moment lies in the future: look at the clock of the device."),
            )
        if side.first_at and occurred_at < side.first_at:
            raise self._refusal(
                "invalid",
                self.env._(
                    "This moment lies before this currency was first used: look at the clock "
                    "of the device."
                ),
            )

    def _check_whole(self, facts, taken):
        for account_id, amount in taken.items():
            account = facts[account_id]
            if account.held_minor:
                raise self._refusal(
                    "not_allowed",
                    self.env._(
                        "This card is paying at a till at this moment. Nothing was moved: "
                        "try again in a few minutes."
                    ),
                )
            if amount != account.balance_minor:
                raise self._refusal(
                    "invalid", self.env._("This kind of operation moves all that is there.")
                )

    # -- operations that name another one -------------------------------------------------

    def _named_facts(self, requests):
        """Of the operations that are named: code, state, what moved, and what came back.

        By wallets, as they are now: a card's may have been merged into a person's since.
        """
        ids = list({r["names_id"] for r in requests if type(r.get("names_id")) is int})
        if not ids:
            return {}
        self.env.cr.execute(
            "SELECT o.id, o.code, o.state, tibillet_ledger_moved(ARRAY[o.id]),"
            " tibillet_ledger_moved(ARRAY(SELECT b.id FROM tibillet_operation b"
            "   WHERE b.names_id = o.id AND b.code IN ('undo', 'correct')))"
            " FROM tibillet_operation o WHERE o.id = ANY(%s)",
            [ids],
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    def _check_named(self, request, rule, facts, named):
        """Undo and correction: of something posted, between its places, never for more."""
        if not rule.names:
            return
        if not request.get("names_id"):
            raise self._refusal(
                "invalid", self.env._("This kind of operation names the one that it reverses.")
            )
        code, state, moved, after = named.get(request["names_id"]) or (None, None, None, None)
        if code not in rule.names:
            raise self._refusal(
                "invalid",
                self.env._("A correction is not corrected: correct the first operation again.")
                if code == "correct"
                else self.env._("The operation that is named cannot be reversed this way."),
            )
        if state != "posted":
            raise self._refusal(
                "invalid", self.env._("The operation that is named has moved nothing.")
            )
        rest = self._reversible(moved, after)
        for debit_id, credit_id, amount in [
            *request["transfers"],
            *(request.get("earned") or ()),
        ]:
            debit, credit = facts[debit_id], facts[credit_id]
            way = (debit.asset_id, debit.wallet_id, credit.wallet_id)
            back = (debit.asset_id, credit.wallet_id, debit.wallet_id)
            if back in rest:
                rest[back] -= amount
                if rest[back] < 0:
                    raise self._refusal(
                        "limit_exceeded",
                        self.env._("This is more than what was moved and has not come back yet."),
                    )
            elif request["code"] != "correct" or way not in rest:
                raise self._refusal(
                    "invalid",
                    self.env._("The operation that is named did not link these accounts."),
                )

    def _reversible(self, moved, after):
        """(asset, from, to) → what may still come back; a completion adds to it."""
        rest = {}
        for asset_id, debit, credit, amount in moved or ():
            rest[asset_id, debit, credit] = rest.get((asset_id, debit, credit), 0) + amount
        for asset_id, debit, credit, amount in after or ():
            if (asset_id, credit, debit) in rest:
                rest[asset_id, credit, debit] -= amount
            elif (asset_id, debit, credit) in rest:
                rest[asset_id, debit, credit] += amount
        return rest

    # -- caps -----------------------------------------------------------------------------

    def _cap_refusal(self, request):
        """The database has refused a load: say which limit, and what may still be loaded."""
        self.env.cr.execute(
            "SELECT limit_kind, asset_id, limit_minor, loaded_minor"
            " FROM tibillet_ledger_loads(%s::integer[]) l"
            " ORDER BY limit_minor - loaded_minor LIMIT 1",
            [[transfer[1] for transfer in request["transfers"]]],
        )
        kind, asset_id, limit_minor, loaded_minor = self.env.cr.fetchone()
        asset_sudo = self.env["tibillet.asset"].sudo().browse(asset_id)  # for its name and unit
        limit = asset_sudo._format(limit_minor)
        rest = asset_sudo._format(max(0, limit_minor - loaded_minor))
        if request["code"] == "merge":
            message = self.env._(
                "Together that would be more than %(limit)s of “%(asset)s”, the most that one "
                "person may hold; %(rest)s still fits. Spend or refund some of it first: "
                "nothing was moved.",
                limit=limit,
                asset=asset_sudo.name,
                rest=rest,
            )
        elif kind == "stored":
            message = self.env._(
                "A card without a name stores at most %(limit)s; %(rest)s can still be loaded. "
                "Put the card in your name to store more.",
                limit=limit,
                rest=rest,
            )
        else:
            message = self.env._(
                "A card holds at most %(cap)s of “%(asset)s”; %(rest)s can still be loaded.",
                cap=limit,
                asset=asset_sudo.name,
                rest=rest,
            )
        return self._refusal("limit_exceeded", message)
