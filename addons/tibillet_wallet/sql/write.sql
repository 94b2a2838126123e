-- The only statements that move value. Called by tibillet.ledger, which has checked the
-- rules; the guards of the database are checked here and by the table constraints.
--
-- Everything that changes what an account may spend UPDATEs its row: cursors are
-- REPEATABLE READ, so a rival that committed since our snapshot makes us fail with a
-- serialization error (retried by the caller) instead of reading an old sum.

-- Sum of an account without a running balance (place, issuer, pool, peer).
CREATE OR REPLACE FUNCTION tibillet_account_sum(of_account integer) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH base AS (
        SELECT COALESCE(max(transfer_id), 0) AS transfer_id, COALESCE(max(balance_minor), 0) AS balance_minor
          FROM tibillet_rollup WHERE account_id = of_account
    )
    SELECT base.balance_minor
         + COALESCE((SELECT sum(amount_minor) FROM tibillet_transfer
                      WHERE credit_account_id = of_account AND id > base.transfer_id), 0)
         - COALESCE((SELECT sum(amount_minor) FROM tibillet_transfer
                      WHERE debit_account_id = of_account AND id > base.transfer_id), 0)
      FROM base
$$;

-- What is on its way to an account: top-ups that are on hold.
CREATE OR REPLACE FUNCTION tibillet_account_arriving(of_account integer) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT COALESCE(sum(l.amount_minor), 0)::bigint
      FROM tibillet_hold_line l JOIN tibillet_hold h ON h.operation_id = l.operation_id
     WHERE l.credit_account_id = of_account AND h.expires_at > tibillet_now()
$$;

-- Releases the holds that ran out and touch the given accounts (NULL: any), at most
-- so many operations. Answers how many were released.
CREATE OR REPLACE FUNCTION tibillet_ledger_release(accounts integer[], at_most integer DEFAULT 1000)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    due    integer[];
    moment timestamp := tibillet_now();  -- a value: the index on expires_at cannot serve a moving clock
BEGIN
    SELECT array_agg(d.operation_id) INTO due FROM (
        SELECT h.operation_id
          FROM tibillet_hold h
         WHERE h.expires_at <= moment
           AND (accounts IS NULL OR (  -- by operation: few holds are due, an account has many lines
                SELECT true FROM tibillet_hold_line l
                 WHERE l.operation_id = h.operation_id AND l.debit_account_id = ANY(accounts) LIMIT 1))
         ORDER BY h.expires_at
         LIMIT at_most
    ) d;
    IF due IS NULL THEN
        RETURN 0;
    END IF;
    -- Everybody locks operations before accounts, each in id order.
    PERFORM FROM tibillet_operation WHERE id = ANY(due) ORDER BY id FOR NO KEY UPDATE;
    UPDATE tibillet_operation SET state = 'expired' WHERE id = ANY(due) AND state = 'pending';
    PERFORM FROM tibillet_account
      WHERE id IN (SELECT debit_account_id FROM tibillet_hold_line WHERE operation_id = ANY(due))
        AND balance_minor IS NOT NULL
      ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM tibillet_hold WHERE operation_id = ANY(due);
    UPDATE tibillet_account a SET held_minor = a.held_minor - freed.amount_minor
      FROM (SELECT debit_account_id, sum(amount_minor) AS amount_minor
              FROM tibillet_hold_line WHERE operation_id = ANY(due) GROUP BY 1) freed
     WHERE a.id = freed.debit_account_id AND a.balance_minor IS NOT NULL;
    RETURN cardinality(due);
END $$;

-- Writes operations that succeed or fail together.
--   ops:   [{position, origin, key, digest, code, hold_until, occurred_at, company_id, device_seq,
--            card_id, wallet_id, requested_minor, names_id, means, memo, payout}]
--   lines: [{position, debit, credit, asset, amount, held, earned}] in the order of their cascade
-- Answers one row per operation, or only the refusals (then nothing was written).
-- Each connection of Odoo's pool forgets its plans when it is handed out, so every statement
-- here is planned again at each request: what few operations need stands behind a flag.
CREATE OR REPLACE FUNCTION tibillet_ledger_write(ops jsonb, lines jsonb)
RETURNS TABLE (at_position integer, operation_id integer, refusal text, missing bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    seen    integer[];
    known   integer[];
    others  integer[];
    ended   integer[];
    payers  integer[];
    touched integer[];
    holders integer[];
    placed  integer[];
    ids     integer[];
    overdue boolean;
    moment  timestamp := tibillet_now();
BEGIN
    -- One key, one effect: seen before with the same content is answered, other content refused.
    -- LIMIT 1 keeps the planner on the unique index, however small or new the table.
    SELECT COALESCE(array_agg(o.position) FILTER (WHERE t.id IS NOT NULL), '{}'),
           COALESCE(array_agg(t.id) FILTER (WHERE t.id IS NOT NULL), '{}'),
           array_agg(o.position) FILTER (WHERE t.digest <> o.digest),
           array_agg(o.position) FILTER (WHERE t.id IS NULL AND o.hold_until <= moment)
      INTO seen, known, others, ended
      FROM jsonb_to_recordset(ops) o(position integer, origin text, key text, digest text, hold_until timestamp)
      LEFT JOIN LATERAL (
            SELECT id, digest FROM tibillet_operation
             WHERE origin = o.origin AND key = o.key LIMIT 1) t ON true;
    IF others IS NOT NULL THEN
        RETURN QUERY SELECT p, NULL::integer, 'key_conflict', NULL::bigint FROM unnest(others) p;
        RETURN;
    ELSIF ended IS NOT NULL THEN
        RETURN QUERY SELECT p, NULL::integer, 'invalid', NULL::bigint FROM unnest(ended) p;
        RETURN;
    END IF;
    IF cardinality(seen) > 0 THEN
        RETURN QUERY SELECT p, i, NULL::text, NULL::bigint FROM unnest(seen, known) AS u(p, i);
        IF cardinality(seen) = jsonb_array_length(ops) THEN
            RETURN;
        END IF;
    END IF;

    SELECT array_agg(DISTINCT l.debit), array_agg(l.debit) || array_agg(l.credit),
           EXISTS (SELECT FROM tibillet_hold WHERE expires_at <= moment)
      INTO payers, touched, overdue
      FROM jsonb_to_recordset(lines) l(position integer, debit integer, credit integer)
     WHERE NOT l.position = ANY(seen);
    IF overdue THEN
        PERFORM tibillet_ledger_release(payers);
    END IF;

    SELECT array_agg(a.id) INTO holders FROM tibillet_account a
     WHERE a.balance_minor IS NOT NULL AND a.id = ANY(touched);
    -- Limits that look at a whole wallet collide on the whole wallet.
    IF ops @> '[{"watched": true}]' OR ops @> '[{"capped": true}]' THEN
        SELECT array_agg(a.id) INTO holders FROM tibillet_account a
         WHERE a.balance_minor IS NOT NULL AND (a.id = ANY(holders) OR a.wallet_id IN (
                SELECT h.wallet_id FROM tibillet_account h JOIN tibillet_wallet w ON w.id = h.wallet_id
                 WHERE h.id = ANY(holders) AND w.kind = 'card'));
    END IF;
    IF cardinality(holders) > 1 THEN
        PERFORM FROM tibillet_account WHERE id = ANY(holders) ORDER BY id FOR NO KEY UPDATE;
    END IF;

    -- Places, pools and peers: collide on the payout row, then the sum is safe to read.
    IF ops @> '[{"payout": true}]' THEN
        INSERT INTO tibillet_payout (account_id, turns)
            SELECT DISTINCT l.debit, 1
              FROM jsonb_to_recordset(lines) l(position integer, debit integer)
              JOIN jsonb_to_recordset(ops) o(position integer, payout boolean) ON o.position = l.position
             WHERE o.payout AND NOT l.position = ANY(seen)
             ORDER BY 1
            ON CONFLICT (account_id) DO UPDATE SET turns = tibillet_payout.turns + 1;
        RETURN QUERY
            SELECT short.position, NULL::integer, 'insufficient_funds', short.missing::bigint
              FROM (SELECT min(l.position) AS position, sum(l.amount) - tibillet_account_sum(l.debit) AS missing
                      FROM jsonb_to_recordset(lines) l(position integer, debit integer, amount bigint)
                      JOIN jsonb_to_recordset(ops) o(position integer, payout boolean) ON o.position = l.position
                     WHERE o.payout AND NOT l.position = ANY(seen)
                     GROUP BY l.debit) short
             WHERE short.missing > 0;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;

    IF ops @> '[{"capped": true}]' THEN
        RETURN QUERY
            WITH added AS (
                SELECT l.position, l.credit AS account_id, a.wallet_id, s.backed, l.amount
                  FROM jsonb_to_recordset(lines) l(position integer, credit integer, amount bigint)
                  JOIN jsonb_to_recordset(ops) o(position integer, capped boolean) ON o.position = l.position
                  JOIN tibillet_account a ON a.id = l.credit
                  JOIN tibillet_asset s ON s.id = a.asset_id
                 WHERE o.capped AND NOT l.position = ANY(seen)
            ), load AS (
                SELECT b.limit_minor, b.loaded_minor, sum(d.amount) AS amount, min(d.position) AS position
                  FROM tibillet_ledger_loads(touched) b
                  JOIN added d ON CASE b.limit_kind WHEN 'cap' THEN d.account_id = b.account_id
                                  ELSE d.wallet_id = b.wallet_id AND d.backed END
                 GROUP BY b.limit_kind, b.account_id, b.limit_minor, b.loaded_minor
            )
            SELECT position, NULL::integer, 'limit_exceeded', max(loaded_minor + amount - limit_minor)::bigint
              FROM load WHERE loaded_minor + amount > limit_minor GROUP BY position;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;

    -- What the holders may spend. Exact: a rival's change would make the UPDATE below fail.
    RETURN QUERY
        SELECT min(p.position), NULL::integer, 'insufficient_funds',
               (a.floor_minor - a.balance_minor + a.held_minor - sum(l.change))::bigint
          FROM jsonb_to_recordset(lines) p(position integer, debit integer, credit integer, amount bigint, held boolean)
         CROSS JOIN LATERAL (VALUES (p.debit, -p.amount), (p.credit, CASE WHEN p.held THEN 0 ELSE p.amount END)) l(account, change)
          JOIN tibillet_account a ON a.id = l.account
         WHERE a.id = ANY(holders) AND NOT p.position = ANY(seen)
         GROUP BY a.id
        HAVING a.balance_minor - a.held_minor + sum(l.change) < a.floor_minor;
    IF FOUND THEN
        RETURN;
    END IF;

    IF ops @> '[{"first": true}]' THEN
        UPDATE tibillet_asset s SET first_at = used.first_at
          FROM (SELECT l.asset, min(COALESCE(o.occurred_at, moment)) AS first_at
                  FROM jsonb_to_recordset(lines) l(position integer, asset integer)
                  JOIN jsonb_to_recordset(ops) o(position integer, occurred_at timestamp) ON o.position = l.position
                 GROUP BY l.asset) used
         WHERE s.id = used.asset AND s.first_at IS NULL;
    END IF;

    WITH asked AS (
        SELECT * FROM jsonb_to_recordset(ops) o(
            position integer, origin text, key text, digest text, code text, hold_until timestamp,
            occurred_at timestamp, company_id integer, device_seq bigint, card_id integer,
            wallet_id integer, requested_minor bigint, names_id integer, means text)
         WHERE NOT o.position = ANY(seen)
    ), written AS (
        INSERT INTO tibillet_operation (
            origin, key, digest, code, state, occurred_at, posted_at, company_id, device_seq,
            card_id, wallet_id, requested_minor, names_id, means)
        SELECT origin, key, digest, code, CASE WHEN hold_until IS NULL THEN 'posted' ELSE 'pending' END,
               COALESCE(occurred_at, moment), CASE WHEN hold_until IS NULL THEN moment END, company_id,
               device_seq, card_id, wallet_id, requested_minor, names_id, means
          FROM asked ORDER BY position
        ON CONFLICT (origin, key) DO NOTHING
        RETURNING id, origin, key
    ), stands AS (
        SELECT a.position, w.id FROM written w JOIN asked a ON a.origin = w.origin AND a.key = w.key
    ), line AS (
        SELECT l.*, s.id AS operation_id
          FROM jsonb_to_recordset(lines) l(position integer, rank integer, debit integer, credit integer, asset integer, amount bigint, held boolean, earned boolean)
          JOIN stands s ON s.position = l.position
    ), moved AS (
        INSERT INTO tibillet_transfer (operation_id, asset_id, debit_account_id, credit_account_id, amount_minor, earned)
        SELECT operation_id, asset, debit, credit, amount, earned FROM line WHERE NOT held ORDER BY position, rank
    ), change AS (
        SELECT account, sum(balance) AS balance, sum(reserved) AS reserved FROM (
            SELECT debit AS account, CASE WHEN held THEN 0 ELSE -amount END AS balance,
                   CASE WHEN held THEN amount ELSE 0 END AS reserved FROM line
             UNION ALL
            SELECT credit, amount, 0 FROM line WHERE NOT held
             UNION ALL
            SELECT unnest(holders), 0, 0) c
         GROUP BY account
    ), updated AS (
        UPDATE tibillet_account a
           SET balance_minor = a.balance_minor + c.balance, held_minor = a.held_minor + c.reserved
          FROM change c WHERE a.id = c.account AND a.id = ANY(holders)
    )
    SELECT array_agg(position), array_agg(id) INTO placed, ids FROM stands;

    IF lines @> '[{"held": true}]' THEN
        INSERT INTO tibillet_hold_line (operation_id, asset_id, debit_account_id, credit_account_id, amount_minor, earned)
        SELECT s.id, l.asset, l.debit, l.credit, l.amount, l.earned
          FROM jsonb_to_recordset(lines) l(position integer, rank integer, debit integer, credit integer, asset integer, amount bigint, held boolean, earned boolean)
          JOIN unnest(placed, ids) s(position, id) ON s.position = l.position
         WHERE l.held ORDER BY l.position, l.rank;
        INSERT INTO tibillet_hold (operation_id, expires_at)
        SELECT s.id, o.hold_until
          FROM jsonb_to_recordset(ops) o(position integer, hold_until timestamp)
          JOIN unnest(placed, ids) s(position, id) ON s.position = o.position
         WHERE o.hold_until IS NOT NULL;
    END IF;
    IF ops @? '$[*].memo ? (@.type() == "string")' THEN
        INSERT INTO tibillet_memo (operation_id, memo)
        SELECT s.id, o.memo
          FROM jsonb_to_recordset(ops) o(position integer, memo text)
          JOIN unnest(placed, ids) s(position, id) ON s.position = o.position
         WHERE o.memo <> '';
    END IF;
    RETURN QUERY SELECT s.position, s.id, NULL::text, NULL::bigint FROM unnest(placed, ids) s(position, id);
END $$;

-- The same, one operation after the other: a refused one leaves the others alone.
CREATE OR REPLACE FUNCTION tibillet_ledger_write_each(ops jsonb, lines jsonb)
RETURNS TABLE (at_position integer, operation_id integer, refusal text, missing bigint) LANGUAGE plpgsql AS $$
DECLARE
    op jsonb;
BEGIN
    FOR op IN SELECT * FROM jsonb_array_elements(ops) LOOP
        RETURN QUERY SELECT * FROM tibillet_ledger_write(
            jsonb_build_array(op),
            (SELECT jsonb_agg(l) FROM jsonb_array_elements(lines) l WHERE l->'position' = op->'position'));
    END LOOP;
END $$;
