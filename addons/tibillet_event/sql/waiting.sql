-- The waiting list: seats that go back are handed, in the transaction that gives them back, to
-- the first in line whom they are enough for. Everybody who gives seats back passes
-- tibillet_seat_move or tibillet_seat_sync, and both end here.

-- Who joins, leaves or is served writes the event's own counter first: a transaction that began
-- before and gives a seat back collides, runs again and sees them. One order of locks for all.
CREATE OR REPLACE FUNCTION tibillet_waiting_lock(p_event integer)
RETURNS void LANGUAGE sql AS $$
    UPDATE tibillet_seat_counter SET used = used
     WHERE event_id = p_event AND slot_id IS NULL AND ticket_id IS NULL AND quota_id IS NULL
$$;

-- Until when an offer made now lasts: half a day, an hour from the day of the event on (as its
-- own place reckons days), never past its end. NULL: nothing is offered any more.
CREATE OR REPLACE FUNCTION tibillet_waiting_until(p_event integer, p_slot integer)
RETURNS timestamp LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN w.over > w.now AND w.sold THEN LEAST(w.over, CASE
               WHEN (w.now AT TIME ZONE 'UTC' AT TIME ZONE w.zone)::date
                 >= (w.start AT TIME ZONE 'UTC' AT TIME ZONE w.zone)::date THEN w.now + w.short
               ELSE LEAST(w.now + w.long, GREATEST(w.start, w.now + w.short)) END) END
      FROM (SELECT tibillet_now() AS now,
                   COALESCE(s.start_datetime, e.date_begin) AS start,
                   COALESCE(s.end_datetime, e.date_end) AS over,
                   COALESCE(e.date_tz, 'UTC') AS zone,
                   e.active AND e.kanban_state IS DISTINCT FROM 'cancel' AS sold,
                   make_interval(hours => COALESCE(c.tibillet_waiting_hours, 12)) AS long,
                   make_interval(mins => COALESCE(c.tibillet_waiting_minutes, 60)) AS short
              FROM event_event e
              LEFT JOIN event_slot s ON s.id = p_slot AND s.event_id = e.id
              LEFT JOIN res_company c ON c.id = e.company_id
             WHERE e.id = p_event) w
$$;

-- The rate of which so many seats are free: the one that is asked for, else the first of the event
-- that everybody may buy; 0 is an event without rates, NULL is none.
CREATE OR REPLACE FUNCTION tibillet_waiting_fit(
    p_event integer, p_slot integer, p_ticket integer, p_seats integer)
RETURNS integer LANGUAGE sql VOLATILE AS $$
    SELECT k.id
      FROM (SELECT t.id, t.sequence FROM event_event_ticket t
             WHERE t.event_id = p_event AND t.active
               AND (t.id = p_ticket OR p_ticket IS NULL AND COALESCE(t.tibillet_rights, '') = '')
               AND NOT COALESCE(t.tibillet_invitation, false)
               -- A pass takes a seat in each of its events: nobody waits for all of them at once.
               AND NOT EXISTS (SELECT FROM tibillet_pass_event_rel p WHERE p.ticket_id = t.id)
               AND COALESCE(t.start_sale_datetime <= tibillet_now(), true)
               AND COALESCE(t.end_sale_datetime > tibillet_now(), true)
            UNION ALL
            SELECT 0, 0 WHERE p_ticket IS NULL AND NOT EXISTS (
                   SELECT FROM event_event_ticket t WHERE t.event_id = p_event AND t.active)) k
     WHERE NOT EXISTS (
           SELECT FROM tibillet_seat_counter c
            WHERE c.id = ANY (tibillet_seat_counters(p_event, p_slot, NULLIF(k.id, 0)))
              AND c.used + p_seats > c.capacity)
     ORDER BY k.sequence, k.id LIMIT 1
$$;

-- Hold the seats of one who waits, if they are there; whether they were.
CREATE OR REPLACE FUNCTION tibillet_waiting_offer(p_id integer)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    w tibillet_waiting;
    rate integer;
    until timestamp;
BEGIN
    SELECT * INTO w FROM tibillet_waiting
     WHERE id = p_id AND state = 'waiting' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    rate := tibillet_waiting_fit(w.event_id, w.slot_id, w.ticket_id, w.seats);
    until := tibillet_waiting_until(w.event_id, w.slot_id);
    IF rate IS NULL OR until IS NULL THEN
        RETURN false;
    END IF;
    PERFORM tibillet_seat_move_one(w.event_id, w.slot_id, NULLIF(rate, 0), w.seats);
    INSERT INTO tibillet_seat_hold
           (key, event_id, slot_id, ticket_id, quantity, remaining, hold_until)
    VALUES ('waiting/' || w.id, w.event_id, w.slot_id, NULLIF(rate, 0), w.seats, w.seats, until);
    UPDATE tibillet_waiting
       SET state = 'offered', offered_until = until, offered_ticket_id = NULLIF(rate, 0),
           notice = 'offered'
     WHERE id = w.id;
    RETURN true;
END $$;

-- Serve the line: the first whom the free seats are enough for, until nobody is.
CREATE OR REPLACE FUNCTION tibillet_waiting_serve(p_event integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    first integer;
    done integer := 0;
BEGIN
    LOOP
        -- Whoever wants the same has the same answer: asked once for all of them.
        SELECT g.first INTO first
          FROM (SELECT min(id) AS first, slot_id, ticket_id, seats
                  FROM tibillet_waiting WHERE event_id = p_event AND state = 'waiting'
                 GROUP BY slot_id, ticket_id, seats) g
         WHERE tibillet_waiting_until(p_event, g.slot_id) IS NOT NULL
           AND tibillet_waiting_fit(p_event, g.slot_id, g.ticket_id, g.seats) IS NOT NULL
         ORDER BY g.first LIMIT 1;
        EXIT WHEN first IS NULL;
        EXIT WHEN NOT tibillet_waiting_offer(first);
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;

-- Off the list; seats that were offered go to the next.
CREATE OR REPLACE FUNCTION tibillet_waiting_leave(p_id integer, p_notice text DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    w tibillet_waiting;
BEGIN
    PERFORM tibillet_waiting_lock(event_id) FROM tibillet_waiting WHERE id = p_id;
    UPDATE tibillet_waiting SET state = 'left', notice = p_notice
     WHERE id = p_id AND state IN ('waiting', 'offered') RETURNING * INTO w;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM tibillet_seat_drop('waiting/' || p_id);
    RETURN true;
END $$;

-- An offer of which nothing is left was taken, or its time is over.
CREATE OR REPLACE FUNCTION tibillet_waiting_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    over boolean := NEW.hold_until <= tibillet_now() AND OLD.remaining = NEW.quantity;
BEGIN
    UPDATE tibillet_waiting
       SET state = CASE WHEN over THEN 'expired' ELSE 'taken' END,
           notice = CASE WHEN over THEN 'expired' END
     WHERE id = substr(NEW.key, 9)::integer AND state = 'offered';
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tibillet_waiting_follow
    AFTER UPDATE OF remaining ON tibillet_seat_hold FOR EACH ROW
    WHEN (OLD.remaining > 0 AND NEW.remaining = 0 AND NEW.key ~ '^waiting/[0-9]{1,9}$')
    EXECUTE FUNCTION tibillet_waiting_follow();
