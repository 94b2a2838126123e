"""The rules of the ledger as queries: each answers (name of the check, id of what breaks it).

Set-based, one pass over the big tables per query: the number of statements does not depend on
how many operations there are. Nothing is believed that can be summed again from the transfers.
Parameter ``rules``: the table of the codes (``ledger_rules.RULES``) as JSON.
"""

RULE = """
    rule AS (
        SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(
            code text, debit text[], credit text[], supply integer, assets text[],
            capped boolean, payout boolean, earns integer, names text[]))"""

SUMS = """
    WITH moved AS (
        SELECT account_id, sum(amount) AS amount FROM (
            SELECT credit_account_id AS account_id, amount_minor AS amount FROM tibillet_transfer
             UNION ALL
            SELECT debit_account_id, -amount_minor FROM tibillet_transfer) side
         GROUP BY account_id
    ), pending AS (
        SELECT l.debit_account_id AS account_id, sum(l.amount_minor) AS amount
          FROM tibillet_operation o JOIN tibillet_hold_line l ON l.operation_id = o.id
         WHERE o.state = 'pending'
         GROUP BY l.debit_account_id
    ), stands AS MATERIALIZED (
        SELECT a.id, a.asset_id, a.balance_minor, a.held_minor, a.floor_minor,
               w.kind IN ('person', 'card') AS holder,
               w.merged_into_id IS NOT NULL AS merged, s.active,
               COALESCE(moved.amount, 0) AS moved, COALESCE(pending.amount, 0) AS pending,
               COALESCE(a.balance_minor, tibillet_account_sum(a.id)) AS answered
          FROM tibillet_account a
          JOIN tibillet_wallet w ON w.id = a.wallet_id
          JOIN tibillet_asset s ON s.id = a.asset_id
          LEFT JOIN moved ON moved.account_id = a.id
          LEFT JOIN pending ON pending.account_id = a.id
    )
    SELECT 'balance', id FROM stands WHERE balance_minor <> moved
     UNION ALL
    SELECT 'held', id FROM stands WHERE balance_minor IS NOT NULL AND held_minor <> pending
     UNION ALL
    SELECT 'floor', id FROM stands WHERE balance_minor - held_minor < floor_minor
     UNION ALL
    SELECT 'filled', id FROM stands
     WHERE num_nonnulls(balance_minor, held_minor, floor_minor)
           <> CASE WHEN holder THEN 3 ELSE 0 END
     UNION ALL
    SELECT 'rollup', id FROM stands WHERE balance_minor IS NULL AND answered <> moved
     UNION ALL
    SELECT 'rollup', r.account_id FROM tibillet_rollup r JOIN stands ON stands.id = r.account_id
     WHERE stands.holder
     UNION ALL
    SELECT 'merged', id FROM stands
     WHERE merged AND (moved <> 0 OR pending <> 0 OR balance_minor <> 0 OR held_minor <> 0)
     UNION ALL
    SELECT 'archived', asset_id FROM stands
     WHERE NOT active AND holder AND (moved <> 0 OR pending <> 0) GROUP BY asset_id
     UNION ALL
    SELECT 'sum', asset_id FROM stands GROUP BY asset_id HAVING sum(answered) <> 0"""

KEYS = """
    SELECT 'key', unnest((array_agg(id ORDER BY id))[2:]) FROM tibillet_operation
     GROUP BY origin, key HAVING count(*) > 1
     UNION ALL
    SELECT 'digest', id FROM tibillet_operation WHERE COALESCE(length(digest), 0) < 32"""

STATES = """
    SELECT 'state', id FROM tibillet_operation
     WHERE state NOT IN ('pending', 'posted', 'voided', 'expired')
     UNION ALL
    SELECT 'dated', id FROM tibillet_operation
     WHERE (state = 'posted') <> (posted_at IS NOT NULL)
        OR posted_at > (SELECT tibillet_now()) + interval '2 minutes'
     UNION ALL
    SELECT 'early', id FROM tibillet_operation
     WHERE posted_at < occurred_at - interval '5 minutes'
     UNION ALL
    SELECT 'empty', o.id FROM tibillet_operation o
     WHERE o.state = 'posted'
       AND NOT EXISTS (SELECT FROM tibillet_transfer t WHERE t.operation_id = o.id)
     UNION ALL
    SELECT 'moved', o.id FROM tibillet_operation o
     WHERE o.state <> 'posted'
       AND EXISTS (SELECT FROM tibillet_transfer t WHERE t.operation_id = o.id)
     UNION ALL
    SELECT 'pending', o.id FROM tibillet_operation o
     WHERE o.state = 'pending'
       AND NOT EXISTS (SELECT FROM tibillet_hold h WHERE h.operation_id = o.id)
     UNION ALL
    SELECT 'pending', o.id FROM tibillet_hold h JOIN tibillet_operation o ON o.id = h.operation_id
     WHERE o.state <> 'pending'
     UNION ALL
    SELECT 'unheld', o.id FROM tibillet_operation o
     WHERE o.state <> 'posted'
       AND NOT EXISTS (SELECT FROM tibillet_hold_line l WHERE l.operation_id = o.id)"""

LINES = f"""
    WITH {RULE}, line AS (
        SELECT operation_id, asset_id, debit_account_id, credit_account_id, amount_minor,
               earned IS TRUE AS earned
          FROM tibillet_transfer
         UNION ALL
        SELECT operation_id, asset_id, debit_account_id, credit_account_id, amount_minor,
               earned IS TRUE
          FROM tibillet_hold_line
    ), judged AS (
        SELECT l.operation_id,
               l.asset_id <> d.asset_id OR l.asset_id <> c.asset_id OR d.id = c.id
                   OR l.amount_minor NOT BETWEEN 1 AND 2147483647 AS crossed,
               r.code IS NULL OR CASE WHEN l.earned
                   THEN s.kind <> 'points'
                   OR CASE r.earns
                           WHEN 1 THEN dw.id <> s.issuer_wallet_id OR cw.kind <> ALL (r.debit)
                           WHEN -1 THEN cw.id <> s.issuer_wallet_id OR dw.kind <> ALL (r.credit)
                           ELSE true END
                   ELSE dw.kind <> ALL (r.debit) OR cw.kind <> ALL (r.credit)
                   OR s.kind <> ALL (r.assets)
                   OR CASE r.supply WHEN 1 THEN dw.id <> s.issuer_wallet_id
                           WHEN -1 THEN cw.id <> s.issuer_wallet_id ELSE false END
                   END AS kinds,
               s.backed AND dw.kind = 'person' AND cw.kind = 'person' AND dw.id <> cw.id
                   AS handed
          FROM line l
          JOIN tibillet_operation o ON o.id = l.operation_id
          JOIN tibillet_account d ON d.id = l.debit_account_id
          JOIN tibillet_wallet dw ON dw.id = d.wallet_id
          JOIN tibillet_account c ON c.id = l.credit_account_id
          JOIN tibillet_wallet cw ON cw.id = c.wallet_id
          JOIN tibillet_asset s ON s.id = d.asset_id
          LEFT JOIN rule r ON r.code = o.code
    )
    SELECT DISTINCT v.name, j.operation_id
      FROM judged j
     CROSS JOIN LATERAL (VALUES ('crossed', j.crossed), ('kinds', j.kinds),
                                ('handed', j.handed)) v(name, broken)
     WHERE (j.crossed OR j.kinds OR j.handed) AND v.broken"""

# What was captured is what was held, line by line, or less: the last of the cascade is
# released first. Points come with the whole, or with their share of what was captured.
CAPTURES = """
    WITH line AS (
        SELECT l.operation_id, l.debit_account_id, l.credit_account_id, l.amount_minor,
               l.earned IS TRUE AS earned,
               sum(CASE WHEN l.earned THEN 0 ELSE l.amount_minor END)
                   OVER (PARTITION BY l.operation_id ORDER BY l.id)
                   - CASE WHEN l.earned THEN 0 ELSE l.amount_minor END AS before,
               sum(l.amount_minor) FILTER (WHERE l.earned IS NOT TRUE)
                   OVER (PARTITION BY l.operation_id) AS held
          FROM tibillet_hold_line l JOIN tibillet_operation o ON o.id = l.operation_id
         WHERE o.state = 'posted'
    ), did AS (
        SELECT t.operation_id, t.debit_account_id, t.credit_account_id,
               sum(t.amount_minor) AS amount,
               sum(t.amount_minor) FILTER (WHERE t.earned IS NOT TRUE) AS paid
          FROM tibillet_transfer t
         WHERE EXISTS (SELECT FROM tibillet_hold_line l WHERE l.operation_id = t.operation_id)
         GROUP BY 1, 2, 3
    ), total AS (
        SELECT operation_id, sum(paid) AS amount FROM did GROUP BY 1
    ), part AS (
        SELECT l.operation_id, l.debit_account_id, l.credit_account_id,
               CASE WHEN l.earned THEN div(l.amount_minor * total.amount, l.held)
                    ELSE LEAST(l.amount_minor, GREATEST(0, total.amount - l.before)) END AS amount
          FROM line l JOIN total ON total.operation_id = l.operation_id
    ), should AS (
        SELECT operation_id, debit_account_id, credit_account_id, sum(amount) AS amount
          FROM part WHERE amount > 0 GROUP BY 1, 2, 3
    )
    SELECT DISTINCT 'captured', COALESCE(did.operation_id, should.operation_id)
      FROM did FULL JOIN should
        ON did.operation_id = should.operation_id
       AND did.debit_account_id = should.debit_account_id
       AND did.credit_account_id = should.credit_account_id
      JOIN tibillet_operation o
        ON o.id = COALESCE(did.operation_id, should.operation_id) AND o.state = 'posted'
     WHERE did.amount IS DISTINCT FROM should.amount"""

# What names another operation: corrections, and sales that were recorded after their hold. What
# the holder of a contested top-up owes names that top-up, and no hold.
NAMES = f"""
    WITH {RULE}, late AS (
        SELECT o.id, o.origin, o.names_id, named.origin AS held_by, named.state, named.code
          FROM tibillet_operation o JOIN tibillet_operation named ON named.id = o.names_id
         WHERE o.code IN ('sale', 'shortfall')
           AND NOT (o.code = 'shortfall' AND named.code = 'topup' AND named.state = 'posted'
                    AND starts_with(o.origin, 'provider-charge:'))
    )
    SELECT 'correction', o.id
      FROM tibillet_operation o
      JOIN rule r ON r.code = o.code AND cardinality(r.names) > 0
      LEFT JOIN tibillet_operation named ON named.id = o.names_id
     WHERE named.id IS NULL OR named.code <> ALL (r.names) OR named.state <> 'posted'
        OR named.id >= o.id
     UNION ALL
    SELECT 'late', id FROM late
     WHERE origin <> held_by OR code <> 'sale' OR state NOT IN ('voided', 'expired')
     UNION ALL
    SELECT 'late', taken.names_id
      FROM (SELECT late.names_id, t.earned IS TRUE AS earned, sum(t.amount_minor) AS amount
              FROM late JOIN tibillet_transfer t ON t.operation_id = late.id
             GROUP BY 1, 2) taken
     WHERE taken.amount > (SELECT COALESCE(sum(l.amount_minor), 0) FROM tibillet_hold_line l
                            WHERE l.operation_id = taken.names_id
                              AND (l.earned IS TRUE) = taken.earned)"""

# A load found the account where its earlier transfers had left it: the payer's and the
# payee's rows are updated, so the ids of one account's transfers are in the order of their
# commits. Loads on hold were judged when they were asked; loads older than the asset's last
# change were judged by a cap that may have been another one.
CAPS = f"""
    WITH {RULE}, side AS (
        SELECT t.id, t.operation_id, t.credit_account_id AS account_id, t.amount_minor AS amount
          FROM tibillet_transfer t
          JOIN tibillet_asset s ON s.id = t.asset_id AND s.load_cap_minor > 0
         UNION ALL
        SELECT t.id, t.operation_id, t.debit_account_id, -t.amount_minor
          FROM tibillet_transfer t
          JOIN tibillet_asset s ON s.id = t.asset_id AND s.load_cap_minor > 0
    ), running AS (
        SELECT side.operation_id, side.account_id, side.amount,
               sum(side.amount) OVER (PARTITION BY side.account_id ORDER BY side.id) AS balance
          FROM side JOIN tibillet_account a ON a.id = side.account_id
         WHERE a.balance_minor IS NOT NULL
    )
    SELECT DISTINCT 'cap', o.id
      FROM running
      JOIN tibillet_account a ON a.id = running.account_id
      JOIN tibillet_asset s ON s.id = a.asset_id
      JOIN tibillet_operation o ON o.id = running.operation_id
      JOIN rule r ON r.code = o.code AND r.capped
     WHERE running.amount > 0 AND running.balance > s.load_cap_minor
       AND o.posted_at >= COALESCE(s.write_date, s.create_date)
       AND NOT EXISTS (SELECT FROM tibillet_hold_line l WHERE l.operation_id = o.id)"""

# Whoever is paid out collides on a row: it is there, and of an account that is a sum.
PAYOUTS = f"""
    WITH {RULE}
    SELECT DISTINCT 'payout', t.debit_account_id
      FROM tibillet_operation o
      JOIN rule r ON r.code = o.code AND r.payout
      JOIN tibillet_transfer t ON t.operation_id = o.id
     WHERE NOT EXISTS (SELECT FROM tibillet_payout p WHERE p.account_id = t.debit_account_id)
     UNION ALL
    SELECT 'payout', p.account_id
      FROM tibillet_payout p JOIN tibillet_account a ON a.id = p.account_id
     WHERE a.balance_minor IS NOT NULL OR p.turns < 1"""

GUARDS = """
    SELECT 'guard', v.name
      FROM (VALUES ('tibillet_operation', 'tibillet_append_only'),
                   ('tibillet_operation', 'tibillet_no_truncate'),
                   ('tibillet_operation', 'tibillet_one_change'),
                   ('tibillet_transfer', 'tibillet_append_only'),
                   ('tibillet_transfer', 'tibillet_no_truncate'),
                   ('tibillet_transfer', 'tibillet_rules'),
                   ('tibillet_hold_line', 'tibillet_rules'),
                   ('tibillet_hold_line', 'tibillet_append_only'),
                   ('tibillet_hold_line', 'tibillet_no_truncate')) v(book, name)
     WHERE NOT EXISTS (SELECT FROM pg_trigger
                        WHERE tgrelid = to_regclass(v.book) AND tgname = v.name
                          AND tgenabled IN ('O', 'A'))
     UNION ALL
    SELECT 'guard', v.name
      FROM (VALUES ('tibillet_account', 'tibillet_account_floor'),
                   ('tibillet_account', 'tibillet_account_floor_is_no_reserve'),
                   ('tibillet_account', 'tibillet_account_held_positive'),
                   ('tibillet_account', 'tibillet_account_all_or_none'),
                   ('tibillet_account', 'tibillet_account_wallet_asset_unique'),
                   ('tibillet_operation', 'tibillet_operation_origin_key_unique'),
                   ('tibillet_operation', 'tibillet_operation_state_known'),
                   ('tibillet_transfer', 'tibillet_transfer_amount_range'),
                   ('tibillet_transfer', 'tibillet_transfer_two_accounts'),
                   ('tibillet_transfer', 'tibillet_transfer_debit_same_asset'),
                   ('tibillet_transfer', 'tibillet_transfer_credit_same_asset'),
                   ('tibillet_hold_line', 'tibillet_hold_line_amount_range'),
                   ('tibillet_hold_line', 'tibillet_hold_line_two_accounts'),
                   ('tibillet_hold_line', 'tibillet_hold_line_debit_same_asset'),
                   ('tibillet_hold_line', 'tibillet_hold_line_credit_same_asset')) v(book, name)
     WHERE NOT EXISTS (SELECT FROM pg_constraint
                        WHERE conrelid = to_regclass(v.book) AND conname = v.name
                          AND convalidated)"""

QUERIES = (SUMS, KEYS, STATES, LINES, CAPTURES, NAMES, CAPS, PAYOUTS, GUARDS)

#: What the ids of a check are; in the order in which a reader wants to see them.
CHECKS = {
    "sum": "tibillet.asset",
    "balance": "tibillet.account",
    "held": "tibillet.account",
    "floor": "tibillet.account",
    "filled": "tibillet.account",
    "rollup": "tibillet.account",
    "merged": "tibillet.account",
    "archived": "tibillet.asset",
    "key": "tibillet.operation",
    "digest": "tibillet.operation",
    "state": "tibillet.operation",
    "dated": "tibillet.operation",
    "early": "tibillet.operation",
    "empty": "tibillet.operation",
    "moved": "tibillet.operation",
    "pending": "tibillet.operation",
    "unheld": "tibillet.operation",
    "captured": "tibillet.operation",
    "crossed": "tibillet.operation",
    "kinds": "tibillet.operation",
    "handed": "tibillet.operation",
    "correction": "tibillet.operation",
    "late": "tibillet.operation",
    "cap": "tibillet.operation",
    "payout": "tibillet.account",
    "guard": False,
    "books": "res.company",
    "mirror": "res.company",
}
