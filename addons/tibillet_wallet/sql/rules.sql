-- What a transfer may link is checked by the database itself, once for each statement that
-- writes transfers or holds: kinds of the code, issuer's side, and that no backed asset
-- passes from person to person (it would leave the exclusion for limited networks).
-- A line that was earned is points of their issuer, given by a sale or taken back by its undo.
CREATE OR REPLACE FUNCTION tibillet_guard_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    IF NOT EXISTS (SELECT FROM new_line) THEN
        RETURN NULL;  -- a statement that wrote none: most write transfers or holds, not both
    END IF;
    -- By key and one at a time: a join of so many tables would cost more to plan than to run.
    SELECT l.operation_id AS id, l.code, (l.asset).code AS asset, (l.debited).kind AS debited,
           (l.credited).kind AS credited
      INTO wrong
      FROM (SELECT n.operation_id, n.earned IS TRUE AS earned,
                   (SELECT code FROM tibillet_operation WHERE id = n.operation_id) AS code,
                   (SELECT s FROM tibillet_asset s WHERE id = n.asset_id) AS asset,
                   (SELECT w FROM tibillet_wallet w WHERE id = (
                        SELECT wallet_id FROM tibillet_account WHERE id = n.debit_account_id)) AS debited,
                   (SELECT w FROM tibillet_wallet w WHERE id = (
                        SELECT wallet_id FROM tibillet_account WHERE id = n.credit_account_id)) AS credited
              FROM new_line n OFFSET 0) l
      LEFT JOIN tibillet_ledger_rule r ON r.code = l.code
     WHERE CASE WHEN l.earned THEN
               (l.asset).kind = 'points'
               AND CASE r.earns WHEN 1 THEN (l.debited).id = (l.asset).issuer_wallet_id
                                            AND (l.credited).kind = ANY(r.debit_kinds)
                                WHEN -1 THEN (l.credited).id = (l.asset).issuer_wallet_id
                                             AND (l.debited).kind = ANY(r.credit_kinds)
                                ELSE false END
           ELSE
               (l.debited).kind = ANY(r.debit_kinds) AND (l.credited).kind = ANY(r.credit_kinds)
               AND (l.asset).kind = ANY(r.asset_kinds)
               AND ((l.asset).refundable OR NOT r.refundable)
               AND CASE r.supply WHEN 1 THEN (l.debited).id = (l.asset).issuer_wallet_id
                                 WHEN -1 THEN (l.credited).id = (l.asset).issuer_wallet_id
                                 ELSE true END
           END IS NOT TRUE
        OR ((l.asset).backed AND (l.debited).kind = 'person' AND (l.credited).kind = 'person'
            AND (l.debited).id <> (l.credited).id)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'operation % (%) does not move % from % to %',
            wrong.id, wrong.code, wrong.asset, wrong.debited, wrong.credited
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    book text;
BEGIN
    FOREACH book IN ARRAY ARRAY['tibillet_transfer', 'tibillet_hold_line'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS tibillet_rules ON %I', book);
        EXECUTE format(
            'CREATE TRIGGER tibillet_rules AFTER INSERT ON %I REFERENCING NEW TABLE AS new_line FOR EACH STATEMENT EXECUTE FUNCTION tibillet_guard_rules()',
            book);
    END LOOP;
END $$;

-- The wallet that holds today what a wallet held: itself, or the last of its mergers.
CREATE OR REPLACE FUNCTION tibillet_surviving(of_wallet integer) RETURNS integer LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain AS (
        SELECT id, merged_into_id FROM tibillet_wallet WHERE id = of_wallet
         UNION ALL
        SELECT w.id, w.merged_into_id FROM chain c JOIN tibillet_wallet w ON w.id = c.merged_into_id
    )
    SELECT id FROM chain WHERE merged_into_id IS NULL
$$;

-- What operations moved, as [[asset, debited wallet, credited wallet, amount]…], by the
-- wallets that hold it today.
CREATE OR REPLACE FUNCTION tibillet_ledger_moved(ops integer[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(jsonb_build_array(t.asset_id, tibillet_surviving(d.wallet_id),
                                       tibillet_surviving(c.wallet_id), t.amount_minor))
      FROM tibillet_transfer t
      JOIN tibillet_account d ON d.id = t.debit_account_id
      JOIN tibillet_account c ON c.id = t.credit_account_id
     WHERE t.operation_id = ANY(ops)
$$;

-- The limits that bind what is loaded on holders' accounts, and what they hold already;
-- top-ups that are on hold count, they will arrive. "cap": one account of a capped asset;
-- "stored": all that a card without a name stores of one currency.
CREATE OR REPLACE FUNCTION tibillet_ledger_loads(accounts integer[])
RETURNS TABLE (limit_kind text, account_id integer, wallet_id integer, asset_id integer,
               limit_minor bigint, loaded_minor bigint) LANGUAGE sql STABLE AS $$
    WITH side AS (
        SELECT a.id, a.wallet_id, a.asset_id, a.balance_minor, w.kind, s.backed, s.currency_id,
               s.load_cap_minor, p.tibillet_stored_limit_minor AS stored_limit_minor
          FROM tibillet_account a
          JOIN tibillet_wallet w ON w.id = a.wallet_id
          JOIN tibillet_asset s ON s.id = a.asset_id
          JOIN res_company p ON p.id = s.company_id
         WHERE a.id = ANY(accounts) AND a.balance_minor IS NOT NULL
    )
    SELECT 'cap', id, wallet_id, asset_id, load_cap_minor::bigint,
           balance_minor + tibillet_account_arriving(id)
      FROM side WHERE load_cap_minor > 0
     UNION ALL
    SELECT 'stored', id, wallet_id, asset_id, stored_limit_minor::bigint,
           (SELECT COALESCE(sum(o.balance_minor + tibillet_account_arriving(o.id)), 0)::bigint
              FROM tibillet_account o JOIN tibillet_asset s ON s.id = o.asset_id
             WHERE o.wallet_id = side.wallet_id AND s.backed AND s.currency_id = side.currency_id)
      FROM side WHERE kind = 'card' AND backed AND stored_limit_minor > 0
$$;
