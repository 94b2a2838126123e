import datetime
import json
import logging
import random
import re
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..exceptions import LedgerError, OutboxRefused

_logger = logging.getLogger(__name__)

FIRST_WAIT_S = 30
LONGEST_WAIT_S = 6 * 3600
LEASE_MARGIN_S = 60
DONE_KEPT_DAYS = 30
KEY = r"[\x21-\x7e]{1,128}"


class Handler(NamedTuple):
    """What does the rows of one kind.

    ``model`` has a private method ``method(key, payload, timeout_s)``. It runs in a
    transaction that commits together with the row's end, may call outside (and then gives up
    after ``timeout_s``: :func:`..outside.session`), and must bear being run twice with the same
    key, since a server can be killed between the call and the commit.
    """

    model: str
    method: str
    timeout_s: int = 10
    max_attempts: int = 15


class TibilletOutbox(models.Model):
    """What must still be done once a transaction is committed: one row per message or call.

    A row is written in the transaction that decides it (so both are there or neither) and done
    later by a cron, at least once, until its handler returns. It is never lost: before its
    handler runs, its next try is already written and committed.
    """

    _name = "tibillet.outbox"
    _description = "Outbox"
    _order = "id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    payload = fields.Json(readonly=True, groups="base.group_system")
    state = fields.Selection(
        [("pending", "Waiting"), ("done", "Done"), ("dead", "Given up")],
        required=True,
        default="pending",
        readonly=True,
    )
    attempts = fields.Integer(readonly=True)
    attempts_forgiven = fields.Integer(
        readonly=True, help="Those made before somebody asked to try again."
    )
    next_try_at = fields.Datetime(string="Next try", readonly=True)
    done_at = fields.Datetime(string="Done on", readonly=True)
    last_error = fields.Char(readonly=True)

    _key_uniq = models.Constraint("UNIQUE(key)", "This is in the outbox already.")
    _due_idx = models.Index("(next_try_at) WHERE state = 'pending'")
    _dead_idx = models.Index("(id) WHERE state = 'dead'")

    # -- seam ----------------------------------------------------------------------------

    @api.model
    def _handlers(self):
        """Handlers by kind; each addon adds its own to what ``super()`` answers."""
        return {}

    # -- writing a row -------------------------------------------------------------------

    @api.model
    def _enqueue(self, kind, key, payload, company=None, at=None):
        """Have ``kind`` done after this transaction commits; nothing is done if it does not.

        :param key: 1 to 128 visible characters, unique; the same key with the same content
            is one row
        :param payload: what the handler gets, plain JSON
        :param company: whose act it is; its handler runs in that company
        :param at: not before this moment (naive UTC)
        :return: the row, in sudo
        :raise LedgerError: ``key_conflict`` when the key stands for something else
        """
        if kind not in self._handlers():
            raise ValueError(f"no handler for {kind!r}")
        if not re.fullmatch(KEY, key):
            raise ValueError("an outbox key has 1 to 128 visible characters")
        wanted = json.dumps(payload, sort_keys=True)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO tibillet_outbox
                       (key, kind, company_id, payload, state, attempts, attempts_forgiven,
                        next_try_at, create_uid, write_uid, create_date, write_date)
                VALUES (%(key)s, %(kind)s, %(company)s, %(payload)s, 'pending', 0, 0,
                        %(at)s, %(uid)s, %(uid)s, %(now)s, %(now)s)
                ON CONFLICT (key) DO NOTHING
                RETURNING id
                """,
                key=key,
                kind=kind,
                company=company.id if company else None,
                payload=wanted,
                at=at or fields.Datetime.now(),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        # sudo: the row may have been written on behalf of another user or company.
        outbox_sudo = self.sudo()
        if rows:
            self._wake(at)
            return outbox_sudo.browse(rows[0][0])
        known_sudo = outbox_sudo.search([("key", "=", key)])
        known = json.dumps(known_sudo.payload, sort_keys=True)
        if known_sudo.kind != kind or known != wanted:
            raise LedgerError(
                "key_conflict",
                self.env._("The key %(key)s already stands for something else.", key=key),
            )
        return known_sudo

    @api.model
    def _wake(self, at=None):
        cron_sudo = self.env.ref("tibillet_wallet.ir_cron_outbox").sudo()
        cron_sudo._trigger(at=at)

    # -- doing rows ----------------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Do what is due, a transaction per row, until none is left or time is up."""
        progress = self.env["ir.cron"]
        remaining = self._due_count()
        progress._commit_progress(remaining=remaining)
        while remaining:
            try:
                claim = self._claim()
            except psycopg2.errors.SerializationFailure:
                # Somebody asked for a retry of that very row: look again.
                self.env.cr.rollback()
                continue
            if not claim:
                progress._commit_progress(remaining=0)
                break
            self._attempt(*claim)
            remaining = self._due_count()
            if not progress._commit_progress(1, remaining=remaining):
                break

    @api.model
    def _due_count(self):
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM tibillet_outbox "
                "WHERE state = 'pending' AND next_try_at <= %s",
                fields.Datetime.now(),
            )
        )
        return count

    @api.model
    def _claim(self):
        """Take one due row for this worker, and commit that before anything is done.

        Its next try is written now, after the time that the handler may take: whatever happens
        to this process, the row comes back by itself.

        :return: (row in sudo, its attempt number), or None
        """
        now = fields.Datetime.now()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, kind, attempts FROM tibillet_outbox
                 WHERE state = 'pending' AND next_try_at <= %s
              ORDER BY next_try_at, id
                 LIMIT 1
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                now,
            )
        )
        if not rows:
            return None
        [(row_id, kind, attempts)] = rows
        handler = self._handlers().get(kind)
        lease_s = (handler.timeout_s if handler else 0) + LEASE_MARGIN_S
        next_try_at = now + datetime.timedelta(seconds=max(lease_s, self._wait_s(attempts + 1)))
        self.env.execute_query(
            SQL(
                "UPDATE tibillet_outbox SET attempts = attempts + 1, next_try_at = %s "
                "WHERE id = %s RETURNING id",
                next_try_at,
                row_id,
            )
        )
        self._wake(next_try_at)
        self.env["ir.cron"]._commit_progress()
        self.env.invalidate_all()
        row_sudo = self.sudo().browse(row_id)  # the queue's own run, for every company's rows
        return row_sudo, attempts + 1

    @api.model
    def _wait_s(self, attempts):
        """Seconds until the next try: doubling, capped, the upper half of it drawn by lot."""
        longest = min(FIRST_WAIT_S * 2 ** (attempts - 1), LONGEST_WAIT_S)
        return random.uniform(longest / 2, longest)

    @api.model
    def _attempt(self, row_sudo, attempt):
        """Run the handler; what it did and the row's end are one transaction."""
        handler = self._handlers().get(row_sudo.kind)
        row_id, kind = row_sudo.id, row_sudo.kind
        try:
            if not handler:
                raise LookupError("no handler: is its addon still installed?")
            target = self.env[handler.model].with_company(row_sudo.company_id)
            getattr(target, handler.method)(row_sudo.key, row_sudo.payload, handler.timeout_s)
            self.env.flush_all()
            # A worker that took longer than its lease has lost the row to another one.
            done = self.env.execute_query(
                SQL(
                    "UPDATE tibillet_outbox SET state = 'done', done_at = %s, last_error = NULL "
                    "WHERE id = %s AND attempts = %s AND state = 'pending' RETURNING id",
                    fields.Datetime.now(),
                    row_id,
                    attempt,
                )
            )
            if not done:
                raise TimeoutError("the handler took longer than its time; its effect is undone")
            self.env["ir.cron"]._commit_progress()
        # Handlers are other addons' code: whatever one raises is its own row's failure, written
        # down with it and tried again; the rows behind it go on.
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all()
            self._note_failure(row_id, kind, attempt, handler, error)

    @api.model
    def _note_failure(self, row_id, kind, attempt, handler, error):
        """Write down why; give up when it is refused for good or was tried often enough."""
        # Without handler (its addon is being updated, or gone) nothing was tried: the row waits.
        max_attempts = handler.max_attempts if handler else None
        refused = isinstance(error, OutboxRefused)
        # The class and the sentence, no traceback: a manager reads it.
        sentence = f"{type(error).__name__}: {error}"[:250]
        self.env.execute_query(
            SQL(
                """
                UPDATE tibillet_outbox
                   SET last_error = %s,
                       state = CASE WHEN %s OR attempts - attempts_forgiven >= %s
                                    THEN 'dead' ELSE state END
                 WHERE id = %s AND attempts = %s AND state = 'pending'
             RETURNING id
                """,
                sentence,
                refused,
                max_attempts,
                row_id,
                attempt,
            )
        )
        self.env["ir.cron"]._commit_progress()
        _logger.info(
            "outbox row %s (%s) failed at attempt %s: %s",
            row_id,
            kind,
            attempt,
            type(error).__name__,
        )

    # -- actions, housekeeping -----------------------------------------------------------

    def action_retry(self):
        """Try again, now and from the first attempt, what was given up or is waiting."""
        if not self.env.user.has_group("tibillet_wallet.tibillet_wallet_group_manager"):
            raise AccessError(self.env._("Only a TiBillet manager tries a message again."))
        self.check_access("read")
        self.flush_recordset()
        # Attempts keep growing: the number is what tells an old try's late end from a new one.
        # A try may be under way: then this fails with a serialization error, which Odoo retries.
        self.env.execute_query(
            SQL(
                "UPDATE tibillet_outbox SET state = 'pending', next_try_at = %s, "
                "attempts_forgiven = attempts WHERE id = ANY(%s) AND state <> 'done' RETURNING id",
                fields.Datetime.now(),
                self.ids,
            )
        )
        self.invalidate_recordset()
        self._wake()
        return True

    @api.model
    def _clean(self):
        """Forget what was done long ago; what was given up stays until someone looks."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM tibillet_outbox WHERE state = 'done' AND done_at < %s",
                fields.Datetime.now() - datetime.timedelta(days=DONE_KEPT_DAYS),
            )
        )
        return self.env.cr.rowcount
