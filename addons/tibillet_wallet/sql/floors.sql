-- Overdrafts are granted and withdrawn: what an account was allowed at any time stays known,
-- so that its whole history can be judged, here and from an export.
CREATE TABLE IF NOT EXISTS tibillet_floor_change (
    id          serial PRIMARY KEY,
    account_id  integer NOT NULL REFERENCES tibillet_account (id),
    changed_at  timestamp NOT NULL,
    floor_minor bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS tibillet_floor_change_account ON tibillet_floor_change (account_id);

CREATE OR REPLACE FUNCTION tibillet_note_floor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tibillet_floor_change (account_id, changed_at, floor_minor)
    VALUES (NEW.id, tibillet_now(), NEW.floor_minor);
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS tibillet_floor_set ON tibillet_account;
CREATE TRIGGER tibillet_floor_set AFTER INSERT ON tibillet_account
    FOR EACH ROW WHEN (NEW.floor_minor <> 0) EXECUTE FUNCTION tibillet_note_floor();
DROP TRIGGER IF EXISTS tibillet_floor_changed ON tibillet_account;
CREATE TRIGGER tibillet_floor_changed AFTER UPDATE OF floor_minor ON tibillet_account
    FOR EACH ROW WHEN (OLD.floor_minor IS DISTINCT FROM NEW.floor_minor)
    EXECUTE FUNCTION tibillet_note_floor();
