-- What an asset is freezes with its first operation, and nobody archives what circulates.
-- The ORM says it first, in a sentence; this binds whoever writes by another way.
CREATE OR REPLACE FUNCTION tibillet_guard_asset() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    frozen text[] := '{code,kind,scale,backed,company_id,currency_id,issuer_wallet_id,unit_value_minor,vat_nature,vat_tax_id}';
    column_name text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.first_at IS NOT NULL THEN
            RAISE EXCEPTION 'asset % has been used and stays', OLD.code USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.first_at IS NOT NULL THEN
        IF NEW.first_at IS DISTINCT FROM OLD.first_at THEN
            RAISE EXCEPTION 'asset %: its first operation stays where it was', OLD.code
                USING ERRCODE = 'restrict_violation';
        END IF;
        FOREACH column_name IN ARRAY frozen LOOP
            IF to_jsonb(OLD) -> column_name IS DISTINCT FROM to_jsonb(NEW) -> column_name THEN
                RAISE EXCEPTION 'asset % has been used: % stays as it is', OLD.code, column_name
                    USING ERRCODE = 'restrict_violation';
            END IF;
        END LOOP;
    END IF;
    IF NEW.backed AND NEW.currency_id IS DISTINCT FROM
            (SELECT currency_id FROM res_company WHERE id = NEW.company_id)
       AND (TG_OP = 'INSERT' OR NEW.currency_id IS DISTINCT FROM OLD.currency_id
            OR NEW.company_id IS DISTINCT FROM OLD.company_id) THEN
        RAISE EXCEPTION 'asset % must count in the currency of its issuer', NEW.code
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.active AND NOT COALESCE(NEW.active, false) THEN
        -- Touching the accounts makes a top-up of the same second collide with the archiving:
        -- either it is seen here, or it runs again and finds the asset archived.
        UPDATE tibillet_account SET held_minor = held_minor
         WHERE asset_id = NEW.id AND balance_minor IS NOT NULL;
        IF EXISTS (SELECT FROM tibillet_account
                    WHERE asset_id = NEW.id AND (balance_minor <> 0 OR held_minor <> 0)) THEN
            RAISE EXCEPTION 'asset % still circulates and cannot be archived', OLD.code
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS tibillet_freeze ON tibillet_asset;
CREATE TRIGGER tibillet_freeze BEFORE INSERT OR UPDATE OR DELETE ON tibillet_asset
    FOR EACH ROW EXECUTE FUNCTION tibillet_guard_asset();

-- Both sides of an acceptance count in one currency, and a signature stands on its terms.
CREATE OR REPLACE FUNCTION tibillet_guard_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asset_row tibillet_asset%ROWTYPE;
BEGIN
    SELECT * INTO asset_row FROM tibillet_asset WHERE id = NEW.asset_id;
    IF asset_row.company_id = NEW.company_id THEN
        RAISE EXCEPTION 'asset % is taken by its own issuer without acceptance', asset_row.code
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF asset_row.currency_id <> (SELECT currency_id FROM res_company WHERE id = NEW.company_id) THEN
        RAISE EXCEPTION 'asset % counts in another currency than company %', asset_row.code, NEW.company_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS tibillet_one_currency ON tibillet_acceptance;
CREATE TRIGGER tibillet_one_currency BEFORE INSERT OR UPDATE OF asset_id, company_id ON tibillet_acceptance
    FOR EACH ROW EXECUTE FUNCTION tibillet_guard_acceptance();

-- A company whose money circulates, or that takes another's, keeps its currency.
CREATE OR REPLACE FUNCTION tibillet_guard_company_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.currency_id IS DISTINCT FROM OLD.currency_id AND (
        EXISTS (SELECT FROM tibillet_asset
                 WHERE company_id = NEW.id AND currency_id = OLD.currency_id AND first_at IS NOT NULL)
        OR EXISTS (SELECT FROM tibillet_acceptance c JOIN tibillet_asset s ON s.id = c.asset_id
                    WHERE c.company_id = NEW.id AND s.currency_id = OLD.currency_id AND c.state <> 'ended')
        OR EXISTS (SELECT FROM tibillet_acceptance c JOIN tibillet_asset s ON s.id = c.asset_id
                    WHERE s.company_id = NEW.id AND s.currency_id = OLD.currency_id AND c.state <> 'ended')) THEN
        RAISE EXCEPTION 'company % issues or takes assets in its currency and keeps it', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS tibillet_keep_currency ON res_company;
CREATE TRIGGER tibillet_keep_currency BEFORE UPDATE OF currency_id ON res_company
    FOR EACH ROW EXECUTE FUNCTION tibillet_guard_company_currency();

-- One row per acceptance and business day on which its place paid somebody back. Whoever
-- refunds updates it first, so that two at once collide instead of reading one sum.
CREATE TABLE IF NOT EXISTS tibillet_refund_day (
    acceptance_id integer NOT NULL REFERENCES tibillet_acceptance (id) ON DELETE CASCADE,
    day           date NOT NULL,
    turns         bigint NOT NULL,
    PRIMARY KEY (acceptance_id, day)
);
CREATE INDEX IF NOT EXISTS tibillet_operation_besides_sales ON tibillet_operation (company_id, posted_at)
    WHERE code <> 'sale';

-- What a place has paid back of an asset since a moment, holds included, corrections taken off.
CREATE OR REPLACE FUNCTION tibillet_refunded_since(of_asset integer, at_company integer, since timestamp)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT COALESCE(sum(amount), 0)::bigint FROM (
        SELECT CASE WHEN w.kind = 'issuer' THEN -t.amount_minor ELSE t.amount_minor END AS amount
          FROM tibillet_operation o
          JOIN tibillet_transfer t ON t.operation_id = o.id AND t.asset_id = of_asset
          JOIN tibillet_account a ON a.id = t.debit_account_id
          JOIN tibillet_wallet w ON w.id = a.wallet_id
          LEFT JOIN tibillet_operation named ON named.id = o.names_id
         WHERE o.company_id = at_company AND o.posted_at >= since
           AND o.code <> 'sale'
           AND (o.code IN ('refund', 'empty')
                OR o.code = 'correct' AND named.code IN ('refund', 'empty') AND named.posted_at >= since)
         UNION ALL
        SELECT l.amount_minor
          FROM tibillet_hold h
          JOIN tibillet_operation o ON o.id = h.operation_id
          JOIN tibillet_hold_line l ON l.operation_id = o.id AND l.asset_id = of_asset
         WHERE o.company_id = at_company AND o.code IN ('refund', 'empty')
           AND h.expires_at > tibillet_now()) paid
$$;

-- What the issuer owes a company's place of an asset: what it took, what it paid back, less what
-- it loaded; negative when the place owes the issuer. The same as the sum of tibillet.debt.line,
-- by keys and roll-ups, for ceilings that are looked at while a customer waits.
CREATE OR REPLACE FUNCTION tibillet_owed_to_place(of_asset integer, at_company integer)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT COALESCE((SELECT sum(tibillet_account_sum(a.id))
                       FROM tibillet_wallet w JOIN tibillet_account a ON a.wallet_id = w.id
                      WHERE w.company_id = at_company AND w.kind IN ('place', 'pool')
                        AND a.asset_id = of_asset), 0)::bigint
         + COALESCE((SELECT sum(CASE WHEN cw.kind = 'issuer' THEN t.amount_minor ELSE -t.amount_minor END)
                       FROM tibillet_operation o
                       LEFT JOIN tibillet_operation named ON named.id = o.names_id AND o.code = 'correct'
                       JOIN tibillet_transfer t ON t.operation_id = o.id AND t.asset_id = of_asset
                                                    AND t.earned IS NOT TRUE
                       JOIN tibillet_asset s ON s.id = t.asset_id AND s.kind <> 'gift'  -- nobody paid it
                       JOIN tibillet_account da ON da.id = t.debit_account_id
                       JOIN tibillet_wallet dw ON dw.id = da.wallet_id
                       JOIN tibillet_account ca ON ca.id = t.credit_account_id
                       JOIN tibillet_wallet cw ON cw.id = ca.wallet_id
                      WHERE o.company_id = at_company AND o.code <> 'sale' AND o.posted_at IS NOT NULL
                        AND COALESCE(named.code, o.code) NOT IN ('settle', 'expire')
                        AND (dw.kind = 'issuer') <> (cw.kind = 'issuer')), 0)::bigint
$$;

-- What stands of an asset on the account of a company's takings.
CREATE OR REPLACE FUNCTION tibillet_taken_by(of_asset integer, at_company integer)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN COALESCE((SELECT sum(tibillet_account_sum(a.id))
                       FROM tibillet_wallet w JOIN tibillet_account a ON a.wallet_id = w.id
                      WHERE w.kind = 'place' AND w.company_id = at_company
                        AND w.partner_id IS NULL AND a.asset_id = of_asset), 0)::bigint;
END $$;

-- What a company owes all others together, each pair netted, and what it owes one of them
-- (negative: is owed). By the accounts of the takings, and by what each acceptance keeps of the
-- rest: a customer waits.
CREATE OR REPLACE FUNCTION tibillet_owed_in_all(by_company integer, to_company integer DEFAULT NULL)
RETURNS TABLE (owed_minor bigint, pair_minor bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT COALESCE(sum(GREATEST(0, pair.net)), 0)::bigint,
           COALESCE(sum(pair.net) FILTER (WHERE pair.other = to_company), 0)::bigint
      FROM (SELECT CASE WHEN s.company_id = by_company THEN c.company_id ELSE s.company_id END AS other,
                   sum(CASE WHEN s.company_id = by_company THEN 1 ELSE -1 END
                       * (c.besides_minor + tibillet_taken_by(c.asset_id, c.company_id))) AS net
              FROM tibillet_acceptance c
              JOIN tibillet_asset s ON s.id = c.asset_id AND (s.backed OR s.kind = 'gift')
              JOIN res_company p ON p.id = by_company AND p.currency_id = s.currency_id
             WHERE by_company IN (s.company_id, c.company_id)
             GROUP BY 1) pair;
END $$;

-- How much more a company may come to owe another one; null without ceiling.
CREATE OR REPLACE FUNCTION tibillet_debtor_room(of_debtor integer, to_creditor integer)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    ceiling bigint := (SELECT tibillet_owed_ceiling_minor FROM res_company WHERE id = of_debtor);
BEGIN
    IF COALESCE(ceiling, 0) = 0 THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT GREATEST(0, ceiling - o.owed_minor) + GREATEST(0, -o.pair_minor)
              FROM tibillet_owed_in_all(of_debtor, to_creditor) o);
END $$;
