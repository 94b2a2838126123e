-- A pending operation is resolved once: posted with what is captured, or voided.
-- amount NULL captures everything that is held. Answers NULL, or the refusal's code.
-- Points that the sale earns are no part of that amount: of less than was held, their share.
CREATE OR REPLACE FUNCTION tibillet_ledger_capture(op integer, amount bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    now_state text;
    reserved  bigint;
    taken     bigint;
    moment    timestamp := tibillet_now();
BEGIN
    SELECT state INTO now_state FROM tibillet_operation WHERE id = op FOR NO KEY UPDATE;
    IF now_state IS NULL THEN
        RETURN 'invalid';
    END IF;
    SELECT COALESCE(sum(amount_minor), 0) INTO reserved FROM tibillet_hold_line
     WHERE operation_id = op AND earned IS NOT TRUE;
    IF now_state = 'posted' THEN
        SELECT COALESCE(sum(amount_minor), 0) INTO taken FROM tibillet_transfer
         WHERE operation_id = op AND earned IS NOT TRUE;
        RETURN CASE WHEN reserved > 0 AND taken = COALESCE(amount, reserved) THEN NULL ELSE 'hold_resolved' END;
    ELSIF now_state = 'expired' THEN
        RETURN 'hold_expired';
    ELSIF now_state = 'voided' THEN
        RETURN 'hold_resolved';
    ELSIF EXISTS (SELECT FROM tibillet_hold WHERE operation_id = op AND expires_at <= moment) THEN
        RETURN 'hold_expired';
    ELSIF amount <= 0 OR amount > reserved THEN
        RETURN 'invalid';
    END IF;

    PERFORM FROM tibillet_account
      WHERE balance_minor IS NOT NULL AND id IN (
        SELECT unnest(ARRAY[debit_account_id, credit_account_id]) FROM tibillet_hold_line WHERE operation_id = op)
      ORDER BY id FOR NO KEY UPDATE;
    UPDATE tibillet_operation SET state = 'posted', posted_at = moment WHERE id = op;
    DELETE FROM tibillet_hold WHERE operation_id = op;
    -- The first of the cascade is captured first, so the last is released first.
    WITH line AS (
        SELECT l.*, CASE WHEN l.earned THEN l.amount_minor * COALESCE(amount, reserved) / reserved
                    ELSE LEAST(l.amount_minor, GREATEST(0, COALESCE(amount, reserved)
                    - (sum(CASE WHEN l.earned THEN 0 ELSE l.amount_minor END) OVER (ORDER BY l.id)
                       - l.amount_minor))) END AS captured
          FROM tibillet_hold_line l WHERE l.operation_id = op
    ), moved AS (
        INSERT INTO tibillet_transfer (operation_id, asset_id, debit_account_id, credit_account_id, amount_minor, earned)
        SELECT op, asset_id, debit_account_id, credit_account_id, captured, earned FROM line WHERE captured > 0 ORDER BY id
    ), change AS (
        SELECT account, sum(balance) AS balance, sum(held) AS held FROM (
            SELECT debit_account_id AS account, -captured AS balance, -amount_minor AS held FROM line
             UNION ALL
            SELECT credit_account_id, captured, 0 FROM line) c
         GROUP BY account
    )
    UPDATE tibillet_account a
       SET balance_minor = a.balance_minor + c.balance, held_minor = a.held_minor + c.held
      FROM change c WHERE a.id = c.account AND a.balance_minor IS NOT NULL;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tibillet_ledger_void(op integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    now_state text;
BEGIN
    SELECT state INTO now_state FROM tibillet_operation WHERE id = op FOR NO KEY UPDATE;
    IF now_state IS NULL THEN
        RETURN 'invalid';
    ELSIF now_state IN ('voided', 'expired') THEN
        RETURN NULL;   -- the money is free already: nothing left to do
    ELSIF now_state = 'posted' THEN
        RETURN 'hold_resolved';
    END IF;
    PERFORM FROM tibillet_account
      WHERE balance_minor IS NOT NULL
        AND id IN (SELECT debit_account_id FROM tibillet_hold_line WHERE operation_id = op)
      ORDER BY id FOR NO KEY UPDATE;
    UPDATE tibillet_operation SET state = 'voided' WHERE id = op;
    DELETE FROM tibillet_hold WHERE operation_id = op;
    UPDATE tibillet_account a SET held_minor = a.held_minor - freed.amount_minor
      FROM (SELECT debit_account_id, sum(amount_minor) AS amount_minor
              FROM tibillet_hold_line WHERE operation_id = op GROUP BY 1) freed
     WHERE a.id = freed.debit_account_id AND a.balance_minor IS NOT NULL;
    RETURN NULL;
END $$;

-- Prolongs a live hold. Updating its row makes a rival capture, void or expiry collide.
CREATE OR REPLACE FUNCTION tibillet_ledger_renew(op integer, until timestamp) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    now_state text;
    ends      timestamp;
BEGIN
    SELECT state INTO now_state FROM tibillet_operation WHERE id = op FOR NO KEY UPDATE;
    IF now_state IS NULL OR until <= tibillet_now() THEN
        RETURN 'invalid';
    ELSIF now_state = 'expired' THEN
        RETURN 'hold_expired';
    ELSIF now_state <> 'pending' THEN
        RETURN 'hold_resolved';
    END IF;
    SELECT expires_at INTO ends FROM tibillet_hold WHERE operation_id = op;
    IF ends <= tibillet_now() THEN
        RETURN 'hold_expired';
    END IF;
    UPDATE tibillet_hold SET expires_at = GREATEST(expires_at, until) WHERE operation_id = op;
    RETURN NULL;
END $$;
