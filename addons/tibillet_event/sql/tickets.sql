-- Ticket numbers: gapless per organiser and series, given once, cancelled and never given again.
-- A number is a row that nobody takes away; what it says never changes. The series' own row is
-- updated last in the transaction that gives numbers, so they follow each other without a gap.

CREATE OR REPLACE FUNCTION tibillet_ticket_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE tibillet_ticket_series SET last_number = last_number + 1 WHERE id = NEW.series_id
        RETURNING last_number, company_id, name || '-' || lpad(last_number::text, 6, '0')
             INTO NEW.number, NEW.company_id, NEW.name;
        -- Read when the series is ours: numbers and times go up together.
        NEW.issued_at := tibillet_now();
        NEW.cancelled_at := NULL;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE'
       AND (to_jsonb(NEW) - '{cancelled_at,registration_id,event_id}'::text[])
         = (to_jsonb(OLD) - '{cancelled_at,registration_id,event_id}'::text[])
       AND (OLD.cancelled_at IS NULL OR NEW.cancelled_at = OLD.cancelled_at)
       AND (NEW.registration_id IS NULL OR NEW.registration_id = OLD.registration_id)
       AND (NEW.event_id IS NULL OR NEW.event_id = OLD.event_id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a ticket''s number is neither changed nor taken away' USING
        ERRCODE = 'integrity_constraint_violation', TABLE = 'tibillet_ticket_number',
        CONSTRAINT = 'tibillet_ticket_number_kept';
END $$;

CREATE OR REPLACE TRIGGER tibillet_ticket_guard
    BEFORE INSERT OR UPDATE OR DELETE ON tibillet_ticket_number
    FOR EACH ROW EXECUTE FUNCTION tibillet_ticket_guard();

-- A series that has given numbers keeps its name, its organiser and its count.
CREATE OR REPLACE FUNCTION tibillet_ticket_series_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.last_number := 0;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.last_number = 0 THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.last_number = 0
       OR ((NEW.name, NEW.company_id) = (OLD.name, OLD.company_id)
           AND NEW.last_number IN (OLD.last_number, OLD.last_number + 1)
           AND (NEW.last_number = OLD.last_number OR pg_trigger_depth() > 1)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a series that has given numbers is neither changed nor taken away' USING
        ERRCODE = 'integrity_constraint_violation', TABLE = 'tibillet_ticket_series',
        CONSTRAINT = 'tibillet_ticket_series_kept';
END $$;

CREATE OR REPLACE TRIGGER tibillet_ticket_series_guard
    BEFORE INSERT OR UPDATE OR DELETE ON tibillet_ticket_series
    FOR EACH ROW EXECUTE FUNCTION tibillet_ticket_series_guard();

-- The live number stands on the registration too, for whoever shows it.
CREATE OR REPLACE FUNCTION tibillet_ticket_show() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE event_registration SET tibillet_number = NEW.name WHERE id = NEW.registration_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tibillet_ticket_show
    AFTER INSERT ON tibillet_ticket_number
    FOR EACH ROW EXECUTE FUNCTION tibillet_ticket_show();

-- A place that is given back, or changes its event, date or rate, has its number cancelled; the
-- new one is given when the change stands. Runs after the guard of seats, by its name.
CREATE OR REPLACE FUNCTION tibillet_ticket_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.tibillet_number := NULL;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND COALESCE(NEW.active, true) AND NEW.state IN ('open', 'done')
       AND (OLD.event_id, OLD.event_slot_id, OLD.event_ticket_id)
           IS NOT DISTINCT FROM (NEW.event_id, NEW.event_slot_id, NEW.event_ticket_id) THEN
        IF NEW.tibillet_number IS DISTINCT FROM OLD.tibillet_number THEN
            NEW.tibillet_number := (SELECT n.name FROM tibillet_ticket_number n
                                     WHERE n.registration_id = NEW.id AND n.cancelled_at IS NULL);
        END IF;
        RETURN NEW;
    END IF;
    UPDATE tibillet_ticket_number SET cancelled_at = tibillet_now()
     WHERE registration_id = OLD.id AND cancelled_at IS NULL;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.tibillet_number := NULL;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER tibillet_ticket_follow
    BEFORE INSERT OR DELETE
        OR UPDATE OF state, active, event_id, event_slot_id, event_ticket_id, tibillet_number
    ON event_registration FOR EACH ROW EXECUTE FUNCTION tibillet_ticket_follow();
