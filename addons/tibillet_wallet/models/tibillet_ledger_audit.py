from odoo import api, models

CHECKS = {
    "balance": """
        SELECT a.id FROM tibillet_account a
         WHERE a.balance_minor IS NOT NULL AND a.balance_minor <> tibillet_account_sum(a.id)""",
    "held": """
        SELECT a.id FROM tibillet_account a
         WHERE a.balance_minor IS NOT NULL AND a.held_minor <> COALESCE((
               SELECT sum(l.amount_minor) FROM tibillet_hold_line l
                 JOIN tibillet_operation o ON o.id = l.operation_id
                WHERE l.debit_account_id = a.id AND o.state = 'pending'), 0)""",
    "floor": """
        SELECT id FROM tibillet_account WHERE balance_minor - held_minor < floor_minor""",
    "sum": """
        SELECT asset_id FROM (SELECT asset_id, tibillet_account_sum(id) AS balance
                                FROM tibillet_account) b
         GROUP BY asset_id HAVING sum(balance) <> 0""",
    "pending": """
        SELECT o.id FROM tibillet_operation o
         WHERE (o.state = 'pending') <> EXISTS (
               SELECT FROM tibillet_hold h WHERE h.operation_id = o.id)""",
    "empty": """
        SELECT o.id FROM tibillet_operation o
         WHERE (o.state = 'posted') <> EXISTS (
               SELECT FROM tibillet_transfer t WHERE t.operation_id = o.id)""",
}


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _audit(self):
        """Sweep of the invariants: {check: ids that break it}, empty when all hold.

        ``balance`` running balance = sum of transfers; ``held`` = pending lines; ``floor``;
        ``sum`` of an asset's accounts is zero; ``pending`` has a live hold and nothing else
        has; ``empty`` posted means transfers and nothing else has any.
        """
        self.env.flush_all()
        broken = {}
        for name, query in CHECKS.items():
            self.env.cr.execute(query)  # literals above
            ids = [row[0] for row in self.env.cr.fetchall()]
            if ids:
                broken[name] = ids
        return broken

    @api.model
    def _roll_up(self, older_than="1 hour"):
        """Shorten the sums of accounts without running balance.

        Only transfers of operations posted some time ago are taken in: one that is being
        committed now may have a lower id than one that is visible already.
        """
        self.env.cr.execute(
            """
            WITH line AS (
                SELECT COALESCE(max(t.id), 0) AS id FROM tibillet_transfer t
                  JOIN tibillet_operation o ON o.id = t.operation_id
                 WHERE o.posted_at <= tibillet_now() - %s::interval
            )
            INSERT INTO tibillet_rollup (account_id, transfer_id, balance_minor)
            SELECT a.id, line.id, COALESCE((SELECT sum(amount_minor) FROM tibillet_transfer
                                             WHERE credit_account_id = a.id AND id <= line.id), 0)
                                - COALESCE((SELECT sum(amount_minor) FROM tibillet_transfer
                                             WHERE debit_account_id = a.id AND id <= line.id), 0)
              FROM tibillet_account a, line WHERE a.balance_minor IS NULL
            ON CONFLICT (account_id) DO UPDATE
               SET transfer_id = excluded.transfer_id, balance_minor = excluded.balance_minor
            """,
            [older_than],
        )
