-- The one door for seats. What may be sold stands in counters: of an event, of a slot, of a rate,
-- of a rate in a slot, of a quota that several rates share. Every registration that takes a seat,
-- whoever writes it, passes the guard below, which moves the counters of what it is for. A seat is
-- one UPDATE of one row: of two who want the last one, the second fails and looks again.

-- What a counter may count to; NULL is without limit. Odoo counts each slot apart.
CREATE OR REPLACE FUNCTION tibillet_seat_capacity(counter tibillet_seat_counter)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN e.is_multi_slots <> (counter.slot_id IS NOT NULL) THEN NULL
        WHEN counter.quota_id IS NOT NULL THEN
            (SELECT q.seats_max FROM tibillet_quota q WHERE q.id = counter.quota_id)
        WHEN counter.ticket_id IS NOT NULL THEN
            (SELECT NULLIF(t.seats_max, 0) FROM event_event_ticket t WHERE t.id = counter.ticket_id)
        WHEN e.seats_limited THEN NULLIF(e.seats_max, 0)
    END
    FROM (SELECT COALESCE(is_multi_slots, false) AS is_multi_slots, seats_limited, seats_max
            FROM event_event WHERE id = counter.event_id) e
$$;

-- The counters of an event as it is now. Who sells at this moment updates the event's own row,
-- as this does: one of the two runs again. Less than is sold is refused by the table.
CREATE OR REPLACE FUNCTION tibillet_seat_sync(p_event integer, p_forgive boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tibillet_seat_counter (event_id, slot_id, ticket_id, quota_id, used, overdrawn)
    SELECT p_event, s.id, k.ticket_id, k.quota_id, 0, 0
      FROM (SELECT NULL::integer AS id
            UNION ALL SELECT id FROM event_slot WHERE event_id = p_event) s
     CROSS JOIN (SELECT NULL::integer AS ticket_id, NULL::integer AS quota_id
                 UNION ALL SELECT id, NULL FROM event_event_ticket WHERE event_id = p_event
                 UNION ALL SELECT NULL, id FROM tibillet_quota WHERE event_id = p_event) k
    ON CONFLICT DO NOTHING;
    UPDATE tibillet_seat_counter SET used = used
     WHERE event_id = p_event AND slot_id IS NULL AND ticket_id IS NULL AND quota_id IS NULL;
    PERFORM tibillet_seat_recount(p_event, p_forgive);
    UPDATE tibillet_seat_counter c
       SET capacity = n.capacity,
           -- More room than before is never refused, even where too many had been sold.
           overdrawn = CASE WHEN p_forgive OR n.capacity >= c.capacity
                            THEN GREATEST(0, c.used - n.capacity) ELSE 0 END
      FROM (SELECT k.id, tibillet_seat_capacity(k) AS capacity
              FROM tibillet_seat_counter k WHERE k.event_id = p_event) n
     WHERE c.id = n.id AND (p_forgive OR c.capacity IS DISTINCT FROM n.capacity);
    PERFORM tibillet_waiting_serve(p_event);
END $$;

-- What is taken, summed up anew from registrations and holds (a rate that joins a quota brings
-- what it has sold; the nightly sweep compares by the same sum).
CREATE OR REPLACE FUNCTION tibillet_seat_taken(p_event integer)
RETURNS TABLE (counter_id integer, taken integer) LANGUAGE sql STABLE AS $$
    WITH seat AS (
        SELECT r.event_slot_id AS slot_id, r.event_ticket_id AS ticket_id,
               t.tibillet_quota_id AS quota_id, 1 AS n
          FROM event_registration r LEFT JOIN event_event_ticket t ON t.id = r.event_ticket_id
         WHERE r.event_id = p_event AND r.tibillet_seated
        UNION ALL
        SELECT h.slot_id, h.ticket_id, t.tibillet_quota_id, h.remaining
          FROM tibillet_seat_hold h LEFT JOIN event_event_ticket t ON t.id = h.ticket_id
         WHERE h.event_id = p_event AND h.remaining > 0
    )
    SELECT c.id, COALESCE(sum(s.n), 0)::integer
      FROM tibillet_seat_counter c
      LEFT JOIN seat s ON (c.slot_id IS NULL OR c.slot_id = s.slot_id)
                      AND (c.ticket_id IS NULL OR c.ticket_id = s.ticket_id)
                      AND (c.quota_id IS NULL OR c.quota_id = s.quota_id)
     WHERE c.event_id = p_event
     GROUP BY c.id
$$;

CREATE OR REPLACE FUNCTION tibillet_seat_recount(p_event integer, p_forgive boolean DEFAULT false)
RETURNS void LANGUAGE sql AS $$
    UPDATE tibillet_seat_counter c
       SET used = s.taken,
           overdrawn = CASE WHEN p_forgive
                            THEN GREATEST(0, s.taken - COALESCE(c.capacity, s.taken))
                            ELSE c.overdrawn END
      FROM tibillet_seat_taken(p_event) s
     WHERE c.id = s.counter_id AND c.used <> s.taken
$$;

-- The counters that one seat moves, in the order in which everybody locks them.
CREATE OR REPLACE FUNCTION tibillet_seat_counters(p_event integer, p_slot integer, p_ticket integer)
RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(c.id ORDER BY c.id) FROM tibillet_seat_counter c
     WHERE c.event_id = p_event
       AND (c.slot_id IS NULL OR c.slot_id = p_slot)
       AND (c.ticket_id IS NULL OR c.ticket_id = p_ticket)
       AND (c.quota_id IS NULL OR c.quota_id = (
               SELECT t.tibillet_quota_id FROM event_event_ticket t WHERE t.id = p_ticket))
$$;

-- Take seats (a positive number) or give them back.
CREATE OR REPLACE FUNCTION tibillet_seat_move(p_counters integer[], p_numbers integer[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    c record;
BEGIN
    FOR c IN
        SELECT k.*, w.n FROM tibillet_seat_counter k
          JOIN (SELECT id, sum(n)::integer AS n
                  FROM unnest(p_counters, p_numbers) AS u (id, n) GROUP BY id) w ON w.id = k.id
         ORDER BY k.id FOR NO KEY UPDATE OF k
    LOOP
        IF c.n > 0 AND c.capacity IS NOT NULL AND c.used + c.n > c.capacity THEN
            RAISE EXCEPTION 'no seat left' USING
                ERRCODE = 'check_violation',
                TABLE = 'tibillet_seat_counter',
                CONSTRAINT = 'tibillet_seat_counter_not_oversold',
                DETAIL = json_build_object(
                    'event_id', c.event_id, 'slot_id', c.slot_id, 'ticket_id', c.ticket_id,
                    'quota_id', c.quota_id, 'wanted', c.n,
                    'left', GREATEST(0, c.capacity - c.used));
        END IF;
        UPDATE tibillet_seat_counter SET used = c.used + c.n WHERE id = c.id;
    END LOOP;
    -- What goes back is for the first in line (waiting.sql), before anybody else sees it.
    -- Later, when who gives them back is about to choose again (``_hold_instead``).
    IF COALESCE(current_setting('tibillet.waiting_later', true), '') = '' THEN
        PERFORM tibillet_waiting_serve(k.event_id)
           FROM (SELECT DISTINCT event_id FROM tibillet_seat_counter
                  WHERE id IN (SELECT id FROM unnest(p_counters, p_numbers) AS u (id, n)
                                GROUP BY id HAVING sum(n) < 0)) k;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION tibillet_seat_move_one(
    p_event integer, p_slot integer, p_ticket integer, p_number integer)
RETURNS void LANGUAGE sql AS $$
    SELECT tibillet_seat_move(ids, array_fill(p_number, ARRAY[cardinality(ids)]))
      FROM (SELECT tibillet_seat_counters(p_event, p_slot, p_ticket) AS ids) s
     WHERE ids IS NOT NULL
$$;

-- Who moves counters of several events locks them all first, in the order of everybody: what ran
-- out goes back in the order in which it was taken, which is another's order of events.
CREATE OR REPLACE FUNCTION tibillet_seat_lock(p_events integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(p_events) > 1 THEN
        PERFORM FROM tibillet_seat_counter WHERE event_id = ANY (p_events)
          ORDER BY id FOR NO KEY UPDATE;
    END IF;
END $$;

-- Give back what ran out: registrations that nobody paid for, seats that nobody came for.
CREATE OR REPLACE FUNCTION tibillet_seat_release(p_events integer[], p_limit integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    h tibillet_seat_hold;
    done integer;
    due integer[];
BEGIN
    SELECT array_agg(DISTINCT event_id) INTO due FROM (
        (SELECT event_id FROM event_registration
          WHERE tibillet_seated AND tibillet_release_at <= tibillet_now()
            AND (p_events IS NULL OR event_id = ANY (p_events))
          ORDER BY id LIMIT p_limit)
        UNION ALL
        (SELECT event_id FROM tibillet_seat_hold
          WHERE remaining > 0 AND hold_until <= tibillet_now()
            AND (p_events IS NULL OR event_id = ANY (p_events))
          ORDER BY id LIMIT p_limit)) d;
    IF due IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM tibillet_seat_lock(due);
    UPDATE event_registration SET tibillet_seated = false
     WHERE id IN (SELECT id FROM event_registration
                   WHERE tibillet_seated AND tibillet_release_at <= tibillet_now()
                     AND event_id = ANY (due)
                   ORDER BY id LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED);
    GET DIAGNOSTICS done = ROW_COUNT;
    FOR h IN
        SELECT * FROM tibillet_seat_hold
         WHERE remaining > 0 AND hold_until <= tibillet_now()
           AND event_id = ANY (due)
         ORDER BY id LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        UPDATE tibillet_seat_hold SET remaining = 0 WHERE id = h.id;
        PERFORM tibillet_seat_move_one(h.event_id, h.slot_id, h.ticket_id, -h.remaining);
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;

-- Hold seats for somebody, all of them or none. One key, one effect: the same key for the same
-- seats answers the first holds, for others nothing (the caller refuses).
CREATE OR REPLACE FUNCTION tibillet_seat_hold_all(p_key text, p_until timestamp, p_lines jsonb)
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    known record;
    ids integer[];
    events integer[];
BEGIN
    SELECT array_agg(h.id ORDER BY h.id) AS ids,
           bool_and(EXISTS (SELECT FROM tibillet_seat_line(p_lines) l
                             WHERE (l.event_id, l.n) = (h.event_id, h.quantity)
                               AND l.slot_id IS NOT DISTINCT FROM h.slot_id
                               AND l.ticket_id IS NOT DISTINCT FROM h.ticket_id)) AS same,
           count(*) AS n
      INTO known FROM tibillet_seat_hold h WHERE h.key = p_key;
    IF known.n > 0 THEN
        IF known.same AND known.n = (SELECT count(*) FROM tibillet_seat_line(p_lines)) THEN
            RETURN known.ids;
        END IF;
        RETURN NULL;
    END IF;
    events := (SELECT array_agg(DISTINCT l.event_id) FROM tibillet_seat_line(p_lines) l);
    PERFORM tibillet_seat_lock(events);
    PERFORM tibillet_seat_release(events, 200);
    PERFORM tibillet_seat_move(array_agg(c), array_agg(l.n))
       FROM tibillet_seat_line(p_lines) l,
            unnest(tibillet_seat_counters(l.event_id, l.slot_id, l.ticket_id)) c;
    WITH written AS (
        INSERT INTO tibillet_seat_hold
               (key, event_id, slot_id, ticket_id, quantity, remaining, hold_until)
        SELECT p_key, l.event_id, l.slot_id, l.ticket_id, l.n, l.n, p_until
          FROM tibillet_seat_line(p_lines) l
        RETURNING id)
    SELECT array_agg(id ORDER BY id) INTO ids FROM written;
    RETURN ids;
END $$;

CREATE OR REPLACE FUNCTION tibillet_seat_line(p_lines jsonb)
RETURNS TABLE (event_id integer, slot_id integer, ticket_id integer, n integer)
LANGUAGE sql IMMUTABLE AS $$
    SELECT event_id, slot_id, ticket_id, sum(n)::integer
      FROM jsonb_to_recordset(p_lines)
        AS l (event_id integer, slot_id integer, ticket_id integer, n integer)
     GROUP BY 1, 2, 3
$$;

-- Keep for the next holder the seats that these registrations gave back in this transaction. They
-- were counted until now: no room is asked for, and one too many stays the one it was.
CREATE OR REPLACE FUNCTION tibillet_seat_keep(p_ids integer[], p_key text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    FOR r IN
        SELECT event_id, event_slot_id, event_ticket_id, count(*)::integer AS n
          FROM event_registration WHERE id = ANY (p_ids) AND NOT tibillet_seated
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    LOOP
        UPDATE tibillet_seat_counter SET used = used + r.n
         WHERE id = ANY (tibillet_seat_counters(r.event_id, r.event_slot_id, r.event_ticket_id));
        INSERT INTO tibillet_seat_hold
               (key, event_id, slot_id, ticket_id, quantity, remaining, hold_until)
        VALUES (p_key, r.event_id, r.event_slot_id, r.event_ticket_id, r.n, r.n,
                tibillet_now() + interval '5 minutes');
    END LOOP;
END $$;

-- Give holds back before their time.
CREATE OR REPLACE FUNCTION tibillet_seat_drop(p_key text)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    h tibillet_seat_hold;
    done integer := 0;
BEGIN
    PERFORM tibillet_seat_lock(
        (SELECT array_agg(DISTINCT event_id) FROM tibillet_seat_hold
          WHERE key = p_key AND remaining > 0));
    FOR h IN SELECT * FROM tibillet_seat_hold
              WHERE key = p_key AND remaining > 0 ORDER BY id FOR NO KEY UPDATE
    LOOP
        UPDATE tibillet_seat_hold SET remaining = 0 WHERE id = h.id;
        PERFORM tibillet_seat_move_one(h.event_id, h.slot_id, h.ticket_id, -h.remaining);
        done := done + h.remaining;
    END LOOP;
    RETURN done;
END $$;

-- The guard. A registration takes a seat unless it is cancelled, archived, or an unconfirmed one
-- whose hold ran out. It finds its seat among those held for it, or takes one.
CREATE OR REPLACE FUNCTION tibillet_seat_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    had boolean := TG_OP <> 'INSERT' AND COALESCE(OLD.tibillet_seated, false);
    wants boolean;
    moved boolean := false;
    until timestamp;
    before integer[];
    after integer[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF had THEN
            PERFORM tibillet_seat_move_one(
                OLD.event_id, OLD.event_slot_id, OLD.event_ticket_id, -1);
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.state IN ('open', 'done') THEN
        NEW.tibillet_hold_until := NULL;
    END IF;
    NEW.tibillet_release_at := CASE WHEN NEW.tibillet_hold_until IS NOT NULL
        THEN GREATEST(NEW.tibillet_release_at, NEW.tibillet_hold_until) END;
    wants := COALESCE(NEW.active, true) AND NEW.state IS DISTINCT FROM 'cancel'
        AND (NEW.tibillet_release_at IS NULL OR NEW.tibillet_release_at > tibillet_now());
    IF had THEN
        moved := (OLD.event_id, OLD.event_slot_id, OLD.event_ticket_id)
            IS DISTINCT FROM (NEW.event_id, NEW.event_slot_id, NEW.event_ticket_id);
        IF moved THEN
            before := tibillet_seat_counters(
                OLD.event_id, OLD.event_slot_id, OLD.event_ticket_id);
        END IF;
        IF NOT wants THEN
            PERFORM tibillet_seat_move_one(
                OLD.event_id, OLD.event_slot_id, OLD.event_ticket_id, -1);
        END IF;
    END IF;
    IF wants AND (moved OR NOT had) THEN
        UPDATE tibillet_seat_hold SET remaining = remaining - 1
         WHERE id = NEW.tibillet_seat_hold_id AND remaining > 0 AND hold_until > tibillet_now()
           AND event_id = NEW.event_id
           AND slot_id IS NOT DISTINCT FROM NEW.event_slot_id
           AND ticket_id IS NOT DISTINCT FROM NEW.event_ticket_id
        RETURNING hold_until INTO until;
        IF NOT FOUND THEN
            after := tibillet_seat_counters(
                NEW.event_id, NEW.event_slot_id, NEW.event_ticket_id);
        ELSIF NEW.tibillet_hold_until IS NOT NULL THEN
            -- The countdown goes on from the choice of the seats, not from the names.
            NEW.tibillet_hold_until := until;
            NEW.tibillet_release_at := until;
        END IF;
        -- One step: who only changes places lets go of nothing that they still need.
        PERFORM tibillet_seat_move(
            COALESCE(before, '{}') || COALESCE(after, '{}'),
            array_fill(-1, ARRAY[COALESCE(cardinality(before), 0)])
                || array_fill(1, ARRAY[COALESCE(cardinality(after), 0)]));
    END IF;
    NEW.tibillet_seated := wants;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER tibillet_seat_guard
    BEFORE INSERT OR DELETE OR UPDATE OF state, active, event_id, event_slot_id, event_ticket_id,
        tibillet_hold_until, tibillet_release_at, tibillet_seated, tibillet_seat_hold_id
    ON event_registration FOR EACH ROW EXECUTE FUNCTION tibillet_seat_guard();

-- Counters follow what is set on events, rates, slots and quotas.
CREATE OR REPLACE FUNCTION tibillet_seat_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'event_event' THEN
        PERFORM tibillet_seat_sync(NEW.id);
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.event_id IS DISTINCT FROM NEW.event_id THEN
        PERFORM tibillet_seat_sync(OLD.event_id);
    END IF;
    IF NEW.event_id IS NOT NULL THEN
        PERFORM tibillet_seat_sync(NEW.event_id);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tibillet_seat_follow
    AFTER INSERT OR UPDATE OF seats_max, seats_limited, is_multi_slots
    ON event_event FOR EACH ROW EXECUTE FUNCTION tibillet_seat_follow();
CREATE OR REPLACE TRIGGER tibillet_seat_follow
    AFTER INSERT OR UPDATE OF seats_max, event_id, tibillet_quota_id
    ON event_event_ticket FOR EACH ROW EXECUTE FUNCTION tibillet_seat_follow();
CREATE OR REPLACE TRIGGER tibillet_seat_follow
    AFTER INSERT OR UPDATE OF event_id
    ON event_slot FOR EACH ROW EXECUTE FUNCTION tibillet_seat_follow();
CREATE OR REPLACE TRIGGER tibillet_seat_follow
    AFTER INSERT OR UPDATE OF seats_max, event_id
    ON tibillet_quota FOR EACH ROW EXECUTE FUNCTION tibillet_seat_follow();
