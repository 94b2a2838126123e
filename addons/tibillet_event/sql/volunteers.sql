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

-- A right is taken so many times a day: the number of a use is one of them. (That each is given
-- once is a unique index.)
CREATE OR REPLACE FUNCTION tibillet_day_right_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number < 1 OR NEW.number > (
        SELECT per_day FROM tibillet_day_right WHERE id = NEW.right_id)
    THEN
        RAISE EXCEPTION 'this right is used up' USING
            ERRCODE = 'check_violation', TABLE = 'tibillet_day_right_use',
            CONSTRAINT = 'tibillet_day_right_use_bound';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER tibillet_day_right_bound
    BEFORE INSERT OR UPDATE OF number, right_id
    ON tibillet_day_right_use FOR EACH ROW EXECUTE FUNCTION tibillet_day_right_bound();
