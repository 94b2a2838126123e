import hashlib
import json
import logging
import random
import re
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from psycopg2 import errors as pg_errors

from odoo import api, fields, models

from ..exceptions import LedgerError
from ..ledger_rules import RULES
from ..short_cursor import ConnectionLost, short_cursor

_logger = logging.getLogger(__name__)

SQL_FOLDER = Path(__file__).parent.parent / "sql"
SQL_FILES = (
    "clock",
    "tables",
    "guards",
    "single",
    "write",
    "spend",
    "resolve",
    "rules",
    "days",
    "floors",
    "assets",
    "dormancy",
)
WHOLE = {code for code, rule in RULES.items() if rule.whole}
KEY = re.compile(r"[!-~]{1,64}")
RETRIED = (
    pg_errors.SerializationFailure,
    pg_errors.DeadlockDetected,
    pg_errors.LockNotAvailable,
)
CHUNK = 1_000
SHORT_PATIENCE_SECONDS = 4.0
SHORT_PAUSE_SECONDS = 0.04


def _all_lines(request):
    """What a request moves, then the points that it earns or takes back."""
    return [*(request.get("transfers") or ()), *(request.get("earned") or ())]


class Facts(NamedTuple):
    """What the rules look at, of one account; in the order of the query."""

    id: int
    asset_id: int
    balance_minor: int | None
    held_minor: int | None
    wallet_id: int
    kind: str
    frozen: bool
    merged: bool
    active: bool
    asset_kind: str
    issuer_wallet_id: int
    refundable: bool
    expiring: bool
    asset_frozen: bool
    single: bool
    first_at: datetime | None
    now: datetime


class TibilletLedger(models.AbstractModel):
    """The one door for money. Nothing else writes operations, transfers or balances.

    ``_post`` checks the ledger's own rules: invariants, kinds of the code, frozen wallets,
    archived assets, caps. Who accepts what is checked by ``_spend``.
    """

    _name = "tibillet.ledger"
    _description = "Ledger"

    def init(self):
        """Tables without model, triggers and functions, once the models' own tables exist."""
        self.pool.post_init(self._install_sql)

    def _install_sql(self):
        for name in SQL_FILES:
            self.env.cr.execute((SQL_FOLDER / f"{name}.sql").read_text())
        self._install_rules()

    def _install_rules(self):
        """The database's copy of the table of codes."""
        self.env.cr.execute("DELETE FROM tibillet_ledger_rule")
        self.env.cr.executemany(
            "INSERT INTO tibillet_ledger_rule VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    code,
                    [*rule.debit],
                    [*rule.credit],
                    [*rule.assets],
                    rule.supply,
                    rule.refundable,
                    rule.earns,
                )
                for code, rule in sorted(RULES.items())
            ],
        )

    # -- the door ---------------------------------------------------------------------

    @api.model
    def _post(self, requests, item_by_item=False):
        """Post operations, or put them on hold when they carry ``hold_until``.

        :param requests: list of dictionaries as in the contract (section 2): ``key``,
            ``origin``, ``code``, ``transfers`` = (debit account id, credit account id,
            amount in minor units); optional ``hold_until``, ``occurred_at``, ``card_id``,
            ``company_id``, ``device_seq``, ``memo``, ``means`` (how the money came or went, of
            ``tibillet_operation.MEANS``), ``wallet_id``, ``requested_minor``, ``names_id``
            (the operation that this one completes or reverses), ``earned`` (points beside a
            sale or its undo, as ``transfers``)
        :param item_by_item: False: all or nothing; True: a refused one leaves the others alone
        :returns: the operations in order; item by item, a list of operation | LedgerError
        :raises LedgerError: the first refusal, nothing written
        """
        self.env.flush_all()
        prepared, refused = self._prepare(requests, item_by_item)
        written = self._write(prepared, item_by_item)
        refused.update(
            {at: self._refusal_of_row(requests[at], row) for at, row in written.items() if row[1]}
        )
        if refused and not item_by_item:
            raise refused[min(refused)]
        self._forget_cache()
        Operation = self.env["tibillet.operation"]
        if item_by_item:
            return [
                refused[at] if at in refused else Operation.browse(written[at][0])
                for at in range(len(requests))
            ]
        return Operation.browse(written[at][0] for at in range(len(requests)))

    def _prepare(self, requests, item_by_item):
        """Requests → rows for the database, and refusals by position.

        A key seen before is answered by its first result whatever has changed since, so what
        a rule refuses is sent all the same when its key is known: the database compares.
        """
        facts = self._account_facts(requests)
        named = self._named_facts(requests)
        prepared, refused, keys = [], {}, set()
        for position, request in enumerate(requests):
            try:
                self._check_form(request, facts, keys)
                digest = self._digest_of(request)
                try:
                    self._check_rules(request, facts, named)
                except LedgerError:
                    if not self._is_known(request):
                        raise
            except LedgerError as refusal:
                refusal.index = position
                if not item_by_item:
                    raise
                refused[position] = refusal
                continue
            prepared.append((position, request, digest))
        return [self._row(facts, *item) for item in prepared], refused

    def _is_known(self, request):
        self.env.cr.execute(
            "SELECT EXISTS (SELECT FROM tibillet_operation WHERE origin = %s AND key = %s)",
            [request["origin"], request["key"]],
        )
        return self.env.cr.fetchone()[0]

    def _account_facts(self, requests):
        ids = set()
        for request in requests:
            for transfer in _all_lines(request):
                ids.update(part for part in tuple(transfer)[:2] if type(part) is int)
        if any(request.get("code") in WHOLE for request in requests):
            # What a hold that ran out still reserves is free: no reason to refuse.
            self.env.cr.execute("SELECT tibillet_ledger_release(%s::integer[])", [list(ids)])
        self.env.cr.execute("SELECT * FROM tibillet_account_facts(%s)", [list(ids)])
        return {row[0]: Facts(*row) for row in self.env.cr.fetchall()}

    # -- rows -------------------------------------------------------------------------

    def _digest_of(self, request):
        """Digest of what is asked: times, memo and the end of the hold are left out."""
        return request.get("digest") or self._digest(
            request["code"],
            request.get("wallet_id"),
            request.get("company_id"),
            [list(transfer) for transfer in request["transfers"]],
            *([list(transfer) for transfer in request.get("earned") or ()]),
        )

    @api.model
    def _digest(self, *content):
        text = json.dumps(content, separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _row(self, facts, position, request, digest):
        transfers = request["transfers"]
        rule = RULES[request["code"]]
        sides = [facts[account_id] for account_id in transfers[0][:2]]
        # Whose wallet it is about: the payer's, or who receives from a place or an issuer.
        holders = {side.balance_minor is not None: side.wallet_id for side in reversed(sides)}
        hold_until, occurred_at = request.get("hold_until"), request.get("occurred_at")
        operation = {
            "position": position,
            "origin": request["origin"],
            "key": request["key"],
            "digest": digest,
            "code": request["code"],
            "hold_until": hold_until and fields.Datetime.to_string(hold_until),
            "occurred_at": occurred_at and fields.Datetime.to_string(occurred_at),
            "company_id": request.get("company_id") or None,
            "device_seq": request.get("device_seq"),
            "card_id": request.get("card_id") or None,
            "wallet_id": request.get("wallet_id") or holders.get(True),
            "requested_minor": request.get("requested_minor")
            or sum(transfer[2] for transfer in transfers),
            "names_id": request.get("names_id") or None,
            "means": request.get("means") or None,
            "memo": request.get("memo") or None,
            "payout": rule.payout,
            "capped": rule.capped,
            "watched": bool(request.get("watched")),
            "first": any(
                facts[debit].first_at is None for debit, _credit, _amount in _all_lines(request)
            ),
        }
        lines = [
            {
                "position": position,
                "rank": rank,
                "debit": debit,
                "credit": credit,
                "asset": facts[debit].asset_id,
                "amount": amount,
                "held": bool(hold_until),
                **({"earned": True} if rank >= len(transfers) else {}),
            }
            for rank, (debit, credit, amount) in enumerate(_all_lines(request))
        ]
        return operation, lines

    def _write(self, prepared, item_by_item=False):
        """Rows → the database. Answers {position: (operation id, refusal, missing)}.

        Large batches go in parts of a thousand, each one statement, all or nothing together:
        what the statement compares within a batch grows with its square.
        """
        if len(prepared) <= CHUNK:
            return self._write_part(prepared, item_by_item)
        answers = {}
        with self.env.cr.savepoint(flush=False) as point:
            for start in range(0, len(prepared), CHUNK):
                part = self._write_part(prepared[start : start + CHUNK], item_by_item)
                answers |= part
                if not item_by_item and any(refusal for _id, refusal, _missing in part.values()):
                    point.rollback()
                    break
        return answers

    def _write_part(self, prepared, item_by_item):
        if not prepared:
            return {}
        function = "tibillet_ledger_write_each" if item_by_item else "tibillet_ledger_write"
        self.env.cr.execute(
            f"SELECT * FROM {function}(%s::jsonb, %s::jsonb)",  # one of two literals above
            [
                json.dumps([operation for operation, _lines in prepared]),
                json.dumps([line for _operation, lines in prepared for line in lines]),
            ],
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    def _refusal_of_row(self, request, row):
        _operation_id, code, missing_minor = row
        if code == "insufficient_funds":
            return self._refusal(
                code,
                self.env._("There is not enough on this card. Nothing was taken."),
                missing_minor=missing_minor,
            )
        if code == "key_conflict":
            return self._refusal(
                code,
                self.env._(
                    "This payment was asked before with another content; the first one counts."
                ),
            )
        if code == "limit_exceeded":
            return self._cap_refusal(request)
        return self._refusal("invalid", self.env._("The end of a hold lies in the future."))

    # -- helpers ----------------------------------------------------------------------

    @api.model
    def _refusal(self, code, message, **details):
        """A refusal to raise: ``code`` for programs, ``message`` for people."""
        return LedgerError(code, message, **details)

    @api.model
    def _walked_round(self):
        return self._refusal(
            "not_allowed",
            self.env._("The ledger is written by its operations only; it cannot be edited."),
        )

    def _forget_cache(self):
        self.env["tibillet.account"].invalidate_model(
            ["balance_minor", "held_minor", "floor_minor"], flush=False
        )
        self.env["tibillet.operation"].invalidate_model(flush=False)

    @api.model
    def _short(self, work):
        """Run ``work(env)`` in a short transaction of its own and commit it.

        For holds of the till and of seats: SQL only, milliseconds. A rival that committed
        meanwhile makes it run again at once, with a jitter under 50 ms. ``work`` returns
        plain values or ids: its records end with its cursor.

        :raises LedgerError: what ``work`` refuses
        """
        patience = time.monotonic() + SHORT_PATIENCE_SECONDS
        while True:
            try:
                with short_cursor(self.env.registry) as cr:
                    return work(self.env(cr=cr))
            except ConnectionLost:
                _logger.info("a kept connection was lost; the short transaction takes another")
            except RETRIED:
                if time.monotonic() > patience:
                    raise
                _logger.debug("short transaction runs again after a rival's commit")
                time.sleep(random.uniform(0, SHORT_PAUSE_SECONDS))
