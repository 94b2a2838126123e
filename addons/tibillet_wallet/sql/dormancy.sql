-- What the holder of an account did: how many acts, the last by its own moment and by the
-- ledger's, and the account's first operation. One account at a time, by index, whatever the
-- planner believes of a table that was filled a minute ago.
CREATE OR REPLACE FUNCTION tibillet_account_acts(of_account integer, codes text[])
RETURNS TABLE (acts integer, act_at timestamp, posted_at timestamp, first_at timestamp)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    RETURN QUERY
        SELECT count(*) FILTER (WHERE o.code = ANY(codes))::integer,
               max(o.occurred_at) FILTER (WHERE o.code = ANY(codes)),
               max(o.posted_at) FILTER (WHERE o.code = ANY(codes)),
               min(o.occurred_at)
          FROM (SELECT operation_id FROM tibillet_transfer WHERE debit_account_id = of_account
                 UNION ALL
                SELECT operation_id FROM tibillet_transfer WHERE credit_account_id = of_account) t
          JOIN tibillet_operation o ON o.id = t.operation_id;
END $$;
