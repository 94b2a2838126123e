-- Time that the database decides. Tests and rehearsals move it with the setting
-- tibillet.clock_offset (an interval); nothing else reads the clock for money.
CREATE OR REPLACE FUNCTION tibillet_now() RETURNS timestamp LANGUAGE sql VOLATILE AS $$
    SELECT (clock_timestamp() AT TIME ZONE 'UTC')
         + COALESCE(NULLIF(current_setting('tibillet.clock_offset', true), '')::interval, interval '0')
$$;
