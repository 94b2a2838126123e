-- What a spend reads. As functions: the ledger's short transactions keep their connection, and
-- with it the plans of what runs in a function; planning these reads costs more than running them.

-- The purses of a wallet in the order in which a company takes them: what each can spend there.
-- money: the kinds of assets that pay prices in the company's currency.
DROP FUNCTION IF EXISTS tibillet_purses(integer, integer, text[]);
CREATE OR REPLACE FUNCTION tibillet_purses(of_wallet integer, at_company integer, money text[])
RETURNS TABLE (account_id integer, asset_id integer, kind varchar, available_minor bigint,
               overdraft_minor bigint, accepted boolean, other_currency boolean, refundable boolean,
               category_ids integer[], place_category_ids integer[], room_minor bigint,
               place_account_id integer, tax_rate numeric) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT operation_id FROM tibillet_hold
         WHERE expires_at <= (SELECT tibillet_now())
    ), purse AS (
        SELECT a.id, a.asset_id, a.floor_minor,
               a.balance_minor - a.held_minor
               + COALESCE((SELECT sum(l.amount_minor) FROM due
                             JOIN tibillet_hold_line l ON l.operation_id = due.operation_id
                            WHERE l.debit_account_id = a.id), 0)::bigint AS own_minor
          FROM tibillet_account a WHERE a.wallet_id = of_wallet
    )
    SELECT a.id, s.id, s.kind, a.own_minor - a.floor_minor,
           a.own_minor - a.floor_minor - GREATEST(0, a.own_minor),
           s.active AND s.frozen_at IS NULL AND (s.company_id = p.id OR c.id IS NOT NULL),
           s.kind = ANY(money) AND s.currency_id IS DISTINCT FROM p.currency_id,
           s.refundable,
           ARRAY(SELECT r.product_category_id FROM product_category_tibillet_asset_rel r
                  WHERE r.tibillet_asset_id = s.id),
           ARRAY(SELECT r.product_category_id FROM product_category_tibillet_acceptance_rel r
                  WHERE r.tibillet_acceptance_id = c.id),
           -- LEAST passes over what is null: no ceiling.
           LEAST(CASE WHEN c.exposure_ceiling_minor > 0
                      THEN GREATEST(0, c.exposure_ceiling_minor - c.besides_minor - COALESCE(
                           tibillet_account_sum(t.id) + tibillet_account_arriving(t.id), 0)) END,
                 CASE WHEN c.id IS NOT NULL
                      THEN tibillet_debtor_room(s.company_id, p.id) END),
           t.id,
           (SELECT x.amount FROM account_tax x WHERE x.id = s.vat_tax_id)
      FROM purse a
      JOIN tibillet_asset s ON s.id = a.asset_id
      JOIN res_company p ON p.id = at_company
      LEFT JOIN tibillet_acceptance c
        ON c.asset_id = s.id AND c.company_id = p.id AND c.state = 'active'
       AND c.contract_date <= tibillet_business_day(c.company_id)
       AND (c.end_date IS NULL OR c.end_date >= tibillet_business_day(c.company_id))
      LEFT JOIN (SELECT o.id, o.asset_id FROM tibillet_account o
                   JOIN tibillet_wallet w ON w.id = o.wallet_id
                  WHERE w.kind = 'place' AND w.company_id = at_company
                    AND w.partner_id IS NULL) t ON t.asset_id = s.id
     WHERE s.kind <> 'claim'
     ORDER BY s.refundable, s.spend_sequence, s.id;
END $$;

-- What the ledger's rules look at, of each account (`Facts` of the ledger, in its order).
DROP FUNCTION IF EXISTS tibillet_account_facts(integer[]);
CREATE OR REPLACE FUNCTION tibillet_account_facts(ids integer[])
RETURNS TABLE (id integer, asset_id integer, balance_minor bigint, held_minor bigint,
               wallet_id integer, kind varchar, frozen boolean, merged boolean, active boolean,
               asset_kind varchar, issuer_wallet_id integer, refundable boolean, expiring boolean,
               asset_frozen boolean, single boolean, first_at timestamp, now timestamp) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT a.id, a.asset_id, a.balance_minor, a.held_minor, a.wallet_id, w.kind, w.frozen,
           w.merged_into_id IS NOT NULL, s.active, s.kind, s.issuer_wallet_id, s.refundable,
           s.expiry_months > 0, s.frozen_at IS NOT NULL, s.vat_nature IS NOT DISTINCT FROM 'single',
           s.first_at, tibillet_now()
      FROM tibillet_account a
      JOIN tibillet_wallet w ON w.id = a.wallet_id
      JOIN tibillet_asset s ON s.id = a.asset_id
     WHERE a.id = ANY(ids);
END $$;

-- Counts one act of a caller, unless it did so many within the window already (`tibillet.rate.limit`).
DROP FUNCTION IF EXISTS tibillet_rate_hit(bytea, integer, double precision);
CREATE OR REPLACE FUNCTION tibillet_rate_hit(of_caller bytea, most integer, seconds double precision)
RETURNS TABLE (allowed boolean, wait_s double precision) LANGUAGE plpgsql AS $$
DECLARE
    hits   bigint;
    oldest timestamptz;
BEGIN
    SELECT count(*), min(latest.at) INTO hits, oldest
      FROM (SELECT h.at FROM tibillet_rate_hit h
             WHERE h.caller = of_caller AND h.at > clock_timestamp() - make_interval(secs => seconds)
             ORDER BY h.at DESC LIMIT most) latest;
    allowed := hits < most;
    wait_s := extract(epoch FROM oldest + make_interval(secs => seconds) - clock_timestamp());
    IF allowed THEN
        INSERT INTO tibillet_rate_hit (caller) VALUES (of_caller);
    END IF;
    RETURN NEXT;
END $$;
