"""Sums of accounts without running balance, kept short."""

from odoo import api, models

# Up to the mark of an earlier run, once everybody who was writing here when it was set is
# done: nobody that this snapshot sees under way has a number up to the mark's, unless a backend
# of another database on this server holds it. A mark above every number given out here was set
# on another server, before a restore: of those who wrote there nobody is left.
TAKE_IN = """
    WITH mark AS MATERIALIZED (
        SELECT done_id, next_id FROM tibillet_rollup_mark
         WHERE next_id > done_id
           AND (next_xid > pg_current_xact_id()
                OR (next_xid < pg_snapshot_xmax(pg_current_snapshot())
                    AND NOT EXISTS (
                        SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS under_way(xid)
                         WHERE under_way.xid <= next_xid
                           AND NOT EXISTS (
                               SELECT FROM pg_locks l JOIN pg_stat_activity b ON b.pid = l.pid
                                WHERE l.locktype = 'transactionid' AND l.granted
                                  AND l.mode = 'ExclusiveLock'
                                  AND l.transactionid = under_way.xid::xid
                                  AND b.datid <> (SELECT oid FROM pg_database
                                                   WHERE datname = current_database())))))
    ), moved AS (
        SELECT t.credit_account_id AS account_id, t.amount_minor AS amount
          FROM mark JOIN tibillet_transfer t ON t.id > mark.done_id AND t.id <= mark.next_id
         UNION ALL
        SELECT t.debit_account_id, -t.amount_minor
          FROM mark JOIN tibillet_transfer t ON t.id > mark.done_id AND t.id <= mark.next_id
    ), change AS (
        SELECT m.account_id, sum(m.amount) AS amount
          FROM moved m JOIN tibillet_account a ON a.id = m.account_id
         WHERE a.balance_minor IS NULL
         GROUP BY m.account_id
    ), added AS (
        INSERT INTO tibillet_rollup (account_id, transfer_id, balance_minor)
        SELECT change.account_id, mark.next_id, change.amount FROM change, mark
        ON CONFLICT (account_id) DO UPDATE
           SET transfer_id = excluded.transfer_id,
               balance_minor = tibillet_rollup.balance_minor + excluded.balance_minor
    )
    UPDATE tibillet_rollup_mark SET done_id = next_id
     WHERE EXISTS (SELECT FROM mark)"""
# The snapshot is older than the number of this transaction: whoever was given a transfer's id
# up to this one had a transaction number by then, so a lower one than ours.
SET_MARK = """
    INSERT INTO tibillet_rollup_mark (done_id, next_id, next_xid)
    SELECT 0, COALESCE(max(id), 0), pg_current_xact_id() FROM tibillet_transfer
    ON CONFLICT (one_row) DO UPDATE
       SET next_id = excluded.next_id, next_xid = excluded.next_xid
     WHERE tibillet_rollup_mark.done_id = tibillet_rollup_mark.next_id"""
NO_MARK = """
    DELETE FROM tibillet_rollup WHERE NOT EXISTS (SELECT FROM tibillet_rollup_mark)"""


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _roll_up(self):
        """Shorten the sums of accounts without running balance, from the last run's end on.

        A transfer's id is given out before its transaction commits, so a lower id may appear
        after a higher one. Each run therefore takes in what the run before marked, once every
        transaction that was under way at the mark has ended, then sets a mark of its own.
        Sums written before there were marks are thrown away and computed again.
        """
        self.env.flush_all()
        for statement in (NO_MARK, TAKE_IN, SET_MARK):
            self.env.cr.execute(statement)  # literals above
