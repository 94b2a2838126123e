-- Places of a shift are counted in its row by every way that writes volunteers: two who take the
-- last one write the same row, and the check on it (tibillet_shift_not_overfull) refuses one.
CREATE OR REPLACE FUNCTION tibillet_shift_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    had boolean := TG_OP <> 'INSERT' AND OLD.state <> 'cancelled';
    has boolean := TG_OP <> 'DELETE' AND NEW.state <> 'cancelled';
BEGIN
    IF had AND (NOT has OR OLD.shift_id <> NEW.shift_id) THEN
        UPDATE tibillet_shift SET taken = taken - 1 WHERE id = OLD.shift_id;
    END IF;
    IF has AND (NOT had OR OLD.shift_id <> NEW.shift_id) THEN
        UPDATE tibillet_shift SET taken = taken + 1 WHERE id = NEW.shift_id;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tibillet_shift_count
    AFTER INSERT OR DELETE OR UPDATE OF state, shift_id
    ON tibillet_shift_volunteer FOR EACH ROW EXECUTE FUNCTION tibillet_shift_count();
