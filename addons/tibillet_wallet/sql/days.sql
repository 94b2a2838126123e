-- The business day of a company's place at this moment, as `tibillet.place._business_day`
-- answers it: what is sold at two in the morning belongs to the evening before. Two readings of
-- the wall clock, because the hour that is shown twice in autumn starts a day at its first.
CREATE OR REPLACE FUNCTION tibillet_business_day(of_company integer) RETURNS date LANGUAGE sql STABLE AS $$
    WITH place AS (
        SELECT COALESCE(p.tz, 'Europe/Paris') AS zone,
               round(COALESCE(p.business_day_hour, 4) * 60)::int * interval '1 minute' AS starts,
               timezone('UTC', tibillet_now()) AS moment
          FROM (SELECT 1) one LEFT JOIN tibillet_place p ON p.company_id = of_company
    ), today AS (
        SELECT zone, moment, timezone(zone, moment)::date AS day,
               timezone(zone, moment)::date + starts AS wall
          FROM place
    )
    SELECT day - CASE WHEN moment >= LEAST(timezone(zone, wall),
                                           timezone(zone, wall - interval '1 hour') + interval '1 hour')
                      THEN 0 ELSE 1 END
      FROM today
$$;
