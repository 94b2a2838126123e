-- Append-only: transfers and hold lines never change; an operation changes once, from
-- pending to one final state, and only in the columns that say so.
CREATE OR REPLACE FUNCTION tibillet_guard_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION tibillet_guard_operation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'pending' AND NEW.state IN ('posted', 'voided', 'expired')
       AND to_jsonb(OLD) - '{state,posted_at}'::text[] = to_jsonb(NEW) - '{state,posted_at}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'operation % is final or would change more than its state', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE
    book text;
BEGIN
    FOREACH book IN ARRAY ARRAY['tibillet_transfer', 'tibillet_hold_line', 'tibillet_operation'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS tibillet_append_only ON %I', book);
        EXECUTE format(
            'CREATE TRIGGER tibillet_append_only BEFORE DELETE%s ON %I FOR EACH ROW EXECUTE FUNCTION tibillet_guard_append_only()',
            CASE book WHEN 'tibillet_operation' THEN '' ELSE ' OR UPDATE' END, book);
        EXECUTE format('DROP TRIGGER IF EXISTS tibillet_no_truncate ON %I', book);
        EXECUTE format(
            'CREATE TRIGGER tibillet_no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION tibillet_guard_append_only()',
            book);
    END LOOP;
    DROP TRIGGER IF EXISTS tibillet_one_change ON tibillet_operation;
    CREATE TRIGGER tibillet_one_change BEFORE UPDATE ON tibillet_operation
        FOR EACH ROW EXECUTE FUNCTION tibillet_guard_operation();
END $$;
