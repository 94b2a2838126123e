-- A row while an operation is pending and no longer: the live holds, and until when.
CREATE TABLE IF NOT EXISTS tibillet_hold (
    operation_id integer PRIMARY KEY REFERENCES tibillet_operation (id),
    expires_at   timestamp NOT NULL
);
CREATE INDEX IF NOT EXISTS tibillet_hold_expires_at ON tibillet_hold (expires_at);

-- One row per account of a place, pool or peer that was ever paid out. Whoever pays it
-- out updates the row first, so that two at once collide instead of reading one sum.
CREATE TABLE IF NOT EXISTS tibillet_payout (
    account_id integer PRIMARY KEY REFERENCES tibillet_account (id),
    turns      bigint NOT NULL
);

-- Sum of the transfers of an account up to a transfer id: makes long sums short.
CREATE TABLE IF NOT EXISTS tibillet_rollup (
    account_id    integer PRIMARY KEY REFERENCES tibillet_account (id),
    transfer_id   integer NOT NULL,
    balance_minor bigint NOT NULL
);

-- How far the sums reach (done_id), and how far the next run may take them: to next_id, once
-- every transaction that was under way when the mark was set has ended.
CREATE TABLE IF NOT EXISTS tibillet_rollup_mark (
    one_row  boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    done_id  integer NOT NULL,
    next_id  integer NOT NULL,
    next_xid xid8 NOT NULL
);

-- What somebody wrote beside an operation: free text, so it can be erased. The operation
-- itself names wallets and accounts by number only.
CREATE TABLE IF NOT EXISTS tibillet_memo (
    operation_id integer PRIMARY KEY REFERENCES tibillet_operation (id),
    memo         text NOT NULL
);

-- The table of codes (ledger_rules.py), copied at install and at each update: the guards of
-- the database read it.
CREATE TABLE IF NOT EXISTS tibillet_ledger_rule (
    code         text PRIMARY KEY,
    debit_kinds  text[] NOT NULL,
    credit_kinds text[] NOT NULL,
    asset_kinds  text[] NOT NULL,
    supply       integer NOT NULL,
    refundable   boolean NOT NULL,
    earns        integer NOT NULL DEFAULT 0
);
-- A copy that is written anew at each update: nothing moves in it.
ALTER TABLE tibillet_ledger_rule ADD COLUMN IF NOT EXISTS earns integer NOT NULL DEFAULT 0;

-- Every time a migration passed the append-only triggers: when, who, why.
CREATE TABLE IF NOT EXISTS tibillet_guard_passage (
    id        serial PRIMARY KEY,
    passed_at timestamp NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),
    role_name text NOT NULL DEFAULT current_user,
    reason    text NOT NULL CHECK (length(reason) >= 10)
);

-- A transfer and a hold line stay within one asset: both accounts must be of it. (Odoo
-- takes a key that begins with the column and has the same ON DELETE for its own.)
CREATE UNIQUE INDEX IF NOT EXISTS tibillet_account_id_asset ON tibillet_account (id, asset_id);
DO $$
DECLARE
    book text;
    side text;
BEGIN
    FOREACH book IN ARRAY ARRAY['tibillet_transfer', 'tibillet_hold_line'] LOOP
        FOREACH side IN ARRAY ARRAY['debit', 'credit'] LOOP
            IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = book || '_' || side || '_same_asset') THEN
                EXECUTE format(
                    'ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (%I, asset_id) REFERENCES tibillet_account (id, asset_id) ON DELETE RESTRICT',
                    book, book || '_' || side || '_same_asset', side || '_account_id');
            END IF;
        END LOOP;
    END LOOP;
END $$;
