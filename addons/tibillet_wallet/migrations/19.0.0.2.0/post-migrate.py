"""Memos move to a table of their own, assets learn when they were first moved, and every
operation that concerns one holder says whose wallet it was."""

from odoo.api import SUPERUSER_ID, Environment


def migrate(cr, version):
    """Called by Odoo once the tables of this version are there."""
    env = Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        "UPDATE tibillet_asset s SET first_at = used.first_at FROM ("
        " SELECT l.asset_id, min(o.occurred_at) AS first_at FROM ("
        "   SELECT operation_id, asset_id FROM tibillet_transfer"
        "    UNION SELECT operation_id, asset_id FROM tibillet_hold_line) l"
        "   JOIN tibillet_operation o ON o.id = l.operation_id GROUP BY l.asset_id) used"
        " WHERE s.id = used.asset_id AND s.first_at IS NULL"
    )
    # Sums are rolled up from where the last run stopped: a little every hour.
    env.ref("tibillet_wallet.ir_cron_roll_up").interval_type = "hours"
    # Replaced by indexes that lead past what is rolled up.
    cr.execute(
        "DROP INDEX IF EXISTS tibillet_transfer__credit_account_id_index,"
        " tibillet_transfer__debit_account_id_index"
    )
    with env["tibillet.ledger"]._guards_open("19.0.0.2.0: wallets of operations, memos apart"):
        cr.execute(
            "UPDATE tibillet_operation o SET wallet_id = side.wallet_id FROM ("
            " SELECT t.operation_id, min(a.wallet_id) AS wallet_id FROM tibillet_transfer t"
            "   JOIN tibillet_account a ON a.id = t.credit_account_id"
            "  WHERE a.balance_minor IS NOT NULL GROUP BY t.operation_id) side"
            " WHERE o.id = side.operation_id AND o.wallet_id IS NULL"
        )
        cr.execute(
            "SELECT FROM information_schema.columns"
            " WHERE table_name = 'tibillet_operation' AND column_name = 'memo'"
        )
        if cr.rowcount:
            cr.execute(
                "INSERT INTO tibillet_memo (operation_id, memo)"
                " SELECT id, memo FROM tibillet_operation WHERE memo <> ''"
                " ON CONFLICT DO NOTHING"
            )
            cr.execute("ALTER TABLE tibillet_operation DROP COLUMN memo")
