import logging

from odoo import api, fields, models

from ..exceptions import LedgerError
from ..ledger_rules import SPENDABLE

_logger = logging.getLogger(__name__)

BATCH = 500


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _capture(self, op, amount_minor=None, *, origin=None):
        """Post a pending operation with what is captured, all of it by default.

        Capturing again for the same amount returns the first result. With less than held,
        the last of the cascade is released first.

        :param origin: who asks, as authenticated; left out by the server's own acts

        :raises LedgerError: ``hold_expired``, ``hold_resolved`` (voided, or captured for
            another amount), ``invalid`` (more than held, or nothing), ``not_allowed`` (asked by
            another ``origin`` than the one that put it on hold)
        """
        self._check_origin(op, origin)
        return self._resolve("capture", op, amount_minor)

    @api.model
    def _void(self, op, *, origin=None):
        """Release a pending operation. Of one that is void or expired already: nothing to do.

        :raises LedgerError: ``hold_resolved`` when it was posted, ``not_allowed`` as above
        """
        self._check_origin(op, origin)
        return self._resolve("void", op)

    @api.model
    def _renew(self, op, hold_until, *, origin=None):
        """Prolong a live hold; never shortens it.

        :raises LedgerError: ``hold_expired``, ``hold_resolved``, ``invalid`` (time in the past),
            ``not_allowed`` as above
        """
        self._check_origin(op, origin)
        return self._resolve("renew", op, fields.Datetime.to_string(hold_until))

    def _check_origin(self, op, origin):
        """What one device, provider or peer has put on hold is none of another's business."""
        if origin is not None and origin != op.origin:
            raise self._refusal(
                "not_allowed",
                self.env._(
                    "Another till has put this money aside: it alone takes it or sets it free. "
                    "Nothing was moved."
                ),
            )

    def _resolve(self, act, op, *argument):
        op.ensure_one()
        self.env.flush_all()
        places = ", ".join(["%s"] * (1 + len(argument)))
        types = {"capture": "::bigint", "renew": "::timestamp"}.get(act, "")
        self.env.cr.execute(
            f"SELECT tibillet_ledger_{act}({places}{types})",  # act is one of three literals
            [op.id, *argument],
        )
        code = self.env.cr.fetchone()[0]
        self._forget_cache()
        if code:
            raise self._refusal(code, self._resolve_sentence(code))
        return op

    def _resolve_sentence(self, code):
        return {
            "hold_expired": self.env._("This hold ran out: the money is free on the card again."),
            "hold_resolved": self.env._("This hold was resolved before; the first answer counts."),
        }.get(code) or self.env._("This cannot be done with the amount or time given.")

    # -- the till's order arrives -------------------------------------------------------

    @api.model
    def _record_sale(self, op, merchant=None):
        """Record a sale that took place, whatever became of its hold (architecture 6).

        A live hold is captured. One that ran out or was released is captured late, as a new
        sale ``<key>/late`` of the same origin, as far as the payer's accounts go; what is
        missing becomes a ``shortfall`` (``<key>/shortfall``) in the seller's claim asset.
        Idempotent: asking again returns the same operations.

        :param op: the ``sale`` that was put on hold
        :param merchant: who sold it, when it is a sale for a third party
        :returns: the operations that record it, whose amounts sum to what was held
        """
        op.ensure_one()
        if op.state in ("pending", "posted"):
            try:
                return self._capture(op)
            except LedgerError as refusal:
                if refusal.code != "hold_expired":
                    raise
        known = self.env["tibillet.operation"].search(
            [("origin", "=", op.origin), ("key", "in", [f"{op.key}/late", f"{op.key}/shortfall"])],
            order="id",
        )
        return known or self._record_late(op, merchant)

    def _record_late(self, op, merchant=None):
        lines = op.hold_line_ids.filtered(lambda line: not line.earned)
        wallet = op.wallet_id._surviving()  # the card may have been claimed since
        self.env.cr.execute(
            "SELECT tibillet_ledger_release(array_agg(id)) FROM tibillet_account"
            " WHERE wallet_id = ANY(%s)",
            [[op.wallet_id.id, wallet.id]],
        )
        transfers = []
        missing = {}
        for line in lines:
            payer = self.env["tibillet.account"]._get(wallet, line.asset_id)
            available = self._available_minor(payer, transfers)
            taken = min(line.amount_minor, available)
            if taken:
                transfers.append((payer.id, line.credit_account_id.id, taken))
            if taken < line.amount_minor:
                in_currency = line.asset_id.kind in SPENDABLE
                missing[in_currency] = missing.get(in_currency, 0) + line.amount_minor - taken
        if missing.get(True):
            transfers += self._other_money(op, wallet, merchant, missing, transfers)
        operations = self.env["tibillet.operation"]
        if transfers:
            request = self._late_request(op, "sale", "late", transfers)
            request["earned"] = self._earned_late(op, wallet, transfers)
            operations |= self._post([request])
        if missing.get(True):
            operations |= self._post_shortfall(op, missing[True])
        if missing.get(False):
            _logger.error(
                "operation %s: %s units that are not money could not be taken late",
                op.id,
                missing[False],
            )
        return operations

    def _earned_late(self, op, wallet, transfers):
        """The points of the hold, as far as the sale could still be paid."""
        earned = op.hold_line_ids.filtered("earned")
        if not earned:
            return []
        held_minor = sum((op.hold_line_ids - earned).mapped("amount_minor"))
        taken_minor = sum(amount for _debit, _credit, amount in transfers)
        lines = []
        for line in earned:
            part = line.amount_minor * taken_minor // held_minor
            if part and line.asset_id.active and not line.asset_id.frozen_at:
                holder = self.env["tibillet.account"]._get(wallet, line.asset_id)
                lines.append((line.debit_account_id.id, holder.id, part))
        return lines

    def _available_minor(self, account, transfers):
        """What may still be taken late: an overdraft is not drawn upon unasked."""
        self.env.cr.execute(
            # What is frozen meanwhile pays nothing: the sale took place, its amount is owed.
            "SELECT CASE WHEN w.frozen OR s.frozen_at IS NOT NULL THEN 0"
            " ELSE a.balance_minor - a.held_minor END FROM tibillet_account a"
            " JOIN tibillet_wallet w ON w.id = a.wallet_id"
            " JOIN tibillet_asset s ON s.id = a.asset_id WHERE a.id = %s",
            [account.id],
        )
        taken = sum(amount for debit, _credit, amount in transfers if debit == account.id)
        return max(0, self.env.cr.fetchone()[0] - taken)

    def _other_money(self, op, wallet, merchant, missing, transfers):
        """What else on the wallet can pay what is missing, of what the seller takes; lowers
        ``missing``."""
        more = []
        purses = self._purses(wallet, op.company_id)
        for purse in self._purses_for(merchant, purses) if merchant else purses:
            restricted = (
                purse.category_ids or purse.place_category_ids or purse.tax_rate is not None
            )
            # What the seller has agreed to take: no other place's debt is made behind its back.
            money = purse.accepted and purse.kind in SPENDABLE and not purse.other_currency
            if not money or restricted or not missing[True]:
                continue
            account = self.env["tibillet.account"].browse(purse.account_id)
            taken = min(missing[True], self._available_minor(account, transfers + more))
            if taken:
                more.append((account.id, self._place_account(op.company_id, purse), taken))
                missing[True] -= taken
        return more

    def _post_shortfall(self, op, missing_minor):
        claim = self.env["tibillet.asset"]._claim_of(op.company_id)
        Account = self.env["tibillet.account"]
        debit = Account._get(claim.issuer_wallet_id, claim)
        credit = Account._get(op.wallet_id._surviving(), claim)
        transfers = [(debit.id, credit.id, missing_minor)]
        return self._post([self._late_request(op, "shortfall", "shortfall", transfers)])

    def _late_request(self, op, code, suffix, transfers):
        return {
            "key": f"{op.key}/{suffix}",
            "origin": op.origin,
            "code": code,
            "transfers": transfers,
            "occurred_at": op.occurred_at,
            "company_id": op.company_id.id,
            "card_id": op.card_id.id,
            "wallet_id": op.wallet_id._surviving().id,
            "device_seq": op.device_seq or None,
            "names_id": op.id,
        }

    # -- sweep --------------------------------------------------------------------------

    @api.model
    def _cron_release_expired(self):
        """Release holds that ran out and that no later operation has touched."""
        while True:
            released = self._short(self._release_batch)
            if released < BATCH or not self.env["ir.cron"]._commit_progress(released):
                return

    @api.model
    def _release_batch(self, env):
        env.cr.execute("SELECT tibillet_ledger_release(NULL, %s)", [BATCH])
        return env.cr.fetchone()[0]
